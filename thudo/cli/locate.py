"""`thudo locate`: the place a text speaks of, from the pack's files; no database."""

import argparse
import csv
import gc
import json
import sys
from pathlib import Path
from typing import TextIO

from thudo.base.keeper.accounts import KeeperError
from thudo.directory.rules.locating import Candidate, Gazetteer, locate
from thudo.packs.rules.gazette import sources

# Less sure than this, a point is asked for.
SURE = 0.5


def run(args: argparse.Namespace) -> int:
    """One text for people or as JSON, or a table of texts."""
    if (args.text is None) == (args.file is None):
        raise KeeperError("Give either a text or --file IN.csv.")
    if not (args.city / "city.toml").is_file():
        raise KeeperError(f"There is no city pack in {args.city}.")
    # Nothing that is made now is let go before the end.
    gc.disable()
    gazetteer = Gazetteer(sources(args.city))
    if args.file is not None:
        _table(gazetteer, args.file, sys.stdout)
    elif args.json:
        print(json.dumps(_answer(gazetteer, args.text), ensure_ascii=False, indent=1))
    else:
        _tell(gazetteer, locate(gazetteer, args.text))
    return 0


def _table(gazetteer: Gazetteer, path: Path, out: TextIO) -> None:
    """A line for each line; raises KeeperError when the file is not such a table."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise KeeperError(f"{path}: {fault}") from None
    rows = csv.DictReader(text.splitlines(keepends=True))
    if not {"id", "text"} <= set(rows.fieldnames or ()):
        raise KeeperError(f"{path} needs the columns id and text.")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "ward_code", "lon", "lat", "confidence"])
    for row in rows:
        best = next(iter(locate(gazetteer, row["text"] or "", 1)), None)
        told = _fields(gazetteer, best) if best else ["", "", "", ""]
        writer.writerow([row["id"], *told])


def _fields(gazetteer: Gazetteer, best: Candidate) -> list[str]:
    ward = gazetteer.rows[best.ward].official
    return [ward, f"{best.longitude:.6f}", f"{best.latitude:.6f}", f"{best.confidence:.3f}"]


def _answer(gazetteer: Gazetteer, text: str) -> dict[str, object]:
    found = locate(gazetteer, text)
    return {
        "text": text,
        "asks_for_point": not found or found[0].confidence < SURE,
        "candidates": [
            {
                "ward_code": gazetteer.rows[one.ward].official,
                "ward": gazetteer.rows[one.ward].full,
                "lon": one.longitude,
                "lat": one.latitude,
                "confidence": one.confidence,
                "precision": one.precision,
                "found": one.found,
            }
            for one in found
        ],
    }


def _tell(gazetteer: Gazetteer, found: list[Candidate]) -> None:
    if not found:
        print("No place of the city is named there.")
    elif found[0].confidence < SURE:
        print("Not sure: a point on the map is needed. Possible:")
    for one in found:
        ward = gazetteer.rows[one.ward]
        print(
            f"{one.confidence:4.2f}  {ward.official}  {ward.full}  "
            f"{one.latitude:.5f},{one.longitude:.5f}  {one.precision}  {one.found}"
        )
