"""What a case adds to the figures of a month: the one formula, in SQL.

opened: the case was opened in the month. resolved, answered, refused: it ended so in the month, by
its present state. due: a promise of it fell due in the month while in force; kept: every such
promise was kept by a published result. results: a result was published in the month; satisfied,
acceptable, not_satisfied: the latest verdict any of its petitioners gave, in each month with a result.
Merged and withdrawn cases add nothing anywhere.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from thudo.operations.models import MEASURES, Reckoning, Rollup
from thudo.operations.rules import CLOSED, GONE
from thudo.petitions.models import PetitionCase
from thudo.petitions.rules import HANDLED

# Raise it with every change below: figures counted by another formula are counted anew.
FORMULA = 1
RATED = "(satisfied + acceptable + not_satisfied)"
KEYS = ("month", "area", "service", "unit", "is_public")
# The latest verdict that any of its petitioners gave speaks for a case.
LATEST_VERDICT = (
    "(SELECT v.value FROM petitions_verdict v WHERE v.case_id = c.id ORDER BY v.at DESC LIMIT 1)"
)


def quoted(states: Iterable[str]) -> str:
    """States as SQL writes them: so the planner sees that a partial index answers, as it would
    not with values."""
    return ", ".join(f"'{state}'" for state in sorted(states))


COUNTED = f"c.kind = 'petition' AND c.state NOT IN ({quoted(GONE)})"
OPEN = f"NOT (c.state IN ({quoted(CLOSED | GONE)}))"
PUBLIC = f"p.is_public AND NOT p.is_hidden AND p.handling IN ({quoted(HANDLED)})"
# One promise of a case that fell due. In force when its hour came: no later promise had replaced
# it and the petitioner was not being waited for. Kept: a result was published while it was in
# force, by its hour.
_PROMISES = """
SELECT p.case_id, p.due_at, k.kept
FROM cases_promise p
JOIN counted o ON o.id = p.case_id
LEFT JOIN LATERAL (
  SELECT n.made_at FROM cases_promise n WHERE n.case_id = p.case_id AND n.id > p.id
  ORDER BY n.id LIMIT 1
) next ON true
CROSS JOIN LATERAL (
  SELECT EXISTS (
    SELECT 1 FROM cases_answer a WHERE a.case_id = p.case_id AND a.published_at >= p.made_at
      AND a.published_at <= least(p.due_at, coalesce(next.made_at, p.due_at))
  ) AS kept
) k
WHERE p.due_at <= %(at)s::timestamptz
  AND (k.kept OR (
    (next.made_at IS NULL OR next.made_at > p.due_at)
    AND NOT EXISTS (
      SELECT 1 FROM cases_clock w WHERE w.case_id = p.case_id AND w.kind = 'supplement'
        AND w.started_at <= p.due_at AND coalesce(w.stopped_at, 'infinity') >= p.due_at)))
"""
_SUMS = ", ".join(
    f"(count(*) FILTER (WHERE f.measure = '{name}'))::int AS {name}" for name in MEASURES
)
_ONLY = "AND c.id = ANY(%(cases)s::uuid[])"


def _month(instant: str) -> str:
    return f"to_char({instant} AT TIME ZONE %(zone)s::text, 'YYYY-MM')"


def contributions(cases: list[UUID] | None, at: datetime) -> tuple[str, dict[str, Any]]:
    """SELECT of (case, *KEYS, *MEASURES), a row per case and month in which it counts, and its
    values. `cases`: only these; promises count when due by `at`."""
    sql = f"""
    WITH counted AS MATERIALIZED (
      SELECT c.id, c.area, c.service, c.unit, c.state, c.opened_at, c.closed_at,
        EXISTS (SELECT 1 FROM petitions_petition_case l JOIN petitions_petition p
                ON p.id = l.petition_id WHERE l.case_id = c.id AND {PUBLIC}) AS is_public
      FROM cases_case c WHERE {COUNTED} {_ONLY if cases is not None else ""}
    ), promised AS (
      SELECT d.case_id, {_month("d.due_at")} AS month, bool_and(d.kept) AS kept
      FROM ({_PROMISES}) d GROUP BY 1, 2
    ), ended AS (
      SELECT DISTINCT a.case_id AS id, {_month("a.published_at")} AS month
      FROM cases_answer a JOIN counted o ON o.id = a.case_id WHERE a.published_at IS NOT NULL
    ), rated AS (
      SELECT c.id, c.month, {LATEST_VERDICT} AS value FROM ended c
    ), facts AS (
      SELECT id, {_month("opened_at")} AS month, 'opened' AS measure FROM counted
      UNION ALL SELECT id, {_month("closed_at")}, state FROM counted
        WHERE state IN ({quoted(CLOSED)}) AND closed_at IS NOT NULL
      UNION ALL SELECT case_id, month, 'due' FROM promised
      UNION ALL SELECT case_id, month, 'kept' FROM promised WHERE kept
      UNION ALL SELECT id, month, 'results' FROM rated
      UNION ALL SELECT id, month, value FROM rated WHERE value IS NOT NULL
    )
    SELECT o.id, f.month, o.area, o.service, o.unit, o.is_public, {_SUMS}
    FROM facts f JOIN counted o ON o.id = f.id
    GROUP BY o.id, f.month, o.area, o.service, o.unit, o.is_public
    """  # noqa: S608
    return sql, {"cases": cases, "at": at, "zone": settings.TIME_ZONE}


# A case that maps and lists of open ones show, with its first public petition.
_MARKS = f"""
SELECT c.id, f.id, f.filed_at, f.cell, c.area, c.service, c.unit, c.state, c.opened_at,
  c.updated_at, c.promised_at, c.closed_at
FROM cases_case c
JOIN LATERAL (
  SELECT p.id, p.filed_at, p.cell FROM petitions_petition_case l JOIN petitions_petition p ON p.id = l.petition_id
  WHERE l.case_id = c.id AND {PUBLIC} ORDER BY p.filed_at, p.id LIMIT 1
) f ON true
WHERE {COUNTED} AND ({OPEN} OR c.closed_at > %(since)s::timestamptz)
"""  # noqa: S608


def marks(cases: list[UUID] | None, since: datetime) -> tuple[str, dict[str, Any]]:
    """SELECT of the map's marks: what is open, or ended after `since`."""
    return f"{_MARKS} {_ONLY if cases is not None else ''}", {"cases": cases, "since": since}


def cases_of(petitions: Collection[UUID]) -> set[UUID]:
    """The cases of these petitions."""
    links = PetitionCase.objects.filter(petition__in=petitions) if petitions else ()
    return {link.case_id for link in links}


def reckoned_at() -> datetime | None:
    """Up to when promises are counted; None before the first count."""
    return Reckoning.objects.filter(id=1).values_list("at", flat=True).first()


def cells() -> int:
    """How many cells are kept."""
    return Rollup.objects.count()


def checked_before(at: datetime) -> bool:
    """Whether the last comparison with a count of every case is older than this, or never was."""
    return not Reckoning.objects.filter(id=1, checked_at__gte=at).exists()
