"""Search for a place by what people type: no accents, abbreviations, house numbers, old names."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from thudo.base.folding import clean, fold
from thudo.directory.queries.snapshot import Area, Directory, Successor, directory, say
from thudo.directory.rules import (
    begins_a_word,
    closeness,
    holds_all,
    is_house_number,
    leading_number,
    plain,
    spellings,
)

_MOST_CANDIDATES = 300
# No name of a place is longer; what follows would only cost time.
_LONGEST = 120
_COLUMNS = "kind, name, detail, folded, area_id, longitude, latitude, weight"
_plain = lru_cache(maxsize=32_768)(plain)


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate. Without a point it only narrows: `areas` are the present areas it may lie in."""

    kind: str
    label: str
    detail: str
    longitude: float | None
    latitude: float | None
    area: str | None
    area_name: str
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Query:
    """`words`: each a choice of spellings that must all occur; `hints`: kinds of street or area
    ("pho", "phuong") that only raise a candidate; `number`: a house number typed first;
    `generic`: all such kinds here; `typed`: as typed, when with accents."""

    words: tuple[tuple[str, ...], ...]
    hints: frozenset[str]
    number: str
    generic: frozenset[str]
    typed: str

    @property
    def text(self) -> str:
        return " ".join(word[0] for word in self.words)


@dataclass(frozen=True, slots=True)
class _Row:
    kind: str
    name: str
    detail: str
    folded: str
    area: str | None
    longitude: float | None
    latitude: float | None
    weight: int


Ranked = list[tuple[float, Found]]


def search_places(q: str, near: tuple[float, float] | None = None, limit: int = 8) -> list[Found]:
    """The best candidates for what was typed; `near` (longitude, latitude) breaks ties."""
    lists = directory()
    query = _parse(q, lists)
    # One letter is in nearly every name.
    if len(query.text) < 2:
        return []
    ranked = _ranked(query, lists, near)
    if not ranked or (query.number and not any(f.kind == "address" for _s, f in ranked)):
        ranked += _nearest_numbers(query, lists)
    if not ranked:
        ranked = _slips(query, lists, near)
    ranked.sort(key=lambda pair: (-pair[0], len(pair[1].label), pair[1].label))
    return _distinct((found for _score, found in ranked), limit)


def _parse(q: str, lists: Directory) -> _Query:
    search = lists.city.get("search", {})
    short: dict[str, list[str]] = search.get("abbreviations", {})
    generic = frozenset(search.get("generic", []))
    words: list[tuple[str, ...]] = []
    hints: set[str] = set()
    q = q[:_LONGEST]
    tokens = plain(q).split()
    for token in tokens:
        choice = tuple(short.get(token, [token]))
        if generic.issuperset(choice):
            hints.update(choice)
        else:
            words.append(choice)
    if not words:
        words, hints = [(token,) for token in tokens], set()
    number = words[0][0] if words and is_house_number(words[0][0]) else ""
    typed = clean(q).lower()
    return _Query(
        tuple(words), frozenset(hints), number, generic, "" if typed == fold(typed) else typed
    )


def _ranked(query: _Query, lists: Directory, near: tuple[float, float] | None) -> Ranked:
    areas = [(score - _far(found, near), found) for score, found in _areas(query, lists)]
    rows = [
        (_score(row, query) - _far(row, near), row)
        for row in _rows(query.words)
        if holds_all(row.folded, query.words)
    ]
    rows.sort(key=lambda pair: -pair[0])
    return [*areas, *((score, _place(row, lists)) for score, row in rows[:40])]


def _areas(query: _Query, lists: Directory) -> Iterable[tuple[float, Found]]:
    for area in lists.areas.values():
        if area.parent is None or not holds_all(area.folded, query.words):
            continue
        score = 0.9 + _closeness(say(area.full_name), query)
        if area.valid_to is None:
            yield score, _area(area)
        else:
            # A present name comes before the same name of the past.
            for found in _former(area, lists):
                yield score - 0.6, found


def _area(area: Area) -> Found:
    name = say(area.full_name)
    return Found(area.kind, name, "", area.longitude, area.latitude, area.code, name)


def _former(area: Area, lists: Directory) -> Iterable[Found]:
    """One candidate for each present area that took over a part of a former one."""
    successors = lists.successors.get(area.code, ())
    label = _("%(name)s (former)") % {"name": say(area.full_name)}
    if area.longitude is None or area.latitude is None:
        codes = tuple(successor.area for successor in successors)
        detail = _("now %(number)s wards and communes") % {"number": len(codes)}
        yield Found(area.kind, label, detail, None, None, None, "", codes)
        return
    home = lists.area_at(area.longitude, area.latitude)
    for successor in successors:
        now = lists.areas[successor.area]
        # The old centre lies in one successor only; for the others show their own.
        at = area if home and home.code == now.code else now
        yield Found(
            kind=area.kind,
            label=label,
            detail=_succession(successor) % {"area": say(now.full_name)},
            longitude=at.longitude,
            latitude=at.latitude,
            area=now.code,
            area_name=say(now.full_name),
        )


def _succession(successor: Successor) -> str:
    return _("partly in %(area)s") if successor.is_divided else _("now in %(area)s")


def _rows(words: Sequence[tuple[str, ...]], kind: str = "") -> list[_Row]:
    """Candidates that contain all words; a trigram index answers for words of three letters up."""
    tests = ["(" + " OR ".join(["folded LIKE %s"] * len(choice)) + ")" for choice in words]
    values: list[Any] = [f"%{word}%" for choice in words for word in choice]
    if kind:
        tests.append("kind = %s")
        values.append(kind)
    # The words hold only letters, digits, "/" and "-": nothing that LIKE would read as a pattern.
    sql = (
        f"SELECT {_COLUMNS} FROM directory_place WHERE {' AND '.join(tests)} "  # noqa: S608
        f"ORDER BY weight DESC LIMIT {_MOST_CANDIDATES}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [_Row(*row) for row in cursor.fetchall()]


def _place(row: _Row, lists: Directory, detail: str = "") -> Found:
    area = lists.areas.get(row.area or "")
    if area is not None and area.valid_to is not None:
        # A street known only by its old district narrows to that district's present wards.
        codes = tuple(successor.area for successor in lists.successors.get(area.code, ()))
        former = _("%(name)s (former)") % {"name": say(area.full_name)}
        return Found(row.kind, row.name, former, None, None, None, "", codes)
    name = say(area.full_name) if area else ""
    told = ", ".join(part for part in (detail or row.detail, name) if part)
    return Found(
        row.kind, row.name, told, row.longitude, row.latitude, area.code if area else None, name
    )


def _nearest_numbers(query: _Query, lists: Directory) -> Ranked:
    """The street that was typed, and its known house numbers nearest to the wanted one."""
    street = replace(query, words=query.words[1:], number="")
    if not query.number or not street.words:
        return []
    wanted = leading_number(query.number)
    told = _("nearest known to number %(number)s") % {"number": query.number}
    numbers = [
        (_score(row, street) - min(abs(leading_number(row.folded) - wanted), 200) / 100, row)
        for row in _rows(street.words, "address")
        if holds_all(_plain(row.name), street.words)
    ]
    numbers.sort(key=lambda pair: -pair[0])
    streets = [(_score(row, street), row) for row in _rows(street.words, "street")]
    return [
        *((score - 0.2, _place(row, lists, told)) for score, row in numbers[:3]),
        *((score, _place(row, lists)) for score, row in streets),
    ]


def _slips(query: _Query, lists: Directory, near: tuple[float, float] | None) -> Ranked:
    """Nothing holds all words: first mend words that nothing here begins with, then leave one out."""
    known = _vocabulary(lists.version_id, lists.import_id)
    choices = [
        choice
        if any(begins_a_word(word, known) for word in choice)
        else tuple(spellings(choice[0], known))
        for choice in query.words
    ]
    words = tuple(choice for choice in choices if choice)
    if words and words != query.words:
        mended = replace(query, words=words)
        if _is_telling(mended) and (found := _ranked(mended, lists, near)):
            return found
    shorter = [replace(query, words=rest) for rest in (words[1:], words[:-1])]
    return [pair for q in shorter if _is_telling(q) for pair in _ranked(q, lists, near)]


def _is_telling(query: _Query) -> bool:
    """Whether what is left of a query still names something."""
    return len(query.text) > 3


@lru_cache(maxsize=1)
def _vocabulary(_version: int, _extract: int) -> tuple[str, ...]:
    """Every word of three letters up in the names of places and areas, sorted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT folded FROM directory_place UNION SELECT folded FROM directory_area")
        words = {word for row in cursor.fetchall() for word in row[0].split()}
    return tuple(sorted(word for word in words if len(word) > 2))


def _score(row: _Row, query: _Query) -> float:
    score = _closeness(row.name, query) + row.weight / 100
    return score - 0.5 if row.longitude is None else score


def _closeness(name: str, query: _Query) -> float:
    """How well the name is what was typed, kinds of street or area aside."""
    words = _plain(name).split()
    core = " ".join(word for word in words if word not in query.generic) or " ".join(words)
    score = closeness(core, query.text)
    if query.hints and query.hints & set(words):
        score += 0.5
    # Who types accents means them: Hạ Đình is not Hà Đình.
    if query.typed and query.typed in name.lower():
        score += 0.3
    return score


def _far(found: Found | _Row, near: tuple[float, float] | None) -> float:
    """What distance takes off: 0.1 a kilometre, at most 1.5; no point counts as 10 km."""
    if near is None:
        return 0.0
    if found.longitude is None or found.latitude is None:
        return 1.0
    x = (found.longitude - near[0]) * math.cos(math.radians(near[1]))
    return min(1.5, 0.1 * 111.32 * math.hypot(x, found.latitude - near[1]))


def _distinct(found: Iterable[Found], limit: int) -> list[Found]:
    kept: dict[tuple[str, str | None, str], Found] = {}
    for candidate in found:
        kept.setdefault((fold(candidate.label), candidate.area, candidate.detail), candidate)
        if len(kept) == limit:
            break
    return list(kept.values())
