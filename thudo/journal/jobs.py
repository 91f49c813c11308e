"""What the worker does for the journal, without end."""

from thudo.base.loops import loop
from thudo.journal import actions, followers


@loop(seconds=0.03)
def sequence() -> None:
    """Give positions until nothing waits."""
    while actions.sequence_entries() == actions.BATCH:
        pass


@loop(seconds=0.1)
def deliver() -> None:
    """Bring every follower up to date."""
    while followers.deliver_all():
        pass
