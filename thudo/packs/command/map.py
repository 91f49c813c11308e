"""The command line's `thudo map import FILE.osm.pbf`."""

import argparse
import sys
import time
from pathlib import Path

from thudo.base.clock import now


def add_arguments(acts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """One act on a file: import."""
    summary = "show roads, water and places of an OpenStreetMap extract"
    command = acts.add_parser("import", help=summary, description=summary)
    command.add_argument("file", type=Path, metavar="FILE", help="an .osm.pbf that holds the city")


def run(args: argparse.Namespace) -> int:
    """0 when the extract is on the map; 1 with a sentence otherwise, and nothing changed."""
    from thudo.directory.queries import PackNotLoaded
    from thudo.packs.actions.extract import ExtractRefused, import_extract

    begun = time.monotonic()
    try:
        import_extract(args.file, actor="system", at=now(), progress=_say)
    except (ExtractRefused, PackNotLoaded) as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    _say(f"{args.file.name} is on the map, after {time.monotonic() - begun:.0f} s.")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
