"""What was reported to the next level, and how much each unit has to do."""

from dataclasses import dataclass
from datetime import datetime

from thudo.accounts.rules import Actor, may
from thudo.cases.models import Case, Escalation
from thudo.cases.queries import escalations_for, loads
from thudo.desks.queries.clocks import clock_words
from thudo.desks.queries.rows import Row, grouped, row_of
from thudo.directory.queries import post_title, unit_name


@dataclass(frozen=True, slots=True)
class Report:
    """One rung of the ladder that fired, with the case it is about."""

    id: int
    row: Row
    clock: str
    post: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LoadRow:
    """A unit's open and overdue cases."""

    unit: str
    name: str
    open: int
    overdue: int


def reports_for(actor: Actor, at: datetime) -> list[Report]:
    """What the actor's units were told and nobody there has seen yet, newest first."""
    told: list[Escalation] = list(escalations_for(actor)[:200])
    cases = grouped(Case.objects.filter(pk__in={row.case_id for row in told}), at)
    rows = {case.pk: row_of(case, at) for case in cases}
    return [
        Report(one.pk, rows[one.case_id], clock_words(one.clock), post_title(one.post), one.at)
        for one in told
    ]


def load_rows(actor: Actor, at: datetime) -> list[LoadRow]:
    """The loads that `actor` may see: all units', or his own."""
    sees_all = may(actor, "case.read")
    return [
        LoadRow(one.unit, unit_name(one.unit), one.open, one.overdue)
        for one in loads(at)
        if sees_all or one.unit in actor.units
    ]
