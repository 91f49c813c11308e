"""`thudo django`: Django's own commands, with database and keys in place."""

import argparse

from thudo.cli import place


def run(args: argparse.Namespace) -> int:
    """Pass everything after `django` on."""
    from django.core.management import execute_from_command_line

    with place.entered(args):
        execute_from_command_line(["thudo django", *args.tail])
    return 0
