"""A caller as the clerk sees him: his open petitions, what may be judged, his last place."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from thudo.accounts.rules import Actor
from thudo.cases.lifecycle import JUDGED
from thudo.cases.models import Answer, Case
from thudo.cases.queries import visible_to
from thudo.desks.models import Callback
from thudo.desks.queries.phone import caller_hash
from thudo.desks.queries.rows import Row, grouped, row_of
from thudo.petitions.models import Petition, Verdict
from thudo.petitions.queries.callers import petitions_of_phone

_RECENT = timedelta(days=60)
_MOST = 8


@dataclass(frozen=True, slots=True)
class CallersCase:
    """One case of a caller; `number`: the petition's; `may_judge`: its result has no verdict yet."""

    row: Row
    number: str
    may_judge: bool


@dataclass(frozen=True, slots=True)
class LastPlace:
    """Where the caller's last petition pointed."""

    place: str
    longitude: float | None
    latitude: float | None


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. `cases`: the open ones first, then results of the last 60 days."""

    phone: str
    count: int
    cases: list[CallersCase]
    last: LastPlace | None
    callback: Callback | None


def caller_of(phone: str, *, actor: Actor, at: datetime) -> Caller:
    """What is known of a number; the deed look_up_caller journals that it was asked."""
    petitions = list(petitions_of_phone(phone)[:50])
    placed = next((one for one in petitions if one.place), None)
    waiting = Callback.objects.filter(phone_hash=caller_hash(phone), ended_at=None).first()
    return Caller(
        phone, len(petitions), _cases(petitions, actor, at), _last(placed) if placed else None,
        waiting,
    )  # fmt: skip


def _last(petition: Petition) -> LastPlace:
    return LastPlace(petition.place, petition.longitude, petition.latitude)


def _cases(petitions: list[Petition], actor: Actor, at: datetime) -> list[CallersCase]:
    number_of = {one.pk: one.number for one in petitions}
    rows = grouped(visible_to(actor).filter(links__petition__in=number_of), at)
    found = [case for case in rows.distinct() if case.closed_at is None or _is_recent(case, at)]
    found.sort(key=lambda case: (case.closed_at is not None, -case.opened_at.timestamp()))
    judged = _judged(found, petitions)
    told = []
    for case in found[:_MOST]:
        number = next((n for n in case.numbers if n in number_of.values()), case.label)
        told.append(CallersCase(row_of(case, at), number, case.pk in judged))
    return told


def _is_recent(case: Case, at: datetime) -> bool:
    return case.closed_at is not None and case.closed_at > at - _RECENT


def _judged(cases: list[Case], petitions: list[Petition]) -> set[object]:
    """Those whose published result none of these petitions has judged."""
    ended = [case.pk for case in cases if case.state in JUDGED]
    answers = Answer.objects.filter(case__in=ended).exclude(published_at=None)
    latest = {one.case_id: one.pk for one in answers.order_by("published_at")}
    given = set(
        Verdict.objects.filter(petition__in=petitions, answer__in=latest.values()).values_list(
            "answer", flat=True
        )
    )
    return {case for case, answer in latest.items() if answer not in given}
