"""What follows from decisions and may lag: letters to the organisations that filed."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from thudo.accounts.rules import CLOCK
from thudo.cases.models import Answer, Case
from thudo.journal.followers import follows
from thudo.journal.rules import JournalEntry
from thudo.petitions.actions.letters import Decision, issue_letter
from thudo.petitions.models import ORGANISATION, Petition
from thudo.petitions.queries.letters import ACKNOWLEDGEMENT, ANSWER, has_letters


@follows("case.accepted", "case.answered", "case.answer_approved", name="petitions.issue_letters")
def issue_letters(entries: list[JournalEntry]) -> None:
    """An acknowledgement when the unit has taken the case in, an answer once it is published."""
    if not has_letters():
        return
    about = {UUID(entry.subject.id) for entry in entries}
    asking = Petition.objects.filter(
        links__case__in=about, petitioner__kind=ORGANISATION
    ).values_list("links__case", flat=True)
    organised = {str(pk) for pk in asking}
    for entry in entries:
        if entry.subject.id in organised:
            _tell(Case.objects.get(pk=entry.subject.id), entry)


def _tell(case: Case, entry: JournalEntry) -> None:
    for decision, decided_at in _decisions(case, entry):
        for petition in Petition.objects.filter(
            links__case=case, petitioner__kind=ORGANISATION
        ).order_by("filed_at", "pk"):
            issue_letter(petition, case, decision, actor=CLOCK, at=decided_at)


def _decisions(case: Case, entry: JournalEntry) -> Iterator[tuple[Decision, datetime]]:
    if entry.action == "case.accepted":
        promise = case.promises.filter(made_at__lte=entry.at).order_by("-made_at", "-pk").first()
        yield (
            Decision(
                ACKNOWLEDGEMENT, str(entry.data["unit"]),
                str(entry.data["changed"].get("post") or case.post), entry.actor,
                promised_at=promise.due_at if promise else case.promised_at,
            ),
            entry.at,
        )  # fmt: skip
        return
    for answer in Answer.objects.filter(case=case).exclude(published_at=None).order_by("at"):
        decided = Decision(ANSWER, answer.unit, answer.post, answer.actor, answer=answer.pk)
        yield decided, answer.published_at or answer.at
