"""Background doors of files."""

from thudo.base.clock import now
from thudo.base.loops import loop
from thudo.files import actions

_HOUR = 3600


@loop(seconds=600)
def sweep_drafts() -> None:
    """What nobody sent within a week, and uploads that expired."""
    actions.sweep_drafts(at=now())
    actions.sweep_uploads(at=now())


@loop(seconds=_HOUR)
def sweep_orphans() -> None:
    """One folder an hour: all of them in eleven days."""
    at = now()
    actions.sweep_orphans(int(at.timestamp()) // _HOUR, at=at)
