"""The invented city lives on while it is shown (THUDO_DEMO)."""

from django.conf import settings

from thudo.base.clock import now
from thudo.base.loops import loop
from thudo.simulation import actions


@loop(seconds=12.0)
def live_on() -> None:
    """One thing happens every twelve seconds, in the demonstration only."""
    if settings.DEMO:
        actions.live_on(at=now())
