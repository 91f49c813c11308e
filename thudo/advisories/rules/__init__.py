"""What an advisory is, in which state it is at an instant, and whether it speaks of a place. Pure.

Words of the field where there are some: severity, certainty and purpose (its `status`) as in the
Common Alerting Protocol 1.2; planned, running, ended, withdrawn for WZDx's planned, active,
completed, cancelled. docs/reference/advisories.md has the table.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

WORKS, CUT, SCHEDULE = "works", "cut", "schedule"
INCIDENT, WARNING, PROJECT = "incident", "warning", "project"
# kind -> English msgid
KINDS: dict[str, str] = {
    INCIDENT: "Incident",
    WARNING: "Warning",
    CUT: "Planned cut",
    WORKS: "Planned works",
    SCHEDULE: "Schedule",
    PROJECT: "Project works",
}
# What it is about; the pack says which services each answers (city.toml: [advisories.services]).
ABOUT: dict[str, str] = {
    "power": "Electricity",
    "water": "Clean water",
    "drainage": "Drainage, flooding",
    "road": "Roads, traffic",
    "trees": "Trees",
    "waste": "Waste",
    "lighting": "Street lighting",
    "weather": "Weather",
    "fire": "Fire",
    "other": "Another matter",
}
SEVERITIES = ("extreme", "severe", "moderate", "minor", "unknown")
CERTAINTIES = ("observed", "likely", "possible", "unlikely", "unknown")
PURPOSES = ("actual", "exercise", "test")

PLANNED, RUNNING, ENDED, WITHDRAWN = "planned", "running", "ended", "withdrawn"
STATES: dict[str, str] = {
    PLANNED: "Planned",
    RUNNING: "Running",
    ENDED: "Ended",
    WITHDRAWN: "Withdrawn",
}
# These go on until somebody says that they are over, however long ago that was expected.
UNTIL_TOLD = frozenset({INCIDENT, WARNING})
# But nobody believes one that its unit has not spoken of for so long.
SILENCE = timedelta(hours=24)

TITLE_LIMIT, TEXT_LIMIT, STREETS_LIMIT = 160, 2000, 40
LEAST_METRES, MOST_METRES = 10, 20_000

# How an advisory lies to the place that was asked about; the nearest first.
HERE, STREET, NEAR, ELSEWHERE = "here", "street", "near", "elsewhere"
HOWS = (HERE, STREET, NEAR, ELSEWHERE)

# What a person did after the answer: it was enough, or he sent his report all the same.
ENOUGH, SENT = "enough", "sent"

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Content:
    """What an advisory says. `title`, `text`, `instruction`: {"vi": ..., "en": ...}; `areas`,
    `services`: codes of the directory; `geometry`: GeoJSON (EPSG:4326) or None, widened by
    `radius` metres; `ends_at`: expected end, None while nobody can say; `source_at`: the hour
    of what the source said."""

    kind: str
    about: str
    title: Words
    begins_at: datetime
    source_name: str
    source_at: datetime
    text: Words = field(default_factory=dict)
    instruction: Words = field(default_factory=dict)
    ends_at: datetime | None = None
    severity: str = "unknown"
    certainty: str = "unknown"
    services: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    streets: tuple[str, ...] = ()
    geometry: Mapping[str, Any] | None = None
    radius: int | None = None
    source_url: str = ""


def closes_at(
    kind: str, begins_at: datetime, ends_at: datetime | None, told_at: datetime
) -> datetime:
    """From when on it no longer counts unless its unit speaks again.

    Works, cuts and schedules are over at their expected end. An incident or a warning goes on
    past it, for SILENCE after its end or its latest news; so does whatever names no end.
    """
    if ends_at is not None and kind not in UNTIL_TOLD:
        return ends_at
    return max(ends_at or begins_at, begins_at, told_at) + SILENCE


def state_at(
    at: datetime,
    *,
    begins_at: datetime,
    closes_at: datetime,
    ended_at: datetime | None,
    withdrawn_at: datetime | None,
) -> str:
    """The state at an instant: planned, running, ended or withdrawn."""
    if withdrawn_at is not None and withdrawn_at <= at:
        return WITHDRAWN
    if (ended_at is not None and ended_at <= at) or closes_at <= at:
        return ENDED
    return RUNNING if begins_at <= at else PLANNED


def names_street(folded_text: str, folded_street: str, generic: frozenset[str]) -> bool:
    """Whether a folded text holds a street's own name as whole words ("pho", "duong" left out)."""
    words = [word for word in re.findall(r"\w+", folded_street) if word not in generic]
    name = " ".join(words)
    text = " ".join(re.findall(r"\w+", folded_text))
    return bool(name) and f" {name} " in f" {text} "


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[Any]]:
    """field -> [before, after] of what differs."""
    return {name: [old.get(name), value] for name, value in new.items() if old.get(name) != value}


OPENS, OPEN, CLOSED = "coming", "open", "closed"
CONSULTATION_STATES: dict[str, str] = {
    OPENS: "Not open yet",
    OPEN: "Open for answers",
    CLOSED: "Closed",
    WITHDRAWN: "Withdrawn",
}
LEAST_CHOICES, MOST_CHOICES, COMMENT_LIMIT = 2, 6, 500


def consultation_state(
    at: datetime, opens_at: datetime, closes_at: datetime, withdrawn_at: datetime | None
) -> str:
    """The state of a consultation at an instant."""
    if withdrawn_at is not None and withdrawn_at <= at:
        return WITHDRAWN
    if at < opens_at:
        return OPENS
    return OPEN if at < closes_at else CLOSED


# journal action -> sentence; English msgids, Vietnamese in locale/
ACTIONS: dict[str, str] = {
    "advisory.published": "An advisory was published",
    "advisory.amended": "An advisory was amended",
    "advisory.ended": "An advisory was ended",
    "advisory.withdrawn": "An advisory was withdrawn",
    "advisory.voice_added": "One more caller is affected",
    "consultation.published": "A ward asks its people",
    "consultation.answered": "A resident answered a question of the ward",
    "consultation.closed": "A question to the people was closed early",
    "consultation.withdrawn": "A question to the people was withdrawn",
}


def shape(kind: str, state: str) -> str:
    """The mark of the design system: a triangle for what is wrong now, a diamond for works that
    run, a ring for what is to come, a tick for what is over, hatching for what was taken back."""
    if state == RUNNING:
        return "late" if kind in UNTIL_TOLD else "soon"
    return {PLANNED: "wait", ENDED: "done", WITHDRAWN: "unknown"}[state]
