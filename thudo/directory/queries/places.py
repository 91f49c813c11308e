"""Search for a place by what people type: no accents, abbreviations, house numbers, old names."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from thudo.base.folding import fold
from thudo.directory.queries.snapshot import Area, Directory, Successor, directory, say

_NUMBER = re.compile(r"\d+[a-z]?([/-]\d+[a-z]?)*")
_SEPARATORS = re.compile(r"[^0-9a-z/\-]+")
_MOST_CANDIDATES = 300
_COLUMNS = "kind, name, detail, folded, area_id, longitude, latitude, weight"


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
    ("pho", "phuong") that only raise a candidate; `number`: a house number typed first."""

    text: str
    words: tuple[tuple[str, ...], ...]
    hints: frozenset[str]
    number: str


def search_places(q: str, near: tuple[float, float] | None = None, limit: int = 8) -> list[Found]:
    """The best candidates for what was typed; `near` (longitude, latitude) breaks ties."""
    lists = directory()
    query = _parse(q, lists)
    if not query.words:
        return []
    ranked = [*_areas(query, lists), *_places(query, lists)]
    if len(ranked) < limit and query.number:
        ranked += _nearest_numbers(query, lists)
    if not ranked:
        ranked = _similar(query, lists)
    if near:
        ranked = [(score - _far(found, near), found) for score, found in ranked]
    ranked.sort(key=lambda pair: (-pair[0], len(pair[1].label), pair[1].label))
    return _distinct((found for _score, found in ranked), limit)


def _parse(q: str, lists: Directory) -> _Query:
    search = lists.city.get("search", {})
    short: dict[str, list[str]] = search.get("abbreviations", {})
    generic = set(search.get("generic", []))
    words: list[tuple[str, ...]] = []
    hints: set[str] = set()
    number = ""
    tokens = _SEPARATORS.sub(" ", fold(q)[:120]).split()
    for token in tokens:
        spellings = tuple(short.get(token, [token]))
        if generic.issuperset(spellings):
            hints.update(spellings)
        else:
            words.append(spellings)
            if len(words) == 1 and _NUMBER.fullmatch(token):
                number = token
    if not words and hints:
        words, hints = [(token,) for token in tokens], set()
    return _Query(" ".join(w[0] for w in words), tuple(words), frozenset(hints), number)


def _areas(query: _Query, lists: Directory) -> Iterable[tuple[float, Found]]:
    for area in lists.areas.values():
        if area.parent is None or not _holds_all(area.folded, query.words):
            continue
        score = 2 + _closeness(area.folded, fold(say(area.name)), query)
        if area.valid_to is None:
            yield score, _area(area)
        else:
            # A present name comes before the same name of the past.
            for found in _former(area, lists):
                yield score - 0.6, found


def _area(area: Area) -> Found:
    return Found(
        area.kind, say(area.full_name), "", area.longitude, area.latitude, area.code, say(area.full_name)
    )  # fmt: skip


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


def _places(query: _Query, lists: Directory) -> list[tuple[float, Found]]:
    return [
        (_score(row, query), _place(row, lists))
        for row in _rows(query.words)
        if _holds_all(row.folded, query.words)
    ]


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


def _rows(words: Sequence[tuple[str, ...]], kind: str = "") -> list[_Row]:
    """Candidates that contain all words; a trigram index answers for words of three letters up."""
    tests = ["(" + " OR ".join(["folded LIKE %s"] * len(spellings)) + ")" for spellings in words]
    values: list[Any] = [f"%{_plain(word)}%" for spellings in words for word in spellings]
    if kind:
        tests.append("kind = %s")
        values.append(kind)
    return _select(f"WHERE {' AND '.join(tests)} ORDER BY weight DESC", values)


def _select(rest: str, values: list[Any]) -> list[_Row]:
    sql = f"SELECT {_COLUMNS} FROM directory_place {rest} LIMIT {_MOST_CANDIDATES}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [_Row(*row) for row in cursor.fetchall()]


def _plain(word: str) -> str:
    return word.replace("\\", "").replace("%", "").replace("_", "")


def _place(row: _Row, lists: Directory, detail: str = "") -> Found:
    area = lists.areas.get(row.area or "")
    if area is None or area.valid_to is None:
        name = say(area.full_name) if area else ""
        told = detail or ", ".join(part for part in (row.detail, name) if part)
        return Found(
            row.kind, row.name, told, row.longitude, row.latitude, row.area if area else None, name
        )
    # A street known only by its old district narrows to that district's present wards.
    codes = tuple(s.area for s in lists.successors.get(area.code, ()))
    former = _("%(name)s (former)") % {"name": say(area.full_name)}
    return Found(row.kind, row.name, detail or former, None, None, None, "", codes)


def _nearest_numbers(query: _Query, lists: Directory) -> list[tuple[float, Found]]:
    """Known house numbers of the street that was typed, the nearest to the wanted one first."""
    words = query.words[1:]
    if not words:
        return []
    wanted = _leading(query.number)
    street = _Query(" ".join(w[0] for w in words), words, query.hints, "")
    told = _("nearest known to number %(number)s") % {"number": query.number}
    found = [
        (_score(row, street) - 1 - min(abs(_leading(row.folded) - wanted), 100) / 100,
         _place(row, lists, f"{told}, {say(lists.areas[row.area].full_name)}" if row.area else told))
        for row in _rows(words, "address")
        if _holds_all(row.folded, words)
    ]  # fmt: skip
    streets = [(_score(row, street), _place(row, lists)) for row in _rows(words, "street")]
    return [*sorted(found, key=lambda pair: -pair[0])[:3], *streets]


def _leading(text: str) -> int:
    digits = re.match(r"\d+", text)
    return int(digits.group()) if digits else 0


def _similar(query: _Query, lists: Directory) -> list[tuple[float, Found]]:
    """Nothing holds all words: the most similar names, for slips of the finger."""
    rows = _select(
        "WHERE %s <%% folded ORDER BY word_similarity(%s, folded) DESC, weight DESC",
        [query.text, query.text],
    )
    wanted = _trigrams(query.text)
    areas = [
        (_alike(wanted, _trigrams(fold(say(area.name)))), area)
        for area in lists.areas.values()
        if area.parent and area.valid_to is None
    ]
    return [
        *((1 + alike, _area(area)) for alike, area in areas if alike >= 0.45),
        *((_alike(wanted, _trigrams(fold(row.name))), _place(row, lists)) for row in rows[:50]),
    ]


def _trigrams(text: str) -> set[str]:
    padded = "".join(f"  {word} " for word in text.split())
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


def _alike(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(1, len(one | other))


def _holds_all(text: str, words: Sequence[tuple[str, ...]]) -> bool:
    """Whether each word begins a word of the text."""
    padded = f" {text}"
    return all(any(f" {word}" in padded for word in spellings) for spellings in words)


def _score(row: _Row, query: _Query) -> float:
    score = _closeness(row.folded, fold(row.name), query) + row.weight / 100
    return score - 0.5 if row.longitude is None else score


def _closeness(text: str, name: str, query: _Query) -> float:
    """0 to 4: how well the name is what was typed, kinds of street or area aside."""
    hinted = 0.4 * any(f" {hint} " in f" {text} " for hint in query.hints)
    if name == query.text:
        return 3 + hinted
    if name.endswith(f" {query.text}"):
        return 2.5 + hinted
    if name.startswith(query.text):
        return 2 + hinted
    return hinted + _holds_all(name, query.words)


def _far(found: Found, near: tuple[float, float]) -> float:
    """What distance takes off: 0.1 a kilometre, at most 1.5; no point counts as 10 km."""
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
