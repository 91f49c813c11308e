"""How many cases a list holds: from the kept figures, or from what is open, never from all rows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from thudo.operations.queries.conditions import Where, narrow, where
from thudo.operations.queries.listing import ALL, conditions
from thudo.operations.queries.reckoning import PUBLIC, RATED
from thudo.operations.rules import Filters

# Hits of a search are counted up to here: nobody reads so far, and the commonest words are in
# a third of all petitions.
MOST = 1000
_ENDED = {
    "": "opened",
    "done": "resolved",
    "answered": "answered",
    "refused": "refused",
    "closed": "resolved + answered + refused",
}
_MEASURES = {
    "due": "due",
    "kept": "kept",
    "broken": "due - kept",
    "result": "results",
    "rated": RATED,
}
_IS_SHOWN = f"""
EXISTS (SELECT 1 FROM petitions_petition_case l JOIN petitions_petition p ON p.id = l.petition_id
        WHERE l.case_id = c.id AND {PUBLIC})
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Count:
    """How many cases: `total` with those not public where these may be counted (None: not).

    `is_least`: there are more than this; nobody counted further.
    """

    public: int
    total: int | None
    is_least: bool = False

    @property
    def shown(self) -> int:
        return self.public if self.total is None else self.total

    @property
    def private(self) -> int:
        # Marks follow a moment later than the cases.
        return 0 if self.total is None else max(0, self.total - self.public)


def count_of(filters: Filters, *, at: datetime) -> Count:
    """How many cases the filters leave.

    public: cases with at least one public petition. total: all cases, those not public as well;
    None where counting them could point at somebody (rules.Filters.counts_private).
    """
    if filters.q:
        return _hits(filters, at)
    if (measure := measure_of(filters)) is not None:
        public, total = _kept(measure, filters)
    elif filters.finds_marks and not filters.on:
        public, total = _open(filters, at)
    else:
        public, total = _counted(filters, at)
    return Count(public, total if filters.counts_private else None)


def measure_of(filters: Filters) -> str | None:
    """The column of the kept figures (or a sum of some) that holds this count; None: none does."""
    if filters.on:
        return None
    if word := filters.promise or filters.verdict:
        alone = not filters.state and not (filters.promise and filters.verdict)
        return _MEASURES.get(word, word) if alone else None
    return _ENDED.get(filters.state)


def _kept(measure: str, filters: Filters) -> tuple[int, int]:
    found = Where()
    found.add("true")
    narrow(found, filters)
    if filters.month:
        found.add("c.month = %s::text", filters.month)
    sums = f"coalesce(sum({measure}) FILTER (WHERE is_public), 0), coalesce(sum({measure}), 0)"
    public, total = _row(f"SELECT {sums} FROM operations_rollup c WHERE", found)  # noqa: S608
    return int(public), int(total)


def _open(filters: Filters, at: datetime) -> tuple[int, int]:
    """What is open is little, whatever the city's past: the cases themselves, and their marks."""
    (total,) = _row("SELECT count(*) FROM cases_case c WHERE", where(filters, at))
    marks = where(filters, at, counted="true")
    (public,) = _row("SELECT count(*) FROM operations_mark c WHERE", marks)
    return int(public), int(total)


def _counted(filters: Filters, at: datetime) -> tuple[int, int]:
    select = f"SELECT count(*) FILTER (WHERE {_IS_SHOWN}), count(*) FROM cases_case c WHERE"  # noqa: S608
    public, total = _row(select, where(filters, at))
    return int(public), int(total)


def _hits(filters: Filters, at: datetime) -> Count:
    found = conditions(filters, at)
    sql = f"SELECT count(*) FROM (SELECT 1 FROM {ALL} WHERE {found.sql} LIMIT {MOST + 1}) h"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, found.values)
        (count,) = cursor.fetchone()
    return Count(min(count, MOST), None, is_least=count > MOST)


def _row(select: str, found: Where) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(f"{select} {found.sql}", found.values)
        return tuple(cursor.fetchone())
