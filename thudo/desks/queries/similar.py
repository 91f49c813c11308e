"""Cases like this one nearby: what was reported here before, and what may be the same matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import OuterRef, Q, QuerySet, Subquery

from thudo.accounts.rules import Actor
from thudo.base.folding import fold
from thudo.cases.models import Case
from thudo.cases.queries import visible_to
from thudo.desks.queries.rows import Row, grouped, row_of
from thudo.desks.rules import COPIED, RECENT_DAYS, may_be_same, metres
from thudo.directory.queries import directory
from thudo.petitions.models import Petition

# The newest of them are weighed by distance; older ones are another year's matter.
WEIGHED = 60


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A case near another one; `metres` None where one of them has no point."""

    row: Row
    metres: int | None


def neighbours_of(actor: Actor, case: Case, at: datetime, limit: int = 4) -> list[Neighbour]:
    """Cases of the same service in the same area that `actor` may read, nearest first."""
    same = visible_to(actor).filter(area=case.area, service=case.service)
    return _nearest(case, grouped(same.exclude(pk=case.pk), at), at)[:limit]


def merge_candidates(
    actor: Actor, case: Case, at: datetime, *, guesses: Sequence[str] = (), limit: int = 5
) -> list[Neighbour]:
    """Open cases of the area that may be the same matter, likest first.

    `guesses`: the services that the reader proposes while the case has none; a guess weighs as a
    neighbouring service does (rules.may_be_same).
    """
    near = _services_near([case.service] if case.service else guesses)
    since = at - timedelta(days=RECENT_DAYS)
    rows = visible_to(actor).filter(area=case.area, closed_at=None).exclude(pk=case.pk)
    rows = rows.annotate(likeness=_likeness(case))
    rows = rows.filter(Q(likeness__gte=COPIED) | Q(opened_at__gte=since, service__in=near))
    found = [one for one in _nearest(case, grouped(rows, at), at) if _may_be_same(case, one, since)]
    found.sort(key=_likeness_of, reverse=True)
    return found[:limit]


def _may_be_same(case: Case, one: Neighbour, since: datetime) -> bool:
    other = one.row.case
    same_words = bool(case.place) and fold(case.place) == fold(other.place)
    return may_be_same(
        likeness=_likeness_of(one),
        metres=0 if one.metres is None and same_words else one.metres,
        is_same_service=bool(case.service) and case.service == other.service,
        is_recent=other.opened_at >= since,
    )


def _likeness_of(one: Neighbour) -> float:
    return getattr(one.row.case, "likeness", None) or 0.0


def _services_near(services: Sequence[str]) -> list[str]:
    """These services and those of their groups."""
    known = directory().services
    groups = {known[code].group for code in services if code in known} - {None}
    return [*services, *(row.code for row in known.values() if row.group in groups)]


def _likeness(case: Case) -> Any:
    """How alike the words are (pg_trgm, 0 to 1), at best of the petitions that share a case."""
    words = Petition.objects.filter(links__case=OuterRef("pk"))
    alike = words.annotate(alike=TrigramSimilarity("folded", fold(case.matter)))
    return Subquery(alike.order_by("-alike").values("alike")[:1])


def _nearest(case: Case, cases: QuerySet[Any], at: datetime) -> list[Neighbour]:
    rows = cases.order_by("-opened_at")[:WEIGHED]
    found = [Neighbour(row_of(one, at), _metres(case, one)) for one in rows]
    found.sort(key=lambda one: (one.metres is None, one.metres or 0))
    return found


def _metres(case: Case, other: Case) -> int | None:
    if None in (case.longitude, case.latitude, other.longitude, other.latitude):
        return None
    a = (case.longitude or 0.0, case.latitude or 0.0)
    return round(metres(a, (other.longitude or 0.0, other.latitude or 0.0)))
