"""`thudo simulate ...`: an invented city, plainly marked: its past, its day, or a million petitions."""

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

ACTS = {
    "seed": "invented people and the last days' petitions",
    "people": "invented people only",
    "history": "a past of petitions, written in bulk into a database without petitions",
    "bulk": "a million petitions for measuring: one week's lives in every week",
    "live": "a day at a chosen speed, by real deeds, until Ctrl-C",
    "past": "go on filling the demonstration's past (the worker runs this)",
}


def add_arguments(subparsers: Any) -> None:
    """The subcommands' arguments."""
    parsers = {
        act: subparsers.add_parser(act, help=text, description=text) for act, text in ACTS.items()
    }
    for act in ("seed", "people"):
        parsers[act].add_argument("--count", type=int, default=150, help="petitions (default 150)")
    for act, petitions in (("history", 20_000), ("bulk", 1_000_000)):
        parsers[act].add_argument("--days", type=int, default=90)
        parsers[act].add_argument("--petitions", type=int, default=petitions)
        parsers[act].add_argument("--seed", type=int, help="default: that of demo/units.toml")
        parsers[act].add_argument("--jobs", type=int, default=2, help="processes (default 2)")
        parsers[act].add_argument("--force", action="store_true", help="beside other petitions too")
    parsers["live"].add_argument("--speed", type=float, default=60.0, help="default 60")
    parsers["live"].add_argument("--petitions", type=int, default=260, help="filings a day")
    parsers["live"].add_argument("--seconds", type=float, help="stop after so many")


def run(args: argparse.Namespace) -> int:
    """One act; refusals of writing beside real petitions become a sentence."""
    from thudo.base.errors import Refused

    acts: dict[str, Callable[[argparse.Namespace], int]] = {
        "seed": _seed, "people": _people, "history": _bulk, "bulk": _bulk, "live": _live,
        "past": _past,
    }  # fmt: skip
    try:
        return acts[args.act](args)
    except Refused as refusal:
        print(f"thudo: {refusal}", file=sys.stderr)
        return 1


def _people(args: argparse.Namespace) -> int:
    from thudo.base.clock import now
    from thudo.simulation import actions

    print(f"{actions.register_people(at=now())} invented people registered.")
    return 0


def _seed(args: argparse.Namespace) -> int:
    from thudo.base.clock import now
    from thudo.simulation import actions

    at = now()
    people = actions.register_people(at=at)
    count = actions.seed(args.count, at=at, tell=lambda done: _tell(f"{done} invented petitions"))
    print(f"\r{people} invented people, {count} invented petitions.    ")
    return 0


def _bulk(args: argparse.Namespace) -> int:
    from thudo.base.clock import now
    from thudo.simulation import actions, queries

    seed = queries.seed() if args.seed is None else args.seed
    kind = actions.Repeated if args.act == "bulk" else actions.Plan
    plan = kind(queries.world(), args.petitions, args.days, now(), seed)
    began = time.monotonic()
    petitions, entries = actions.write_in_bulk(
        plan, jobs=args.jobs, force=args.force, tell=_progress(began)
    )
    seconds = time.monotonic() - began
    print(
        f"\r{petitions} invented petitions with {entries} journal entries in {seconds:.0f} s"
        f" (CPU {_cpu():.0f} s of {args.jobs} processes, peak {_peak():.0f} MB each, seed {seed})."
    )
    return 0


def _progress(began: float) -> Callable[[int, int], None]:
    def tell(petitions: int, entries: int) -> None:
        seconds = max(time.monotonic() - began, 0.001)
        _tell(f"{petitions} petitions, {entries} entries, {petitions / seconds:.0f} a second")

    return tell


def _live(args: argparse.Namespace) -> int:
    from thudo.base.clock import now
    from thudo.simulation import actions, queries

    day = actions.LiveDay(queries.world(), speed=args.speed, petitions=args.petitions, at=now())
    ends = time.monotonic() + args.seconds if args.seconds else None
    while ends is None or time.monotonic() < ends:
        pause = day.turn(at=now())
        _tell(f"{day.filed} filed, {day.steps} steps, {day.refused} refused")
        time.sleep(min(max(pause, 0.05), 1.0))
    print()
    return 0


def _past(args: argparse.Namespace) -> int:
    from thudo.simulation import actions

    # Written beside the pages, never before them; ends with the worker that began it.
    os.nice(15)
    parent = os.getppid()
    while os.getppid() == parent and (progress := actions.fill_past()) is not None:
        print(f"{progress.done} of {progress.petitions} petitions of the past", flush=True)
    return 0


def _tell(text: str) -> None:
    if sys.stdout.isatty():
        print(f"\r  {text}    ", end="", flush=True)


def _cpu() -> float:
    """Seconds of this process and its children."""
    used = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def _peak() -> float:
    """The largest resident memory of one of them, in MB."""
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(who).ru_maxrss for who in both) / 1024
