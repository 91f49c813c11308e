"""Background doors of the figures."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from thudo.base.clock import now
from thudo.base.loops import loop
from thudo.operations import actions

# The hour of the city's night in which every case is counted anew.
NIGHT = 2


@loop(seconds=3)
def advance_figures() -> bool:
    """Count the promises that fell due."""
    return actions.advance(at=now())


@loop(seconds=3600)
def check_figures() -> None:
    """Once a night: the kept figures beside a count of every case."""
    if _is_night(at := now()):
        actions.check(at=at)


def _is_night(at: datetime) -> bool:
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).hour == NIGHT
