"""The figures of public pages, each with its formula; every one has a list behind it
(operations.rules.Filters with the same words gives the same number, private ones counted)."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from thudo.operations.queries.conditions import day_bounds, day_of, month_bounds
from thudo.operations.queries.reckoning import OPEN, RATED
from thudo.operations.rules import HOURS, PAUSED


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one area (or the whole city) at an instant, and in one month up to it.

    open: cases not ended. late: open, not waiting for the petitioner, promised instant over.
    done: ended as resolved in the month.
    due: cases of which a promise fell due in the month while in force; kept: those of them whose
    every such promise was kept by a published result. What is late and still open is in `due`.
    results: cases with a result published in the month; rated: those whose petitioner gave a
    verdict; satisfied, acceptable, not_satisfied: by the latest verdict.
    """

    open: int = 0
    late: int = 0
    waiting: int = 0
    done: int = 0
    due: int = 0
    kept: int = 0
    results: int = 0
    rated: int = 0
    satisfied: int = 0
    acceptable: int = 0
    not_satisfied: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Today:
    """The four figures of now: open, due within HOURS, late, and resolved since midnight."""

    open: int
    hours: int
    late: int
    done: int


# What is open now is counted from the cases, the rest of a month from the kept figures.
_OPEN = f"""
SELECT c.area, count(*),
  count(*) FILTER (WHERE c.state <> %s::text AND c.promised_at < %s::timestamptz),
  count(*) FILTER (WHERE c.state = %s::text)
FROM cases_case c WHERE c.kind = 'petition' AND {OPEN} {{narrow}}
GROUP BY c.area
"""  # noqa: S608
_OF_MONTH = ("done", "due", "kept", "results", "rated", "satisfied", "acceptable", "not_satisfied")
_MONTH = f"""
SELECT c.area, sum(resolved), sum(due), sum(kept), sum(results),
  sum{RATED}, sum(satisfied), sum(acceptable), sum(not_satisfied)
FROM operations_rollup c WHERE c.month = %s::text {{narrow}}
GROUP BY c.area
"""  # noqa: S608
_WORD = """
SELECT coalesce(sum(due), 0), coalesce(sum(kept), 0) FROM operations_rollup WHERE month = %s::text
"""
_TODAY = f"""
SELECT count(*),
  count(*) FILTER (WHERE c.state <> %s::text
                     AND c.promised_at BETWEEN %s::timestamptz AND %s::timestamptz),
  count(*) FILTER (WHERE c.state <> %s::text AND c.promised_at < %s::timestamptz),
  (SELECT count(*) FROM cases_case e WHERE e.kind = 'petition' AND e.state = 'resolved'
     AND e.closed_at >= %s::timestamptz AND e.closed_at < %s::timestamptz)
FROM cases_case c WHERE c.kind = 'petition' AND {OPEN}
"""  # noqa: S608


def figures_by_area(month: str, *, at: datetime, only: str | None = None) -> dict[str, Figures]:
    """The figures of each area that has any, by its code ("": place unknown); or of one only."""
    found: dict[str, dict[str, int]] = {}
    _collect(found, ("open", "late", "waiting"), _rows(_OPEN, [PAUSED, at, PAUSED], only))
    _collect(found, _OF_MONTH, _rows(_MONTH, [month], only))
    return {area: Figures(**counts) for area, counts in found.items()}


def city_figures(month: str, *, at: datetime) -> Figures:
    """The figures of the whole city: the sum over its areas, as each case lies in one."""
    return sum(figures_by_area(month, at=at).values(), Figures())


@dataclass(frozen=True, slots=True)
class Word:
    """How many cases of the city had a promise due in a month, and of how many it was kept."""

    due: int
    kept: int


def city_word(month: str) -> Word:
    """due and kept of the whole city (see Figures)."""
    return Word(*next(_rows(_WORD, [month])))


def today(at: datetime) -> Today:
    """The four figures of now, for the front page and the wall."""
    start, end = day_bounds(day_of(at))
    return Today(*next(_rows(_TODAY, [PAUSED, at, at + HOURS, PAUSED, at, start, end])))


def previous_month(month: str) -> str:
    """The month before: the last one whose promises have all fallen due."""
    start, _end = month_bounds(month)
    return f"{start - timedelta(days=1):%Y-%m}"


def _collect(
    found: dict[str, dict[str, int]], columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]
) -> None:
    for area, *counts in rows:
        found.setdefault(area, {}).update(zip(columns, counts, strict=True))


def _rows(sql: str, values: list[Any], only: str | None = None) -> Iterator[tuple[Any, ...]]:
    """`only`: an area, where the statement has a place for it."""
    narrow = "" if only is None else "AND c.area = %s::text"
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("{narrow}", narrow), values if only is None else [*values, only])
        return iter(cursor.fetchall())
