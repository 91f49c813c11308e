"""The program `thudo`. Commands load what they need when they run, so that --help is quick."""

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from thudo.base.env import SettingMissing
from thudo.base.keeper.accounts import KeeperError

ROOT = Path(__file__).resolve().parents[2]

# Slices whose command.py brings subcommands of its own: add_arguments(subparsers), run(args).
DELEGATED = {
    "advisories": (
        "thudo.advisories.command",
        "announcements from a table: advisories load FILE.csv",
    ),
    "channels": ("thudo.channels.command", "the other doors: channels import FILE.csv"),
    "figures": (
        "thudo.operations.command",
        "the kept figures beside a count of every case: figures check|rebuild",
    ),
    "key": ("thudo.accounts.command", "let another system in: key issue NAME"),
    "map": ("thudo.packs.command.map", "import an OpenStreetMap extract: map import FILE.osm.pbf"),
    "pack": ("thudo.packs.command.pack", "check a city pack, or load it: pack check|load DIR"),
    "simulate": ("thudo.simulation.command", "invented people at work: simulate seed|run"),
}
COMMANDS = {
    "up": "start everything: database, pages, streams, background work, one address",
    "prepare": "bring the database up to date: tables, pack, demo data",
    "migrate": "bring the tables up to date",
    "work": "run the background loops",
    "dump": "write database and files into one file",
    "restore": "read such a file into an empty database",
    "database": "hold the embedded server and print its URL, until Ctrl-C",
    "evaluate": "measure the classifier on labelled petitions: evaluate FILE.jsonl [--json]",
    "locate": "find the place a text speaks of: locate TEXT [--json], or locate --file IN.csv",
    "learn": "learn a new classifier; a worse one is refused: learn [--add FILE.jsonl]",
    "django": "run a management command of Django",
}
# Commands that are Django's inside: their options are parsed there.
MANAGED = ("evaluate", "learn")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; refusals become a sentence on stderr and status 1."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        return _run(words)
    except (KeeperError, SettingMissing) as error:
        print(f"thudo: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print(file=sys.stderr)
    return 1


def _run(words: list[str]) -> int:
    if words[:1] and words[0] in MANAGED:
        words = ["django", *words]
    # Django reads a tail of its own; argparse would take its options for ours.
    own, tail = (words[:1], words[1:]) if words[:1] == ["django"] else (words, [])
    parser, module = _parser(own)
    args = parser.parse_args(own)
    if module is not None:
        from thudo.cli import place

        with place.entered(args):
            return int(module.run(args) or 0)
    args.tail = tail
    run: Callable[[argparse.Namespace], int] = importlib.import_module(
        f"thudo.cli.{args.command}"
    ).run
    return run(args)


def _parser(words: Sequence[str]) -> tuple[argparse.ArgumentParser, ModuleType | None]:
    parser = argparse.ArgumentParser(
        prog="thudo", description="Software with which a capital city keeps its word."
    )
    parser.add_argument("--version", action="version", version=f"thudo {_version()}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    places = _place_options()
    for name, summary in COMMANDS.items():
        _add_own(
            name, commands.add_parser(name, help=summary, description=summary, parents=[places])
        )
    module = None
    for name, (path, summary) in DELEGATED.items():
        command = commands.add_parser(name, help=summary, description=summary, parents=[places])
        if name in words[:1]:
            module = _load(path, words)
            module.add_arguments(
                command.add_subparsers(dest="act", required=True, metavar="ACT", parser_class=_Act)
            )
    return parser, module


class _Act(argparse.ArgumentParser):
    """A delegated subcommand: takes --data and --pack too, else keeps what stood before it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(parents=[_place_options(keeps=True)], **options)


def _place_options(*, keeps: bool = False) -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    for flag, name, variable, default, summary in (
        ("--data", "data", "THUDO_DATA", ROOT / "var", "folder of database, files, keys and logs"),
        ("--pack", "city", "THUDO_PACK", ROOT / "packs" / "hanoi", "the city"),
    ):
        value = Path(os.environ.get(variable, default))
        options.add_argument(
            flag, dest=name, type=Path, metavar="DIR",
            default=argparse.SUPPRESS if keeps else value,
            help=f"{summary} ({variable}; default: {str(value).replace('%', '%%')})",
        )  # fmt: skip
    return options


def _add_own(name: str, parser: argparse.ArgumentParser) -> None:
    if name in {"up", "prepare"}:
        parser.add_argument("--empty", action="store_true", help="load no demo data")
    if name == "up":
        parser.add_argument(
            "--host", default="127.0.0.1", help="listen here (default: %(default)s)"
        )
        parser.add_argument("--port", type=int, default=8000, help="default: %(default)s")
        parser.add_argument(
            "--tls", action="store_true", help="HTTPS, with a certificate authority of its own"
        )
        parser.add_argument("--dev", action="store_true", help="restart when a source file changes")
    if name == "work":
        parser.add_argument("--only", metavar="NAME", help="one loop, as journal.jobs.sequence")
    if name == "locate":
        parser.add_argument("text", nargs="?", help="an address, or a sentence that holds one")
        parser.add_argument("--json", action="store_true", help="all candidates, as one object")
        parser.add_argument(
            "--file", type=Path, metavar="CSV",
            help="columns id,text; writes id,ward_code,lon,lat,confidence, empty when not known",
        )  # fmt: skip
    if name in {"dump", "restore"}:
        parser.add_argument("file", type=Path, metavar="FILE")
    if name == "restore":
        parser.add_argument("--force", action="store_true", help="replace what is there")


def _load(path: str, words: Sequence[str]) -> ModuleType:
    """The command module of a slice; it may import models, so Django is set up first."""
    from thudo.cli import place

    place.set_up_django(_place_options().parse_known_args(words[1:])[0])
    return importlib.import_module(path)


def _version() -> str:
    from thudo import __version__

    return __version__
