"""`thudo advisories load FILE.csv`: announcements of a unit from a table, each once."""

import argparse
import csv
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from thudo.advisories.rules import Content, Words

COLUMNS = (
    "external_id", "kind", "about", "title_vi", "title_en", "text_vi", "text_en", "instruction_vi",
    "instruction_en", "areas", "streets", "services", "lon", "lat", "radius", "begins_at",
    "ends_at", "severity", "certainty", "source_name", "source_url", "source_at",
)  # fmt: skip
NEEDED = ("external_id", "kind", "about", "title_vi", "begins_at", "source_name")


def add_arguments(subparsers: Any) -> None:
    """The subcommand's arguments."""
    told = "publish or amend the advisories of a CSV file; a row that is wrong stops none of the others"
    parser = subparsers.add_parser(
        "load", help=told, description=f"{told}. Columns: {', '.join(COLUMNS)}. Lists hold ';'."
    )
    parser.add_argument("file", type=Path, metavar="FILE.csv")
    parser.add_argument("--unit", required=True, help="code of the unit that announces them")


def run(args: argparse.Namespace) -> int:
    """Load the file: how many rows were kept, and a line for each that was not."""
    from thudo.accounts.rules import HANDLER, Actor
    from thudo.advisories.actions import keep_advisory
    from thudo.base.clock import now
    from thudo.base.errors import Refused

    actor = Actor("command", frozenset({HANDLER}), frozenset({args.unit}))
    kept, wrong = 0, 0
    with args.file.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if missing := [name for name in NEEDED if name not in (reader.fieldnames or ())]:
            print(f"thudo: {args.file} lacks the columns {', '.join(missing)}", file=sys.stderr)
            return 1
        for number, row in enumerate(reader, 2):
            at = now()
            try:
                keep_advisory(
                    content_of(row, at), unit=args.unit, external_id=row["external_id"] or "",
                    origin=("file", args.file.name), actor=actor, at=at,
                )  # fmt: skip
                kept += 1
            except (Refused, ValueError) as refused:
                wrong += 1
                print(f"{args.file.name}:{number}: {_told(refused)}", file=sys.stderr)
    print(f"{kept} advisories kept, {wrong} rows refused.")
    return 1 if wrong else 0


def content_of(row: dict[str, str | None], at: datetime) -> Content:
    """A row of the table. Raises ValueError for an instant or a number that is none."""
    said = {name: (value or "").strip() for name, value in row.items() if name}
    if not said.get("external_id"):
        raise ValueError("external_id is empty: a second load would announce it twice")
    begins_at = _instant(said["begins_at"])
    if begins_at is None:
        raise ValueError("begins_at is empty")
    point = (said.get("lon", ""), said.get("lat", ""))
    return Content(
        kind=said["kind"], about=said["about"], title=_words(said, "title"),
        text=_words(said, "text"), instruction=_words(said, "instruction"),
        areas=_list(said.get("areas", "")), streets=_list(said.get("streets", "")),
        services=_list(said.get("services", "")), begins_at=begins_at,
        ends_at=_instant(said.get("ends_at", "")),
        geometry={"type": "Point", "coordinates": [float(one) for one in point]} if all(point) else None,
        radius=int(said["radius"]) if said.get("radius") else None,
        severity=said.get("severity") or "unknown", certainty=said.get("certainty") or "unknown",
        source_name=said["source_name"], source_url=said.get("source_url", ""),
        source_at=_instant(said.get("source_at", "")) or at,
    )  # fmt: skip


def _words(said: dict[str, str], name: str) -> Words:
    return {language: said.get(f"{name}_{language}", "") for language in ("vi", "en")}


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _instant(text: str) -> datetime | None:
    """ISO 8601; without a zone it is the city's."""
    from thudo.base.phrases import city_zone

    if not text:
        return None
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=city_zone())


def _told(refused: Exception) -> str:
    fields = getattr(refused, "fields", {})
    return f"{refused} " + "; ".join(f"{name}: {told}" for name, told in fields.items())
