"""`thudo simulate seed`: invented people and petitions for the demonstration."""

import argparse
import sys
from typing import Any


def add_arguments(subparsers: Any) -> None:
    """The subcommand's arguments."""
    for act, summary in (("seed", "invented people and petitions"), ("people", "people only")):
        parser = subparsers.add_parser(act, help=summary, description=summary)
        parser.add_argument("--count", type=int, default=150, help="petitions (default 150)")


def run(args: argparse.Namespace) -> int:
    """Seed once; prints progress."""
    from thudo.base.clock import now
    from thudo.simulation import actions

    at = now()
    people = actions.register_people(at=at)
    if args.act == "people":
        print(f"{people} invented people registered.")
        return 0
    count = actions.seed(args.count, at=at, tell=lambda done: _tell(done, args.count))
    print(f"\r{people} invented people, {count} invented petitions.    ")
    return 0


def _tell(done: int, count: int) -> None:
    if sys.stdout.isatty() or done % 50 == 0:
        print(f"\r  {done} of {count} invented petitions", end="", flush=True)
