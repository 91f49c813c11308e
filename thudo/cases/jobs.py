"""Background doors of cases."""

from thudo.base.clock import now
from thudo.base.loops import loop
from thudo.cases import actions

BATCH = 100


@loop(seconds=1.0)
def sweep_clocks() -> None:
    """Fire what is due, batch by batch, so that no transaction stays open over a second."""
    while actions.fire_due_clocks(at=now(), limit=BATCH) == BATCH:
        pass
