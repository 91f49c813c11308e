"""Background doors of the figures."""

import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from thudo.base.clock import now
from thudo.base.loops import loop
from thudo.operations import actions
from thudo.operations.queries import reckoning as queries

# The hour of the city's night in which every case is counted anew.
NIGHT = 2
REST = timedelta(hours=20)


@loop(seconds=3)
def advance_figures() -> bool:
    """Count the promises that fell due."""
    return actions.advance(at=now())


@loop(seconds=600)
def check_figures() -> None:
    """Once a night: the kept figures beside a count of every case."""
    at = now()
    if _is_night(at) and queries.checked_before(at - REST):
        actions.check(at=at, pause=lambda: time.sleep(1))


def _is_night(at: datetime) -> bool:
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).hour == NIGHT
