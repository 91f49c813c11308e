"""What the worker does for the journal, without end."""

from thudo.base.loops import loop
from thudo.journal import actions, followers


@loop(seconds=0.03)
def sequence() -> bool:
    """Give positions to what was committed."""
    return actions.sequence_entries() == actions.BATCH


@loop(seconds=0.1)
def deliver() -> bool:
    """Bring every follower a batch further."""
    return followers.deliver_all() > 0
