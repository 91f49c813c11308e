"""The public list: newest first, filtered, searched, page by page; and how many there are."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from thudo.base.folding import fold
from thudo.directory.models import Place
from thudo.directory.queries import directory
from thudo.operations.queries.conditions import (
    Where,
    day_bounds,
    month_bounds,
    soon_at,
    where,
)
from thudo.operations.queries.reckoning import LATEST_VERDICT, PUBLIC
from thudo.operations.rules import Filters, is_late, shape_of
from thudo.petitions.rules import title_of

# A petition stands in the list for its case; of merged ones the first public one does.
_FIRST = f"""
NOT EXISTS (
  SELECT 1 FROM petitions_petition_case ll JOIN petitions_petition pp ON pp.id = ll.petition_id
  WHERE ll.case_id = c.id AND {PUBLIC.replace("p.", "pp.")} AND (pp.filed_at, pp.id) < (p.filed_at, p.id)
)
"""  # noqa: S608
ALL = """
petitions_petition p JOIN petitions_petition_case l ON l.petition_id = p.id
JOIN cases_case c ON c.id = l.case_id
"""
# The same names over the marks of what is open or ended lately.
_MARKED = """
(SELECT *, "case" AS id FROM operations_mark) c
CROSS JOIN LATERAL (SELECT c.petition AS id, c.filed_at, c.cell) p
"""
_BY_POSITION = """(SELECT l.position FROM petitions_petition_case l
WHERE l.petition_id = p.id AND l.case_id = c.id) DESC"""
_COLUMNS = f"""
p.id, c.id, p.number, p.filed_at, p.is_home, left(p.text, 400),
ARRAY(SELECT w ->> 0 FROM jsonb_array_elements(p.classification -> 'words') w), CASE WHEN p.is_home THEN '' ELSE p.place END,
c.service, c.area, c.unit, c.urgency, c.state, c.promised_at, c.updated_at, c.closed_at,
jsonb_array_length(c.numbers), {LATEST_VERDICT}
"""  # noqa: S608


class BadCursor(ValueError):
    """A cursor that this list did not give out."""


@dataclass(frozen=True, slots=True)
class Row:
    """One case as everybody sees it. `place` is "" where it would tell a home; `petitions`: how many
    people's petitions share it; `shape` as in operations.rules.shape_of; `title`: what happened, in
    the sender's own words."""

    petition: UUID
    case: UUID
    number: str
    filed_at: datetime
    is_home: bool
    title: str
    place: str
    service: str
    area: str
    unit: str
    urgency: str
    state: str
    promised_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    petitions: int
    verdict: str
    shape: str
    is_late: bool

    @property
    def cursor(self) -> str:
        text = f"{self.filed_at.isoformat()}|{self.petition.hex}|{self.case.hex}"
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, newest first, and the cursors to what is older and newer ("" at the ends)."""

    rows: Sequence[Row]
    older: str
    newer: str


def page_of(
    filters: Filters, *, at: datetime, limit: int = 20, older: str = "", newer: str = ""
) -> Page:
    """A page after the cursor `older`, or before the cursor `newer`. Raises BadCursor."""
    source, found = source_of(filters, at)
    backwards = bool(newer)
    if older or newer:
        sign = ">" if backwards else "<"
        found.add(f"(p.filed_at, p.id, c.id) {sign} (%s::timestamptz, %s::uuid, %s::uuid)",
                  *_place_in_list(newer or older))  # fmt: skip
    order = "ASC" if backwards else "DESC"
    order = f"p.filed_at {order}, p.id {order}, c.id {order}"
    rows = _rows(source, found, order, limit + 1, at)
    more, rows = len(rows) > limit, rows[:limit]
    if backwards:
        rows.reverse()
    has_older, has_newer = (True, more) if backwards else (more, bool(older))
    return Page(
        rows,
        rows[-1].cursor if rows and has_older else "",
        rows[0].cursor if rows and has_newer else "",
    )


def latest(filters: Filters, *, at: datetime, limit: int, order: str = "filed") -> list[Row]:
    """The newest rows; `order` "closed": those that ended last, "promised": those due first."""
    orders = {
        "filed": "p.filed_at DESC",
        "closed": "c.closed_at DESC",
        "promised": "c.promised_at",
        "updated": "c.updated_at DESC",
    }
    source, found = source_of(filters, at)
    if order == "closed":
        found.add("c.closed_at IS NOT NULL")
    return _rows(source, found, f"{orders[order]}, p.id DESC", limit, at)


def rows_of(numbers: Sequence[str], *, at: datetime) -> dict[str, Row]:
    """The public ones among these petitions, by number."""
    found = Where()
    found.add(PUBLIC)
    found.add("p.number = ANY(%s::text[])", list(numbers))
    rows = _rows(ALL, found, "p.id, c.id", len(numbers) * 3, at, shown=_BY_POSITION)
    return {row.number: row for row in rows}


def rows_where(
    extra: Where, filters: Filters, *, at: datetime, limit: int
) -> list[tuple[Any, ...]]:
    """For maps: (longitude, latitude, *columns of a row) under further conditions."""
    source, found = source_of(filters, at)
    found.parts += extra.parts
    found.values += extra.values
    order = "p.filed_at DESC"
    return _select(f"p.longitude, p.latitude, {_COLUMNS}", source, found, order, limit, order)


def source_of(filters: Filters, at: datetime) -> tuple[str, Where]:
    """FROM and WHERE of the public list, over `p` and `c`: what is open or ended lately is found
    by its marks, everything else among all petitions."""
    if filters.finds_marks:
        return _MARKED, where(filters, at, counted="true")
    return ALL, conditions(filters, at)


def row_of(values: Sequence[Any], at: datetime, soon: datetime) -> Row:
    """A Row from the columns as selected."""
    *first, text, words, place, service = values[:9]
    plain = [*first, title_of(text, words), place, service, *values[9:-1]]
    verdict = values[-1]
    state, promised_at = plain[11], plain[12]
    shape = shape_of(state, promised_at, at=at, soon_at=soon)
    fields: Any = (*plain, verdict or "", shape, is_late(state, promised_at, at))
    return Row(*fields)


def _rows(
    source: str, found: Where, order: str, limit: int, at: datetime, shown: str = ""
) -> list[Row]:
    soon = soon_at(at)
    rows = _select(_COLUMNS, source, found, order, limit, shown or order)
    return [row_of(values, at, soon) for values in rows]


def _select(
    columns: str, source: str, found: Where, order: str, limit: int, shown: str
) -> list[tuple[Any, ...]]:
    """First which ones, then what they say: of a mark, too, only what may be seen at this instant."""
    which = f"SELECT p.id AS petition, c.id AS case_id FROM {source} WHERE {found.sql}"  # noqa: S608
    sql = f"""
    SELECT {columns} FROM ({which} ORDER BY {order} LIMIT %s::int) which
    JOIN petitions_petition p ON p.id = which.petition JOIN cases_case c ON c.id = which.case_id
    WHERE {PUBLIC} ORDER BY {shown}
    """  # noqa: S608
    return run(sql, [*found.values, limit])


def conditions(filters: Filters, at: datetime) -> Where:
    """Of the public list over ALL."""
    found = where(filters, at)
    found.add(PUBLIC)
    found.add(_FIRST)
    # Nothing filed after a month has anything to do with what happened in it.
    if filters.month:
        found.add("p.filed_at < %s::timestamptz", month_bounds(filters.month)[1])
    if filters.on:
        found.add("p.filed_at < %s::timestamptz", day_bounds(filters.on)[1])
    _words(found, filters)
    return found


def _words(found: Where, filters: Filters) -> None:
    if not filters.q:
        return
    phrases, words = split_words(filters.q)
    tests = ["phraseto_tsquery('simple', %s::text)"] * len(phrases)
    tests.append("plainto_tsquery('simple', %s::text)")
    found.add(f"p.vector @@ ({' && '.join(tests)})", *phrases, words)


def split_words(q: str) -> tuple[list[str], str]:
    """What was typed as phrases (in quotes, or known names of wards and streets) and other words."""
    quoted = [fold(part) for part in re.findall(r"[\"“]([^\"”]+)[\"”]", q)]
    words = re.findall(r"[0-9a-z/\-]+", fold(re.sub(r"[\"“][^\"”]*[\"”]", " ", q)))
    names = _names_in(words)
    phrases, i = [text for text in quoted if text], 0
    rest: list[str] = []
    while i < len(words):
        length = next((n for n in (4, 3, 2) if " ".join(words[i : i + n]) in names), 1)
        (phrases.append if length > 1 else rest.append)(" ".join(words[i : i + length]))
        i += length
    return phrases, " ".join(rest)


def _names_in(words: Sequence[str]) -> frozenset[str]:
    """The runs of two to four words that name a ward or a street."""
    runs = {" ".join(words[i : i + n]) for n in (2, 3, 4) for i in range(len(words) - n + 1)}
    return frozenset(runs) & _names(directory().version_id) if runs else frozenset()


@lru_cache(maxsize=2)
def _names(version: int) -> frozenset[str]:  # noqa: ARG001
    """Names of wards and streets as people type them, with and without "street", "ward"."""
    generic = set(directory().city.get("search", {}).get("generic", ()))
    wards = [name for ward in directory().wards() for name in ward.name.values()]
    streets = Place.objects.filter(kind="street").values_list("name", flat=True).distinct()
    found = set()
    for words in (fold(str(name)).split() for name in (*wards, *streets)):
        bare = words[1:] if words and words[0] in generic else words
        found |= {" ".join(each) for each in (words, bare) if len(each) > 1}
    return frozenset(found)


def _place_in_list(cursor: str) -> tuple[datetime, UUID, UUID]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        instant, petition, case = text.split("|")
        at = datetime.fromisoformat(instant)
        if at.tzinfo is None:
            raise BadCursor(cursor)
        return at, UUID(petition), UUID(case)
    except (ValueError, binascii.Error) as broken:
        raise BadCursor(cursor) from broken


def run(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
