"""The invented city lives on while it is shown (THUDO_DEMO), and gets its past."""

import logging
import subprocess
import sys

from django.conf import settings

from thudo.base.clock import now
from thudo.base.loops import loop
from thudo.simulation import actions

_log = logging.getLogger(__name__)


@loop(seconds=12.0)
def live_on() -> None:
    """One thing happens every twelve seconds, in the demonstration only."""
    if settings.DEMO:
        actions.live_on(at=now())


@loop(seconds=20.0)
def fill_past() -> None:
    """Ninety days of history in a process of its own: it keeps the tables in its memory, which
    the threads of this one must not see. It ends by itself when this process is gone."""
    past = actions.past() if settings.DEMO else None
    if past is None or past.is_whole:
        return
    command = [sys.executable, "-m", "thudo", "simulate", "past"]
    with subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.PIPE, text=True, cwd=settings.BASE_DIR
    ) as process:
        for line in process.stdout or ():
            _log.info("%s", line.strip())
    if process.returncode:
        _log.warning("filling the past ended with status %s", process.returncode)
