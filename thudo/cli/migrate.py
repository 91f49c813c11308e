"""`thudo migrate`."""

import argparse

from thudo.cli import place


def run(args: argparse.Namespace) -> int:
    """Apply the migrations that are missing."""
    from django.core.management import call_command

    with place.entered(args):
        call_command("migrate", interactive=False)
    return 0
