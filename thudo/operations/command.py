"""`thudo figures ...`: the figures kept for pages, checked or counted anew."""

import argparse
import time
from typing import Any

ACTS = {
    "check": "count every case beside the kept figures; ends with 1 when any differs",
    "count": "count promises due by now; everything where that was never done, or by another formula",
    "rebuild": "count everything anew",
}


def add_arguments(subparsers: Any) -> None:
    """The subcommands."""
    for act, text in ACTS.items():
        subparsers.add_parser(act, help=text, description=text)


def run(args: argparse.Namespace) -> int:
    """One act."""
    from thudo.base.clock import now
    from thudo.operations import actions

    began = time.monotonic()
    if args.act == "check":
        return _check()
    if args.act == "rebuild":
        actions.rebuild(at=now())
        print(f"Every case counted in {time.monotonic() - began:.1f} s.")
    else:
        while actions.advance(at=now()):
            pass
    return 0


def _check() -> int:
    from thudo.base.clock import now
    from thudo.operations import actions
    from thudo.operations.queries import reckoning

    differences = actions.check(at=now(), pause=lambda: time.sleep(1))
    cells = reckoning.cells()
    print(f"{cells} cells are kept; {differences} differ from a count of every case.")
    return 1 if differences else 0
