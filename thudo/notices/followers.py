"""What the journal tells to those who follow."""

from thudo.journal.followers import follows
from thudo.journal.rules import JournalEntry
from thudo.notices import actions


@follows("case.*", "petition.*", "advisory.*", "consultation.*")
def notices(entries: list[JournalEntry]) -> None:
    """Decide who is to hear of these entries."""
    actions.decide_notices(entries)
