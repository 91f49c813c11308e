"""`thudo up --dev`: a changed source file restarts what runs it."""

import time
from collections.abc import Callable

from thudo.base.supervisor import Supervisor
from thudo.cli import ROOT, progress

_SECONDS = 0.5
_RESTARTED = ("web", "live", "worker")


def restarts(supervisor: Supervisor) -> Callable[[], None]:
    """A tick that restarts pages, streams and work when Python or templates changed."""
    seen = _newest()
    next_look = time.monotonic()

    def tick() -> None:
        nonlocal seen, next_look
        if time.monotonic() < next_look:
            return
        next_look = time.monotonic() + _SECONDS
        newest = _newest()
        if newest != seen:
            seen = newest
            supervisor.restart(_RESTARTED)
            progress.say("source changed: started again")

    return tick


def _newest() -> tuple[int, int]:
    """(number of source files, newest change in nanoseconds)."""
    files = [
        path.stat().st_mtime_ns
        for pattern in ("*.py", "*.html", "*.po", "*.toml")
        for path in (ROOT / "thudo").rglob(pattern)
    ]
    return len(files), max(files)
