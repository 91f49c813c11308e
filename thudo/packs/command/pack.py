"""The command line's `thudo pack check DIR` and `thudo pack load DIR`."""

import argparse
import sys
from datetime import datetime
from pathlib import Path

from thudo.base.clock import now
from thudo.packs.rules.check import judged

MOST_SHOWN = 200


def add_arguments(acts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Two acts on a folder: check and load."""
    for act, summary in (("check", "judge a pack and load nothing"), ("load", "check and load")):
        command = acts.add_parser(act, help=summary, description=summary)
        command.add_argument("folder", type=Path, metavar="DIR", help="the folder with city.toml")


def run(args: argparse.Namespace) -> int:
    """0 when the pack is sound (and loaded); 1 with one line a problem otherwise."""
    return {"check": _check, "load": _load}[args.act](args.folder, now())


def _check(folder: Path, at: datetime) -> int:
    problems, pack, cells = judged(folder, at.date())
    for problem in problems[:MOST_SHOWN]:
        sys.stdout.write(f"{folder / problem.file}:{problem.line}: {problem.sentence}\n")
    if len(problems) > MOST_SHOWN:
        sys.stdout.write(f"... and {len(problems) - MOST_SHOWN} more\n")
    if problems:
        return 1
    sys.stdout.write(
        f"{folder}: sound. {len(pack.areas)} areas, {len(pack.units)} units, "
        f"{len(pack.services)} services, {len(cells)} cells of authority with one winner each, "
        f"{len(pack.places)} places.\n"
    )
    return 0


def _load(folder: Path, at: datetime) -> int:
    # Only a load needs Django and a database.
    from thudo.packs.actions.load import NoPack, PackRefused, load_pack

    try:
        loaded = load_pack(folder, actor="system", at=at)
    except PackRefused as refused:
        for problem in refused.problems[:MOST_SHOWN]:
            sys.stderr.write(f"{folder / problem.file}:{problem.line}: {problem.sentence}\n")
        return 1
    except NoPack as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    said = "loaded" if loaded.changed else "is loaded already"
    sys.stdout.write(f"{folder} {said} (version {loaded.version_id}).\n")
    return 0
