"""The one writer of the kept figures: equal to what the cases say, a moment later."""

import logging
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from thudo.journal.actions import place_follower
from thudo.journal.queries import latest_position
from thudo.operations.models import MEASURES, Reckoning
from thudo.operations.queries.reckoning import FORMULA, KEYS, contributions, marks, reckoned_at
from thudo.operations.rules import RECENT

_log = logging.getLogger(__name__)
FOLLOWER = "operations.count_cases"
# Promises that fell due are counted in pieces, so that no transaction stays open for long.
BATCH = 2000


@transaction.atomic
def reckon(cases: Collection[UUID]) -> None:
    """Count these cases as they are now, in place of what they added before.

    Nothing is done before the first `rebuild`, which counts every case.
    """
    row = _locked()
    if row and cases:
        _recount(sorted(cases), row.at)


@transaction.atomic
def advance(*, at: datetime) -> bool:
    """Count promises that fell due up to `at`, and let the map forget what ended long ago; whether
    there is more. Counts everything anew when that was never done, or by another formula."""
    if _is_uncounted():
        rebuild(at=at)
        return False
    row = Reckoning.objects.select_for_update().get(id=1)
    due, upto = _fallen_due(row.at, at)
    if due:
        _recount(due, upto)
    _run("DELETE FROM operations_mark WHERE closed_at <= %(since)s", {"since": upto - RECENT})
    Reckoning.objects.filter(id=1).update(at=upto)
    return upto < at


@transaction.atomic
def rebuild(*, at: datetime) -> None:
    """Count every case from the beginning; the follower goes on from here."""
    # Its place first, as the follower takes the two; and a change during the count comes again.
    place_follower(FOLLOWER, latest_position())
    Reckoning.objects.update_or_create(id=1, defaults={"at": at, "formula": FORMULA})
    for table in ("tally", "rollup", "mark"):
        _run(f"DELETE FROM operations_{table}")  # noqa: S608
    _insert("tally", f'"case", {_COLUMNS}', *contributions(None, at))
    _run(_SUM_UP)
    _insert("mark", _MARK, *marks(None, at - RECENT))
    # Plans for an empty table would be used until autovacuum comes by.
    _run("ANALYZE operations_tally, operations_rollup, operations_mark")


def check(*, at: datetime, tries: int = 5, pause: Callable[[], None] = lambda: None) -> int:
    """Count every case anew beside the kept figures; how many cells differ (0: none).

    One statement, so one snapshot, and no lock: nobody waits for it. Cells of cases with entries
    that the follower has not reached may differ; asked again after a `pause` they must not.
    """
    for _again in range(tries):
        count = _differences()
        if not count:
            break
        pause()
    Reckoning.objects.filter(id=1).update(checked_at=at, differences=count)
    if count:
        _log.error("%s cells of the kept figures differ from a count of every case", count)
    return count


def _differences() -> int:
    at = reckoned_at()
    if at is None:
        return 0
    select, values = contributions(None, at)
    # A promise that falls due between the two is a difference that the next try does not find.
    found = _run(_DIFFERENT.format(select=select), values)
    return int(found[0][0])


_COLUMNS = ", ".join((*KEYS, *MEASURES))
_CELL = ", ".join(KEYS)
_SUMS = ", ".join(f"sum({name})::int AS {name}" for name in MEASURES)
_MARK = '"case", petition, filed_at, cell, area, service, unit, state, opened_at, updated_at, promised_at, closed_at'
_SUM_UP = f"""
INSERT INTO operations_rollup ({_COLUMNS})
SELECT {_CELL}, {_SUMS} FROM operations_tally GROUP BY {_CELL}
"""  # noqa: S608
_SOME = f"({', '.join(MEASURES)}) <> ({', '.join('0' for _ in MEASURES)})"
_DIFFERENT = f"""
WITH counted AS (SELECT {_CELL}, {_SUMS} FROM ({{select}}) c GROUP BY {_CELL}),
  kept AS (SELECT {_COLUMNS} FROM operations_rollup WHERE {_SOME})
SELECT count(*) FROM (
  (SELECT * FROM counted EXCEPT SELECT * FROM kept)
  UNION (SELECT * FROM kept EXCEPT SELECT * FROM counted)
) d
"""  # noqa: S608
_ADDED = ", ".join(f"{name} = r.{name} + excluded.{name}" for name in MEASURES)
_NEGATIVE = ", ".join(f"-{name}" for name in MEASURES)
_SET = ", ".join(f"{name} = excluded.{name}" for name in (*KEYS, *MEASURES) if name != "month")
# Only what changed is written: most entries of a case change none of its figures.
_RECOUNT = f"""
WITH come ("case", {_COLUMNS}) AS MATERIALIZED ({{select}}),
had AS MATERIALIZED (
  SELECT "case", {_COLUMNS} FROM operations_tally WHERE "case" = ANY(%(cases)s::uuid[])
), gone AS (
  DELETE FROM operations_tally t USING had h
  WHERE t."case" = h."case" AND t.month = h.month
    AND NOT EXISTS (SELECT 1 FROM come c WHERE c."case" = h."case" AND c.month = h.month)
), put AS (
  INSERT INTO operations_tally ("case", {_COLUMNS})
  SELECT * FROM come EXCEPT SELECT * FROM had
  ON CONFLICT ("case", month) DO UPDATE SET {_SET}
)
INSERT INTO operations_rollup AS r ({_COLUMNS})
SELECT * FROM (
  SELECT {_CELL}, {_SUMS} FROM (
    SELECT {_COLUMNS} FROM come UNION ALL SELECT {_CELL}, {_NEGATIVE} FROM had
  ) AS change GROUP BY {_CELL}
) AS difference WHERE {_SOME}
ON CONFLICT ({_CELL}) DO UPDATE SET {_ADDED}
"""  # noqa: S608
_MARK_SET = ", ".join(f"{name} = excluded.{name}" for name in _MARK.split(", ")[1:])
_REMARK = f"""
WITH come ({_MARK}) AS MATERIALIZED ({{select}}), gone AS (
  DELETE FROM operations_mark m WHERE m."case" = ANY(%(cases)s::uuid[])
    AND NOT EXISTS (SELECT 1 FROM come c WHERE c."case" = m."case")
)
INSERT INTO operations_mark ({_MARK})
SELECT * FROM come EXCEPT SELECT {_MARK} FROM operations_mark WHERE "case" = ANY(%(cases)s::uuid[])
ON CONFLICT ("case") DO UPDATE SET {_MARK_SET}
"""  # noqa: S608
_DUE = """
SELECT case_id, due_at FROM cases_promise WHERE due_at > %(after)s AND due_at <= %(upto)s
ORDER BY due_at
"""


def _is_uncounted() -> bool:
    """Never counted, or by an older formula; a newer one is another program's matter."""
    formula = Reckoning.objects.filter(id=1).values_list("formula", flat=True).first()
    return formula is None or formula < FORMULA


def _locked() -> Reckoning | None:
    return Reckoning.objects.select_for_update().filter(id=1).first()


def _recount(cases: list[UUID], at: datetime) -> None:
    select, values = contributions(cases, at)
    _run(_RECOUNT.format(select=select), values)
    select, values = marks(cases, at - RECENT)
    _run(_REMARK.format(select=select), values)


def _fallen_due(after: datetime, upto: datetime) -> tuple[list[UUID], datetime]:
    """Cases with a promise that fell due since, and up to which instant they are all here."""
    found = _run(f"{_DUE} LIMIT {BATCH}", {"after": after, "upto": upto})
    if len(found) == BATCH:
        # Many fall due at one instant, as at the end of a working day: all of it, or none.
        upto = found[-1][1]
        found = _run(_DUE, {"after": after, "upto": upto})
    return sorted({case for case, _due in found}), max(upto, after)


def _insert(table: str, columns: str, select: str, values: dict[str, Any]) -> None:
    _run(f"INSERT INTO operations_{table} ({columns}) {select}", values)


def _run(sql: str, values: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall()) if cursor.description else []
