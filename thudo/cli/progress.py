"""Lines that say what has been done and when, counted from the start of the first program."""

import os
import time

_SINCE = "THUDO_SINCE"


def begin() -> None:
    """Start counting, here and in the programs started from here."""
    os.environ.setdefault(_SINCE, str(time.monotonic()))


def say(words: str) -> None:
    """One line: seconds since the start, then the words."""
    since = float(os.environ.get(_SINCE, time.monotonic()))
    print(f"{time.monotonic() - since:6.1f} s  {words}", flush=True)
