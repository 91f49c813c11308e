"""`thudo channels`: import another system's petitions, let Zalo's account in."""

import argparse
import sys
from pathlib import Path
from typing import Any


def add_arguments(subparsers: Any) -> None:
    """The subcommands' arguments."""
    told = (
        "import petitions of the app that people know (docs/reference/channels.md has the columns)"
    )
    parser = subparsers.add_parser("import", help=told, description=told)
    parser.add_argument("file", type=Path, metavar="FILE.csv")
    parser.add_argument("--json", action="store_true", help="print one object")
    told = "read a refresh token of the Zalo account from standard input and keep it sealed"
    subparsers.add_parser("zalo", help=told, description=told)


def run(args: argparse.Namespace) -> int:
    """Run one of them; 1 when a row was left out."""
    return _import(args) if args.act == "import" else _zalo()


def _import(args: argparse.Namespace) -> int:
    import json

    from thudo.base.clock import now
    from thudo.base.errors import Refused
    from thudo.base.phrases import city_zone
    from thudo.channels.actions import import_past
    from thudo.channels.rules import APP
    from thudo.channels.rules.history import Unreadable, rows

    counts, wrong = {"imported": 0, "known": 0, "left": 0}, []
    with args.file.open(encoding="utf-8-sig", newline="") as file:
        try:
            for line, past in rows(file, city_zone()):
                try:
                    if isinstance(past, Unreadable):
                        raise past
                    done = import_past(past, APP, at=now())
                    counts["imported" if done.is_new else "known"] += 1
                except (Unreadable, Refused) as why:
                    counts["left"] += 1
                    wrong.append({"line": line, "why": _why(why)})
        except Unreadable as why:
            print(f"{args.file}: {why}", file=sys.stderr)
            return 1
    if args.json:
        print(json.dumps({**counts, "rows": wrong}, ensure_ascii=False))
    else:
        for one in wrong:
            print(f"line {one['line']}: {one['why']}", file=sys.stderr)
        print(", ".join(f"{count} {what}" for what, count in counts.items()))
    return 1 if counts["left"] else 0


def _why(why: Exception) -> str:
    fields = getattr(why, "fields", {})
    return " ".join(dict.fromkeys(fields.values())) or str(why)


def _zalo() -> int:
    from thudo.base.clock import now
    from thudo.channels.actions import keep_tokens
    from thudo.channels.rules import ZALO
    from thudo.connectors.zalo import Tokens

    token = sys.stdin.readline().strip()
    if not token:
        print("Give the refresh token on standard input.", file=sys.stderr)
        return 1
    # No access token yet: the first message to be sent renews it.
    keep_tokens(ZALO, Tokens("", token, 0), at=now())
    print("Kept.")
    return 0
