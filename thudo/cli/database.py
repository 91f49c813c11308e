"""`thudo database`."""

import argparse
import signal

from thudo.cli import place


def run(args: argparse.Namespace) -> int:
    """Hold the server until Ctrl-C."""
    with place.database(args.data, args.city) as url:
        print(url, flush=True)
        signal.pause()
    return 0
