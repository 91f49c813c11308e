"""The invented city lives on while it is shown (THUDO_DEMO), and gets its past."""

import subprocess
import sys
import time

from django.conf import settings

from thudo.base.clock import now
from thudo.base.loops import loop
from thudo.simulation import actions

_BEGAN = time.monotonic()
# The start comes first.
_FIRST_SECONDS = 30.0
_children: list[subprocess.Popen[bytes]] = []


@loop(seconds=12.0)
def live_on() -> None:
    """One thing happens every twelve seconds, in the demonstration only."""
    if settings.DEMO:
        actions.live_on(at=now())


@loop(seconds=60.0)
def announce() -> None:
    """Invented advisories and questions are always some: planned, running, over."""
    if settings.DEMO:
        at = now()
        actions.announce(at=at)
        actions.consult(at=at)


@loop(seconds=120.0)
def visit() -> None:
    """Invented visitors book hours of citizen reception, and are received."""
    if settings.DEMO and time.monotonic() - _BEGAN > _FIRST_SECONDS:
        actions.visit(at=now())


@loop(seconds=20.0)
def fill_past() -> None:
    """Ninety days of history in a process of its own: it keeps the tables in its memory, which
    the threads of this one must not see. It ends by itself when this process is gone."""
    past = actions.past() if settings.DEMO else None
    if past is None or past.is_whole or time.monotonic() - _BEGAN < _FIRST_SECONDS:
        return
    if _children and _children[-1].poll() is None:
        return
    command = [sys.executable, "-m", "thudo", "simulate", "past"]
    # It tells its progress in this process's log.
    _children[:] = [subprocess.Popen(command, cwd=settings.BASE_DIR)]  # noqa: S603
