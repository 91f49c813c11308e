"""Advisories and consultations as the API says them: the structs, and our rows put into them."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from django.conf import settings
from msgspec import Meta, Struct

from thudo.advisories import queries
from thudo.advisories import rules as said
from thudo.advisories.models import Advisory as AdvisoryRow
from thudo.advisories.models import Consultation as ConsultationRow
from thudo.advisories.models import Revision as RevisionRow
from thudo.standards.v1.mapping.bodies import Code, Instant, Short

Kind = Literal["incident", "warning", "cut", "works", "schedule", "project"]
About = Literal[
    "power", "water", "drainage", "road", "trees", "waste", "lighting", "weather", "fire", "other"
]
Severity = Literal["extreme", "severe", "moderate", "minor", "unknown"]
Certainty = Literal["observed", "likely", "possible", "unlikely", "unknown"]
Ground = Annotated[
    dict[str, Any], Meta(description="A GeoJSON geometry (EPSG:4326); a point needs a radius")
]
Metres = Annotated[int, Meta(ge=said.LEAST_METRES, le=said.MOST_METRES)]
Note = Annotated[str, Meta(max_length=said.TEXT_LIMIT, description="Everybody reads it")]


class Told(Struct, forbid_unknown_fields=True):
    """The same words in two languages; one is enough."""

    vi: Annotated[str, Meta(max_length=said.TEXT_LIMIT)] = ""
    en: Annotated[str, Meta(max_length=said.TEXT_LIMIT)] = ""

    def words(self) -> dict[str, str]:
        return {"vi": self.vi, "en": self.en}


class Source(Struct, forbid_unknown_fields=True):
    """Who says so, where, and as of which hour."""

    name: Short
    at: Instant
    url: Annotated[str, Meta(max_length=500)] = ""


class Announcement(Struct, forbid_unknown_fields=True):
    """What a unit announces. Without `areas` they are those that `geometry` touches; without
    `services` those that the city names for `about`."""

    unit: Code
    kind: Kind
    about: About
    title: Told
    begins_at: Instant
    source: Source
    external_id: Annotated[
        Short, Meta(description="Your own name for it: the same one again amends")
    ] = ""
    ends_at: Annotated[Instant | None, Meta(description="Expected end; null: nobody knows")] = None
    text: Told = msgspec.field(default_factory=Told)
    instruction: Told = msgspec.field(default_factory=Told)
    severity: Severity = "unknown"
    certainty: Certainty = "unknown"
    services: Annotated[list[Code], Meta(max_length=40)] = []
    areas: Annotated[list[Code], Meta(max_length=300)] = []
    streets: Annotated[list[Short], Meta(max_length=said.STREETS_LIMIT)] = []
    geometry: Ground | None = None
    radius: Metres | None = None
    note: Note = ""


class Ending(Struct, forbid_unknown_fields=True):
    """How it ended, or why it is taken back."""

    note: Note = ""


class Revision(Struct):
    """One version: what was done, when, why, and which fields changed (before, after)."""

    version: int
    action: str
    at: Instant
    note: str
    changed: dict[str, Any]


class Advisory(Struct):
    """An advisory as it stands, with all its versions; `state` as of this answer."""

    id: int
    url: str
    kind: Kind
    about: About
    state: Literal["planned", "running", "ended", "withdrawn"]
    purpose: Literal["actual", "exercise", "test"]
    severity: Severity
    certainty: Certainty
    title: dict[str, str]
    text: dict[str, str]
    instruction: dict[str, str]
    unit: str
    services: list[str]
    areas: list[str]
    streets: list[str]
    geometry: dict[str, Any] | None
    radius: int | None
    begins_at: Instant
    ends_at: Instant | None
    ended_at: Instant | None
    withdrawn_at: Instant | None
    source: Source
    external_id: str
    published_at: Instant
    revised_at: Instant
    version: int
    voices: Annotated[int, Meta(description="Callers who said that they are affected")]
    demonstration: bool
    how: Annotated[
        str, Meta(description="With lon, lat or street: here, street, near or elsewhere")
    ] = ""
    revisions: list[Revision] = []


class Advisories(Struct):
    """The nearest first where a place was asked about, else in the order of their beginning."""

    items: list[Advisory]


class Choice(Struct):
    """A choice and, once the question is closed, how many devices chose it."""

    code: str
    text: dict[str, str]
    count: int | None


class Consultation(Struct):
    """A question that a unit asks its people. Not a vote: one answer a device."""

    id: int
    url: str
    unit: str
    areas: list[str]
    question: dict[str, str]
    choices: list[Choice]
    answers: int
    state: Literal["coming", "open", "closed"]
    opens_at: Instant
    closes_at: Instant
    demonstration: bool


class Consultations(Struct):
    """Those that close last first."""

    items: list[Consultation]


def content_of(body: Announcement) -> said.Content:
    """What was sent, for the deed."""
    return said.Content(
        kind=body.kind, about=body.about, title=body.title.words(), text=body.text.words(),
        instruction=body.instruction.words(), begins_at=body.begins_at, ends_at=body.ends_at,
        severity=body.severity, certainty=body.certainty, services=tuple(body.services),
        areas=tuple(body.areas), streets=tuple(body.streets), geometry=body.geometry,
        radius=body.radius, source_name=body.source.name, source_url=body.source.url,
        source_at=body.source.at,
    )  # fmt: skip


def advisory(
    row: AdvisoryRow, at: datetime, *, how: str = "", revisions: list[RevisionRow] | None = None
) -> Advisory:
    """A row as the API says it."""
    values = {
        name: getattr(row, name)
        for name in Advisory.__struct_fields__
        if name not in _MADE and hasattr(row, name)
    }
    return Advisory(
        **values, url=f"{settings.PUBLIC_URL}/advisories/{row.pk}", state=row.state(at),  # type: ignore[arg-type]
        source=Source(row.source_name, row.source_at, row.source_url), how=how,
        demonstration=row.is_invented, revisions=[_revision(one) for one in revisions or ()],
    )  # fmt: skip


_MADE = {"url", "state", "source", "how", "demonstration", "revisions"}


def _revision(row: RevisionRow) -> Revision:
    return Revision(row.version, row.action, row.at, row.note, row.changed)


def consultation(row: ConsultationRow, at: datetime) -> Consultation:
    """A row with its count; the choices' own counts wait until nobody answers any more."""
    results, state = queries.results_of(row), row.state(at)
    choices = [
        Choice(one.code, one.text, one.count if state == said.CLOSED else None)
        for one in results.choices
    ]
    return Consultation(
        row.pk, f"{settings.PUBLIC_URL}/consultations/{row.pk}", row.unit, row.areas, row.question,
        choices, results.total, state, row.opens_at, row.closes_at, row.is_invented,  # type: ignore[arg-type]
    )  # fmt: skip
