"""The open data: a row for every petition, so that each figure can be reckoned again. (One that
was split into several matters has a row for each.)

Of a petition that is not public a row tells kind, unit, ward, instants, state and verdict: no
words, no point, no number. Where a ward has fewer than SMALL of one kind in a month, the row says
the city instead of the ward.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from thudo.directory.queries import directory
from thudo.operations.queries.reckoning import PUBLIC

SMALL = 5
_BATCH = 2000
# name -> what it holds; the order of the columns.
COLUMNS: dict[str, str] = {
    "number": "public number; empty where the petition is not public",
    "visibility": "public or private",
    "stream": "code of the stream",
    "service": "code of the kind of matter; empty while nobody has named it",
    "unit": "code of the unit that holds it; empty where no case was opened, and of a private one where it would tell a ward that is not told",
    "area": "code of the ward or commune; of the city where a ward has fewer than 5 of one kind in a month, or the place is unknown",
    "channel": "how it came in",
    "handling": "case, merged, withdrawn, thanked, answered or refused",
    "urgency": "normal, urgent or complex",
    "filed_at": "when it was filed",
    "state": "state of its case now",
    "promised_at": "the instant promised now",
    "closed_at": "when the case ended",
    "promises": "every result instant ever promised, as made/due, in order",
    "results": "when results were published, in order",
    "waits": "when the petitioner was waited for, as from/to, in order",
    "verdict": "satisfied, acceptable or not_satisfied",
    "shared": "how many petitions share the case",
    "case_first": "true on one row of each case: count these to count cases",
}


@dataclass(frozen=True, slots=True)
class Small:
    """The cells (area, service, "2026-11") that hold too few to be told, and how many rows."""

    cells: frozenset[tuple[str, str, str]]
    rows: int


_CELLS = """
SELECT p.area, p.service, to_char(p.filed_at AT TIME ZONE %s::text, 'YYYY-MM'), count(*)
FROM petitions_petition p WHERE p.area <> '' GROUP BY 1, 2, 3 HAVING count(*) < %s::int
"""
_ROWS = f"""
SELECT p.id, CASE WHEN {PUBLIC} THEN p.number ELSE '' END,
  CASE WHEN {PUBLIC} THEN 'public' ELSE 'private' END, p.stream, p.service, coalesce(c.unit, ''),
  p.area, p.channel, p.handling, coalesce(c.urgency, ''), p.filed_at, coalesce(c.state, ''),
  c.promised_at, c.closed_at,
  (SELECT string_agg(iso(x.made_at) || '/' || iso(x.due_at), ' ' ORDER BY x.id)
     FROM cases_promise x WHERE x.case_id = c.id),
  (SELECT string_agg(iso(a.published_at), ' ' ORDER BY a.published_at)
     FROM cases_answer a WHERE a.case_id = c.id AND a.published_at IS NOT NULL),
  (SELECT string_agg(iso(k.started_at) || '/' || coalesce(iso(k.stopped_at), ''), ' '
     ORDER BY k.started_at) FROM cases_clock k WHERE k.case_id = c.id AND k.kind = 'supplement'),
  (SELECT v.value FROM petitions_verdict v WHERE v.petition_id = p.id ORDER BY v.at DESC LIMIT 1),
  coalesce(jsonb_array_length(c.numbers), 0), c.numbers ->> 0 = p.number,
  to_char(p.filed_at AT TIME ZONE %s::text, 'YYYY-MM'), coalesce(c.position, 0)
FROM petitions_petition p
LEFT JOIN LATERAL (
  SELECT cc.*, l.position FROM petitions_petition_case l JOIN cases_case cc ON cc.id = l.case_id
  WHERE l.petition_id = p.id AND cc.state <> 'merged'
) c ON true
WHERE p.id >= %s::uuid AND (p.id, coalesce(c.position, 0)) > (%s::uuid, %s::int)
ORDER BY p.id, coalesce(c.position, 0) LIMIT %s::int
"""  # noqa: S608
_ISO = """to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""


def small_cells() -> Small:
    """Which ward-kind-months are too small to be told, over public and private ones together."""
    with connection.cursor() as cursor:
        cursor.execute(_CELLS, [settings.TIME_ZONE, SMALL])
        rows = cursor.fetchall()
    cells = frozenset((area, service, month) for area, service, month, _count in rows)
    return Small(cells, sum(row[3] for row in rows))


def count() -> int:
    """How many rows the file has: one for every petition."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM petitions_petition")
        return int(cursor.fetchone()[0])


def rows(small: Small) -> Iterator[list[str]]:
    """Every petition, as texts under COLUMNS; its id grows with time, so about as they came in.

    Batches by primary key: no long transaction, and no sorting of all for each batch.
    """
    sql = _with_iso(_ROWS)
    after = (UUID(int=0), UUID(int=0), 0)
    city = directory().city["city_area"]
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql, [settings.TIME_ZONE, *after, _BATCH])
            batch = cursor.fetchall()
        for values in batch:
            yield _texts(values, small, city)
        if len(batch) < _BATCH:
            return
        after = (batch[-1][0], batch[-1][0], batch[-1][-1])


def _texts(values: tuple[Any, ...], small: Small, city: str) -> list[str]:
    plain = list(values[1:-2])
    area, month = values[6], values[-2]
    if not area or (area, values[4], month) in small.cells:
        plain[5] = city
        # Of a private one, the committee of a ward would tell the ward.
        unit = directory().units.get(plain[4])
        if plain[1] == "private" and unit and unit.area not in {None, "", city}:
            plain[4] = ""
    return [_text(value) for value in plain]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    return str(value)


def _with_iso(sql: str) -> str:
    """Fill in iso(column): an instant as ISO 8601 in UTC."""
    while "iso(" in sql:
        start = sql.index("iso(")
        end = sql.index(")", start)
        sql = sql[:start] + _ISO.format(sql[start + 4 : end]) + sql[end + 1 :]
    return sql
