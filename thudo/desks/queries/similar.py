"""Cases like this one nearby: what was reported here before, and what may be the same matter."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from thudo.accounts.rules import Actor
from thudo.cases.models import Case
from thudo.cases.queries import visible_to
from thudo.desks.queries.rows import Row, grouped, row_of
from thudo.desks.rules import metres

# The newest of them are weighed by distance; older ones are another year's matter.
WEIGHED = 60
# Farther apart than this, two petitions are about two places.
WALK = 500


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A case near another one; `metres` None where one of them has no point."""

    row: Row
    metres: int | None


def neighbours_of(actor: Actor, case: Case, at: datetime, limit: int = 4) -> list[Neighbour]:
    """Cases of the same service in the same area that `actor` may read, nearest first."""
    same = visible_to(actor).filter(area=case.area, service=case.service)
    return _nearest(case, grouped(same.exclude(pk=case.pk), at), at, limit)


def merge_candidates(actor: Actor, case: Case, at: datetime, limit: int = 5) -> list[Neighbour]:
    """Open cases within WALK metres, those of the same service first: one may be the same matter."""
    near = visible_to(actor).filter(Q(area=case.area), closed_at=None).exclude(pk=case.pk)
    found = _nearest(case, grouped(near, at), at, WEIGHED)
    found = [one for one in found if one.metres is None or one.metres <= WALK]
    found.sort(key=lambda one: one.row.case.service != case.service)
    return found[:limit]


def _nearest(case: Case, cases: QuerySet[Any], at: datetime, limit: int) -> list[Neighbour]:
    rows = cases.order_by("-opened_at")[:WEIGHED]
    found = [Neighbour(row_of(one, at), _metres(case, one)) for one in rows]
    found.sort(key=lambda one: (one.metres is None, one.metres or 0))
    return found[:limit]


def _metres(case: Case, other: Case) -> int | None:
    if None in (case.longitude, case.latitude, other.longitude, other.latitude):
        return None
    a = (case.longitude or 0.0, case.latitude or 0.0)
    return round(metres(a, (other.longitude or 0.0, other.latitude or 0.0)))
