"""`thudo work`."""

import argparse

from thudo.cli import place


def run(args: argparse.Namespace) -> int:
    """Run the background loops until told to stop."""
    with place.entered(args):
        from thudo.base import loops

        return loops.work(args.only)
