"""Public petitions about what may be the same matter: open ones to follow, and what was done of late.

Found by place first (H3 cells, an index), then kind and time, and only then by words; nothing of a
petition that is not public, or of somebody's home, can be among them.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import h3
from django.db import connection

from thudo.base.folding import fold
from thudo.cases import lifecycle
from thudo.directory.queries import directory, say
from thudo.files.rules import IMAGES
from thudo.petitions.rules import CELL_RESOLUTION, HANDLED, likeness, metres_between, title_of

# Of the chosen few. A picture of the work done comes before the sender's own.
_BESIDE = """
SELECT p.id,
  (SELECT count(*) FROM petitions_follower f WHERE f.petition_id = p.id AND f.ended_at IS NULL),
  (SELECT a.id FROM files_attachment a
   WHERE a.subject_kind IN ('petition', 'case') AND a.subject_id IN (p.id::text, p.case_id::text)
     AND a.is_public AND a.media_type = ANY(%(images)s) AND a.purpose <> 'before'
   ORDER BY a.subject_kind, a.uploaded_at DESC LIMIT 1),
  x.text, x.published_at, x.unit
FROM unnest(%(petitions)s::uuid[], %(cases)s::uuid[]) AS p(id, case_id)
LEFT JOIN LATERAL (
  SELECT text, published_at, unit FROM cases_answer
  WHERE case_id = p.case_id AND published_at IS NOT NULL AND outcome = ANY(%(outcomes)s)
  ORDER BY published_at DESC LIMIT 1) x ON true
"""
MOST = 3
# The pack's [similar] may say otherwise, by service where it wants.
_REACH, _DAYS, _ANSWERED_DAYS = 150, 45, 60
_FARTHEST = 500
# Rings of H3 cells of resolution 11 lie this far apart (1.5 edges of 28.7 m).
_RING_METRES = 43
_WEIGHED = 120
_LEAST_LETTERS = 8
_ENDED = (lifecycle.RESOLVED, lifecycle.ANSWERED)

# The place is weighed before the newest are taken: else the planner walks the whole list of the
# newest petitions backwards until it has met enough of this place.
_NEAR = """
WITH near AS MATERIALIZED (
  SELECT id, number, service, place, area, text, folded,
    ARRAY(SELECT w ->> 0 FROM jsonb_array_elements(classification -> 'words') w) AS known,
    longitude, latitude, filed_at
  FROM petitions_petition
  WHERE cell = ANY(%(cells)s) AND service = ANY(%(services)s) AND filed_at > %(since)s
    AND is_public AND NOT is_hidden AND NOT is_home AND handling = ANY(%(handlings)s)),
newest AS (SELECT * FROM near ORDER BY filed_at DESC LIMIT %(weighed)s)
SELECT p.id, p.number, p.service, p.place, p.area, left(p.text, 400), p.known, p.longitude, p.latitude,
  p.filed_at, c.id, c.state, c.unit, c.promised_at, c.closed_at, similarity(p.folded, %(words)s)
FROM newest p
JOIN LATERAL (
  SELECT k.* FROM petitions_petition_case l JOIN cases_case k ON k.id = l.case_id
  WHERE l.petition_id = p.id AND k.is_public AND k.state <> 'merged'
  ORDER BY k.closed_at IS NULL DESC, l.position DESC LIMIT 1) c ON true
"""


@dataclass(frozen=True, slots=True)
class Similar:
    """A public petition near the one that is typed. `mark`: its state's shape; `photo`: the
    address of a small published copy, "" without one; `icon`: of its kind; `done`, `ended_at`,
    `unit`: of an answered one, what was done, when, by whom; `followers`: who follows it now."""

    number: str
    title: str
    place: str
    service: str
    icon: str
    metres: int
    state: str
    mark: str
    filed_at: datetime
    due_at: datetime | None
    photo: str
    followers: int
    unit: str
    done: str = ""
    ended_at: datetime | None = None

    @property
    def people(self) -> int:
        """The sender and who follows."""
        return self.followers + 1


@dataclass(frozen=True, slots=True)
class Lookalikes:
    """At most three in all, likest first."""

    open: tuple[Similar, ...] = ()
    answered: tuple[Similar, ...] = ()

    def __len__(self) -> int:
        return len(self.open) + len(self.answered)


@dataclass(frozen=True, slots=True)
class _Row:
    """A candidate as the database gives it."""

    id: UUID
    number: str
    service: str
    place: str
    area: str
    text: str
    known: list[str]
    longitude: float
    latitude: float
    filed_at: datetime
    case: UUID
    state: str
    unit: str
    promised_at: datetime
    closed_at: datetime | None
    alike: float


def similar_to(
    text: str,
    kind: str,
    beside: Iterable[str],
    longitude: float,
    latitude: float,
    at: datetime,
) -> Lookalikes:
    """What may be the same matter as an unfinished filing. `kind`: its service, "" while unsure;
    `beside`: what it may be instead, shown in like words as neighbouring kinds are."""
    words = fold(text)
    if len(words) < _LEAST_LETTERS:
        return Lookalikes()
    rules = _Rules(kind, beside)
    rows = _candidates(words, rules, (longitude, latitude), at)
    ranked = _ranked(rows, rules, (longitude, latitude))
    open_ones = [
        pair
        for pair in ranked
        if pair[0].state in lifecycle.OPEN and _is_recent(pair[0], rules, at)
    ]
    ended = [pair for pair in ranked if _ended_lately(pair[0], rules, at)]
    # Few enough to be looked at; what can be followed comes first.
    open_ones = open_ones[:MOST]
    return _told(open_ones, ended[: MOST * 2], MOST - len(open_ones), at)


class _Rules:
    """The pack's [similar] for a kind and those it may be instead: neighbours, reach, days."""

    def __init__(self, kind: str, beside: Iterable[str]) -> None:
        given = directory().city.get("similar", {})
        self.kind = kind
        self.services = _neighbours([kind, *beside], given.get("neighbours", ()))
        self.days = timedelta(days=given.get("days", _DAYS))
        self.answered_days = timedelta(days=given.get("answered_days", _ANSWERED_DAYS))
        self._reach = given.get("reach", {})
        self._usual = given.get("reach_metres", _REACH)

    def reach(self, service: str) -> float:
        return float(min(self._reach.get(service, self._usual), _FARTHEST))

    @property
    def farthest(self) -> float:
        return max((self.reach(code) for code in self.services), default=float(self._usual))


def _neighbours(kinds: list[str], named: Iterable[list[str]]) -> list[str]:
    """These kinds, those of their groups and those the pack names beside them."""
    known = directory().services
    groups = {known[code].group for code in kinds if code in known} - {None, ""}
    near = {code for code, row in known.items() if row.group in groups}
    for together in named:
        near |= set(together) if set(together) & set(kinds) else set()
    return sorted(near | set(kinds) - {""})


def _candidates(words: str, rules: _Rules, here: tuple[float, float], at: datetime) -> list[_Row]:
    rings = math.ceil(rules.farthest / _RING_METRES)
    centre = h3.latlng_to_cell(here[1], here[0], CELL_RESOLUTION)
    asked: dict[str, Any] = {
        "cells": [h3.str_to_int(cell) for cell in h3.grid_disk(centre, rings)],
        "services": rules.services,
        "since": at - max(rules.days, rules.answered_days * 2),
        "handlings": sorted(HANDLED),
        "words": words,
        "weighed": _WEIGHED,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, asked)
        return [_Row(*values) for values in cursor.fetchall()]


def _ranked(rows: list[_Row], rules: _Rules, here: tuple[float, float]) -> list[tuple[_Row, float]]:
    """Those that may be the same, likest first, with their metres; each case once."""
    weighed = []
    for row in rows:
        metres = metres_between((row.longitude, row.latitude), here)
        score = likeness(
            alike=row.alike, metres=metres, reach=rules.reach(row.service),
            is_same_service=row.service == rules.kind,
        )  # fmt: skip
        if score:
            weighed.append((score, row, metres))
    weighed.sort(key=lambda one: (-one[0], one[1].number))
    found: dict[UUID, tuple[_Row, float]] = {}
    for _score, row, metres in weighed:
        found.setdefault(row.case, (row, metres))
    return list(found.values())


def _is_recent(row: _Row, rules: _Rules, at: datetime) -> bool:
    return row.filed_at > at - rules.days


def _ended_lately(row: _Row, rules: _Rules, at: datetime) -> bool:
    ended = row.closed_at if row.state in _ENDED else None
    return ended is not None and ended > at - rules.answered_days


def _told(
    open_ones: list[tuple[_Row, float]], ended: list[tuple[_Row, float]], room: int, at: datetime
) -> Lookalikes:
    """`room`: how many answered ones may stand beside the open ones."""
    chosen = [*open_ones, *(ended if room else [])]
    if not chosen:
        return Lookalikes()
    beside = _beside([row for row, _metres in chosen])
    cards = [_similar(row, metres, beside[row.id], at) for row, metres in chosen]
    # Of the others only what was published: a result that waits for its check says nothing.
    answered = [one for one in cards[len(open_ones) :] if one.done]
    return Lookalikes(tuple(cards[: len(open_ones)]), tuple(answered[:room]))


@dataclass(frozen=True, slots=True)
class _Beside:
    """What lies in other tables: who follows, a public picture, the latest published result."""

    followers: int
    photo: UUID | None
    done: str
    ended_at: datetime | None
    unit: str


def _beside(rows: list[_Row]) -> dict[UUID, _Beside]:
    asked: dict[str, Any] = {
        "petitions": [row.id for row in rows],
        "cases": [row.case for row in rows],
        "images": sorted(IMAGES),
        "outcomes": list(_ENDED),
    }
    with connection.cursor() as cursor:
        cursor.execute(_BESIDE, asked)
        return {
            pk: _Beside(followers, photo, text or "", at, unit or "")
            for pk, followers, photo, text, at, unit in cursor.fetchall()
        }


def _similar(row: _Row, metres: float, beside: _Beside, at: datetime) -> Similar:
    lists = directory()
    service = lists.services.get(row.service)
    group = lists.groups.get(service.group or "") if service else None
    area = lists.areas.get(row.area)
    is_open = row.state in lifecycle.OPEN
    unit = lists.units.get(row.unit if is_open else beside.unit)
    return Similar(
        number=row.number,
        title=title_of(row.text, row.known),
        place=row.place or (say(area.full_name) if area else ""),
        service=say(service.name) if service else "",
        icon=group.icon if group else "message-square",
        metres=round(metres / 10) * 10,
        state=row.state,
        mark=_mark(row, at),
        filed_at=row.filed_at,
        due_at=row.promised_at if is_open else None,
        photo=f"/files/{beside.photo}/small" if beside.photo else "",
        followers=beside.followers,
        unit=say(unit.name) if unit else "",
        done="" if is_open else title_of(beside.done, limit=160),
        ended_at=None if is_open else beside.ended_at,
    )


def _mark(row: _Row, at: datetime) -> str:
    if row.state == lifecycle.RESOLVED:
        return "done"
    if row.state not in lifecycle.OPEN:
        return "wait"
    return "late" if at > row.promised_at else "ok"
