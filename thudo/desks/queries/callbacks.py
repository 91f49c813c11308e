"""Who waits to be called, and which verdicts another clerk still asks for."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from thudo.accounts.models import User
from thudo.accounts.rules import Actor
from thudo.desks.models import AnsweredQuestion, Callback, PhoneVerdict
from thudo.desks.queries.rows import service_name
from thudo.desks.rules import DUE, HELD_AT_MOST
from thudo.petitions.models import Verdict


@dataclass(frozen=True, slots=True)
class Waiting:
    """One call-back as the list shows it; `clerk`: who has it, "" nobody; `is_mine`: this actor."""

    id: UUID
    tail: str
    since: datetime
    attempts: int
    tried_at: datetime | None
    clerk: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Check:
    """A verdict to be asked for again; `is_own`: this actor took it down and may not check it."""

    id: UUID
    number: str
    service: str
    value: str
    taken_at: datetime
    is_own: bool


def waiting_callers(actor: Actor, at: datetime) -> list[Waiting]:
    """All who wait, the longest first; those nobody reached yet come after the untried ones."""
    rows = list(Callback.objects.filter(ended_at=None).order_by("attempts", "since")[:200])
    names = _names({row.taken_by for row in rows})
    # Who took it long ago and said nothing does not keep it from the others.
    left = {row.pk for row in rows if row.taken_at and row.taken_at <= at - HELD_AT_MOST}
    return [
        Waiting(
            row.pk, row.tail, row.since, row.attempts, row.tried_at,
            "" if row.pk in left else names.get(row.taken_by, row.taken_by),
            row.taken_by == actor.key,
        )
        for row in rows
    ]  # fmt: skip


def checks_due(actor: Actor) -> list[Check]:
    """Verdicts drawn for a check call, the oldest first."""
    rows = PhoneVerdict.objects.filter(check_state=DUE).select_related("verdict__petition")
    return [_check(row, row.verdict, actor) for row in rows.order_by("taken_at")[:100]]


def answered_since(since: datetime) -> dict[str, int]:
    """code -> how often each question was answered since an instant."""
    rows = AnsweredQuestion.objects.filter(at__gte=since)
    return dict(rows.values_list("code").annotate(n=Count("id")))


def verdicts_by_phone(since: datetime) -> dict[str, int]:
    """How many verdicts were taken by telephone since an instant, and what the checks found."""
    rows = PhoneVerdict.objects.filter(taken_at__gte=since)
    return rows.aggregate(
        taken=Count("pk"),
        confirmed=Count("pk", filter=Q(check_state="confirmed")),
        differs=Count("pk", filter=Q(check_state="differs")),
    )


def _check(row: PhoneVerdict, verdict: Verdict, actor: Actor) -> Check:
    petition = verdict.petition
    return Check(
        row.pk, petition.number, service_name(petition.service), verdict.value, row.taken_at,
        row.clerk == actor.key,
    )  # fmt: skip


def _names(keys: set[str]) -> dict[str, str]:
    ids = [int(key.removeprefix("user:")) for key in keys if key.removeprefix("user:").isdigit()]
    return {f"user:{user.pk}": user.display_name for user in User.objects.filter(pk__in=ids)}
