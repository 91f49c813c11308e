"""Readers of cases. Every list starts from `visible_to`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from thudo.accounts.rules import Actor, Scope, may
from thudo.cases import lifecycle
from thudo.cases.lifecycle import STEPS
from thudo.cases.models import Answer, Case, Clock, Escalation, Note

STAFF_ROLES = frozenset({"handler", "head", "duty"})


def scope_of(case: Case) -> Scope:
    """The case as rights see it."""
    return Scope(
        unit=case.unit,
        units=frozenset(case.past_units),
        numbers=frozenset(case.numbers),
        public=case.is_public,
    )


def visible_to(actor: Actor) -> QuerySet[Case]:
    """The cases that `actor` may read (may(actor, "case.read", case) of each is true)."""
    if may(actor, "case.read"):
        return Case.objects.all()
    if not actor.roles & STAFF_ROLES:
        return Case.objects.none()
    held = Q(unit__in=actor.units)
    for unit in actor.units:
        held |= Q(past_units__contains=[unit])
    return Case.objects.filter(held)


def queue_of(actor: Actor) -> QuerySet[Any]:
    """Open cases that the actor's units hold, by what is due first; each with `due_at` and
    `due_kind`: the running clock that ends next."""
    rows = visible_to(actor).filter(unit__in=actor.units).exclude(state__in=lifecycle.CLOSED)
    return with_due(rows).order_by("due_at", "opened_at")


def with_due(rows: QuerySet[Case]) -> QuerySet[Any]:
    """Each case with the running clock that ends next: `due_at`, `due_kind`."""
    running = Clock.objects.filter(case=OuterRef("pk"), due_at__isnull=False).order_by("due_at")
    return rows.annotate(
        due_at=Subquery(running.values("due_at")[:1]),
        due_kind=Subquery(running.values("kind")[:1]),
    )


def triage_queue(actor: Actor, desk: str) -> QuerySet[Any]:
    """Cases whose service or owner the intake desk has to name, longest waiting first."""
    rows = visible_to(actor).filter(unit=desk, state__in=lifecycle.BEFORE_INTAKE)
    return with_due(rows).order_by("due_at", "opened_at")


def check_queue(actor: Actor) -> QuerySet[Any]:
    """Results that wait for the checking desk, by the desk's own clock."""
    rows = visible_to(actor).filter(state=lifecycle.AWAITING_CHECK)
    return with_due(rows).order_by("due_at", "opened_at")


def steps_open_to(actor: Actor, case: Case) -> list[str]:
    """The deeds whose buttons a page shows: the state allows them and the actor may."""
    scope = scope_of(case)
    return [
        deed
        for deed, step in STEPS.items()
        if case.state in step.before and step.act != "clock" and may(actor, step.act, scope)
    ]


def clocks_of(case: Case) -> list[Clock]:
    """All clocks of a case in the order they started."""
    return list(Clock.objects.filter(case=case).order_by("started_at", "pk"))


def notes_of(case: Case, *, public_only: bool) -> list[Note]:
    """What was written on a case, oldest first."""
    notes = Note.objects.filter(case=case).order_by("at")
    return list(notes.filter(is_public=True) if public_only else notes)


def answers_of(case: Case, *, published_only: bool) -> list[Answer]:
    """The results claimed, oldest first."""
    answers = Answer.objects.filter(case=case).order_by("at")
    return list(answers.exclude(published_at=None) if published_only else answers)


def escalations_for(actor: Actor) -> QuerySet[Escalation]:
    """What was reported to the actor's units and nobody there has seen yet."""
    return (
        Escalation.objects.filter(unit__in=actor.units, seen_at=None)
        .select_related("case")
        .order_by("-at")
    )


def similar_cases(case: Case, limit: int = 5) -> list[Case]:
    """Cases of the same service in the same area, newest first: the neighbours to look at."""
    rows = Case.objects.filter(area=case.area, service=case.service).exclude(pk=case.pk)
    return list(rows.order_by("-opened_at")[:limit])


@dataclass(frozen=True, slots=True)
class Load:
    """How many open cases a unit has, and how many of them are overdue."""

    unit: str
    open: int
    overdue: int


def loads(at: datetime) -> list[Load]:
    """Open and overdue cases per unit, worst first. Overdue: the promised instant is over and the
    petitioner is not asked for anything, as the public figures count it."""
    late = Q(promised_at__lt=at) & ~Q(state=lifecycle.AWAITING_SUPPLEMENT)
    rows = (
        Case.objects.exclude(state__in=lifecycle.CLOSED)
        .values("unit")
        .annotate(open=Count("pk"), overdue=Count("pk", filter=late))
    )
    found = [Load(r["unit"], r["open"], r["overdue"]) for r in rows]
    return sorted(found, key=lambda load: (-load.overdue, -load.open, load.unit))


def overdue_kinds(cases: Iterable[UUID]) -> dict[UUID, set[str]]:
    """For each of these cases the kinds of its clocks that are over and not stopped."""
    found: dict[UUID, set[str]] = {}
    rows = Clock.objects.filter(case__in=list(cases), stopped_at=None).exclude(overdue_at=None)
    for case, kind in rows.values_list("case", "kind"):
        found.setdefault(case, set()).add(kind)
    return found
