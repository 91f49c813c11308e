"""Figures that follow the journal."""

from uuid import UUID

from thudo.journal.followers import follows
from thudo.journal.rules import JournalEntry
from thudo.operations import actions
from thudo.operations.queries.reckoning import cases_of


@follows("case.*", "petition.*", name=actions.FOLLOWER)
def count_cases(entries: list[JournalEntry]) -> None:
    """Count again the cases that something happened to, as they are by now."""
    about: dict[str, set[UUID]] = {"case": set(), "petition": set()}
    for entry in entries:
        if entry.subject.kind in about:
            about[entry.subject.kind].add(UUID(entry.subject.id))
    actions.reckon(about["case"] | cases_of(about["petition"]))
