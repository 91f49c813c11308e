"""The checking desk: results that wait, on the desk's own clock, and why each is checked."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from thudo.accounts.rules import Actor
from thudo.cases.models import Answer
from thudo.cases.queries import check_queue
from thudo.desks.queries.rows import Row, grouped, row_of, short
from thudo.directory.queries import unit_name


@dataclass(frozen=True, slots=True)
class Claim:
    """A result that waits for the check."""

    row: Row
    outcome: str
    why: str
    unit: str
    due: str
    is_late: bool


def claims_for(actor: Actor, at: datetime) -> list[Claim]:
    """All that wait, by the desk's own clock."""
    cases = list(grouped(check_queue(actor), at).order_by("due_at", "opened_at")[:200])
    waiting = Answer.objects.filter(case__in=cases, check_result="", published_at=None)
    answers = {answer.case_id: answer for answer in waiting.order_by("at")}
    found = [(row_of(case, at), answers.get(case.pk)) for case in cases]
    return [_claim(row, answer, at) for row, answer in found if answer]


def why_words(why: str) -> str:
    """Why a result is read before it goes out."""
    return {
        "refusal": _("Proposed not to be taken"),
        "urgent": _("Urgent"),
        "recheck": _("After a re-check"),
        "flagged": _("Flagged"),
        "drawn": _("Drawn at random"),
    }.get(why, "")


def outcome_words(outcome: str) -> str:
    """What the unit claims."""
    return {
        "resolved": _("Resolved"),
        "answered": _("Answered, not resolved yet"),
        "refused": _("Not to be taken"),
        "upheld": _("The result stands"),
    }.get(outcome, outcome)


def _claim(row: Row, answer: Answer, at: datetime) -> Claim:
    due = row.due_at
    return Claim(
        row=row,
        outcome=outcome_words(answer.outcome),
        why=why_words(answer.why_checked),
        unit=unit_name(answer.unit),
        due=short(due, at) if due else "",
        is_late=bool(due and due <= at),
    )
