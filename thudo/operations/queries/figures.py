"""The figures of public pages, each with its formula; every one has a list behind it
(operations.rules.Filters with the same words gives the same number, private ones counted)."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from thudo.operations.queries.conditions import (
    HAS_RESULT,
    LATEST_VERDICT,
    PROMISES_DUE,
    day_bounds,
    day_of,
    month_bounds,
)
from thudo.operations.rules import CLOSED, HOURS, PAUSED


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


_STATES = """
SELECT c.area,
  count(*) FILTER (WHERE NOT c.state = ANY(%s::text[])),
  count(*) FILTER (WHERE NOT c.state = ANY(%s::text[]) AND c.state <> %s::text
                     AND c.promised_at < %s::timestamptz),
  count(*) FILTER (WHERE c.state = %s::text),
  count(*) FILTER (WHERE c.state = 'resolved' AND c.closed_at >= %s::timestamptz
                     AND c.closed_at < %s::timestamptz)
FROM cases_case c WHERE c.kind = 'petition' AND c.state NOT IN ('merged', 'withdrawn') {narrow}
GROUP BY c.area
"""
_KEPT = f"""
SELECT c.area, count(*), count(*) FILTER (WHERE d.kept)
FROM (SELECT i.case_id, bool_and(i.kept) AS kept FROM ({PROMISES_DUE}) i GROUP BY i.case_id) d
JOIN cases_case c ON c.id = d.case_id AND c.state NOT IN ('merged', 'withdrawn') {{narrow}}
GROUP BY c.area
"""  # noqa: S608
_VERDICTS = f"""
SELECT r.area, count(*), count(r.value), count(*) FILTER (WHERE r.value = 'satisfied'),
  count(*) FILTER (WHERE r.value = 'acceptable'), count(*) FILTER (WHERE r.value = 'not_satisfied')
FROM (
  SELECT c.area, {LATEST_VERDICT} AS value FROM cases_case c
  WHERE c.kind = 'petition' AND c.state NOT IN ('merged', 'withdrawn') AND {HAS_RESULT} {{narrow}}
) r GROUP BY r.area
"""  # noqa: S608
_TODAY = """
SELECT
  count(*) FILTER (WHERE NOT c.state = ANY(%s::text[])),
  count(*) FILTER (WHERE NOT c.state = ANY(%s::text[]) AND c.state <> %s::text
                     AND c.promised_at BETWEEN %s::timestamptz AND %s::timestamptz),
  count(*) FILTER (WHERE NOT c.state = ANY(%s::text[]) AND c.state <> %s::text
                     AND c.promised_at < %s::timestamptz),
  count(*) FILTER (WHERE c.state = 'resolved' AND c.closed_at >= %s::timestamptz
                     AND c.closed_at < %s::timestamptz)
FROM cases_case c WHERE c.kind = 'petition' AND c.state NOT IN ('merged', 'withdrawn')
"""


def figures_by_area(month: str, *, at: datetime, only: str | None = None) -> dict[str, Figures]:
    """The figures of each area that has any, by its code ("": place unknown); or of one only."""
    closed = sorted(CLOSED)
    start, end = month_bounds(month)
    found: dict[str, dict[str, int]] = {}
    rows = _rows(_STATES, [closed, closed, PAUSED, at, PAUSED, start, end], only)
    _collect(found, ("open", "late", "waiting", "done"), rows)
    _collect(found, ("due", "kept"), _rows(_KEPT, [start, end, at], only))
    columns = ("results", "rated", "satisfied", "acceptable", "not_satisfied")
    _collect(found, columns, _rows(_VERDICTS, [start, end], only))
    return {area: Figures(**counts) for area, counts in found.items()}


def city_figures(month: str, *, at: datetime) -> Figures:
    """The figures of the whole city: the sum over its areas, as each case lies in one."""
    return sum(figures_by_area(month, at=at).values(), Figures())


@dataclass(frozen=True, slots=True)
class Word:
    """How many cases of the city had a promise due in a month, and of how many it was kept."""

    due: int
    kept: int


def city_word(month: str, *, at: datetime) -> Word:
    """due and kept of the whole city (see Figures), as of at most half a minute ago: the front
    page is asked for all the time, and this is its one question over a whole month."""
    return _city_word(month, int(at.timestamp()) // _FRESH_SECONDS, at.replace(microsecond=0))


def forget() -> None:
    """Ask the database again: between tests."""
    _words_kept.clear()


_FRESH_SECONDS = 30
_words_kept: dict[tuple[str, int], Word] = {}


def _city_word(month: str, tick: int, at: datetime) -> Word:
    if (month, tick) not in _words_kept:
        start, end = month_bounds(month)
        rows = list(_rows(_KEPT, [start, end, at]))
        word = Word(sum(row[1] for row in rows), sum(row[2] for row in rows))
        _words_kept.clear()
        _words_kept[month, tick] = word
    return _words_kept[month, tick]


def today(at: datetime) -> Today:
    """The four figures of now, for the front page and the wall."""
    closed = sorted(CLOSED)
    start, end = day_bounds(day_of(at))
    values = [
        closed, closed, PAUSED, at, at + HOURS, closed, PAUSED, at, start, end,
    ]  # fmt: skip
    return Today(*next(_rows(_TODAY, values)))


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
