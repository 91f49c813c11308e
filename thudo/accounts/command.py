"""`thudo key issue`: a key with which another system may call the doors for machines."""

import argparse
from typing import Any

# What a key may be given; accounts.rules.ACTS says what each of them opens.
# "limits:none": its requests are not counted (benchmarks, the city's own gateways).
SCOPES = ("petitions:file", "petitions:read", "advisories:write", "limits:none")


def add_arguments(subparsers: Any) -> None:
    """The subcommand's arguments."""
    told = "issue a key to another system; its secret is printed once and kept as a hash"
    parser = subparsers.add_parser("issue", help=told, description=told)
    parser.add_argument("name", help="whose key it is, for the journal and for those who ask later")
    parser.add_argument(
        "--scope", action="append", choices=SCOPES,
        help="what it may do; may be given twice (default: petitions:file)",
    )  # fmt: skip
    parser.add_argument("--unit", default="", help="code of the unit whose system it is")


def run(args: argparse.Namespace) -> int:
    """Issue the key; prints its secret."""
    from thudo.accounts.actions import issue_key
    from thudo.base.clock import now

    scopes = list(dict.fromkeys(args.scope or SCOPES[:1]))
    key, secret = issue_key(args.name, scopes=scopes, unit=args.unit, actor="command", at=now())
    print(f"Key {key.pk} for {key.name}, {', '.join(scopes)}. It is shown only now:\n{secret}")
    return 0
