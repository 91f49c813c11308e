"""The bodies of the API as msgspec structs: decoding, encoding and the OpenAPI schemas at once."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from thudo.cases.lifecycle import STATES
from thudo.petitions.rules import TEXT_LEAST, TEXT_LIMIT

Instant = Annotated[datetime, Meta(tz=True)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Number = Annotated[
    str, Meta(pattern="^[0-9]{10}$", description="Ten digits, the last a check digit")
]
Short = Annotated[str, Meta(max_length=200)]
Code = Annotated[str, Meta(max_length=60)]
Verdict = Literal["satisfied", "acceptable", "not_satisfied"]
CASE_STATES = (*STATES, "thanked", "answered_directly", "not_taken")
State = Annotated[str, Meta(extra_json_schema={"enum": list(CASE_STATES)})]


class Point(Struct, forbid_unknown_fields=True):
    """Degrees of WGS 84 (EPSG:4326)."""

    lon: Longitude
    lat: Latitude


class Contact(Struct, forbid_unknown_fields=True):
    """Who files. Encrypted at rest, never shown to those who handle. May be empty where the stream allows anonymous petitions."""

    name: Short = ""
    phone: Short = ""
    email: Short = ""


class Filing(Struct, forbid_unknown_fields=True):
    """A petition to file. Without `service` the text decides; without `point`, `area` and `place` say where."""

    text: Annotated[
        str,
        Meta(
            max_length=TEXT_LIMIT,
            description=f"What is the matter: {TEXT_LEAST} to {TEXT_LIMIT} characters",
        ),
    ]
    service: Annotated[Code, Meta(description="A code of /services; empty: the text decides")] = ""
    point: Point | None = None
    area: Annotated[Code, Meta(description="A code of /areas")] = ""
    place: Annotated[str, Meta(max_length=300, description="The place in words")] = ""
    files: Annotated[list[Short], Meta(max_length=10, description="Ids given by /files")] = []
    contact: Contact = msgspec.field(default_factory=Contact)
    is_public: bool = True
    is_anonymous: bool = False
    is_home: Annotated[
        bool, Meta(description="The place is somebody's home: it is shown within 300 m only")
    ] = False
    insists: Annotated[
        bool, Meta(description="Ask the desk to look at what screening would not take")
    ] = False
    about_unit: Annotated[Code, Meta(description="Whose conduct it is about: a code of /units")] = (
        ""
    )
    channel: Annotated[
        Literal["", "web", "phone", "counter", "zalo", "api"],
        Meta(description="How it came in; all but web need a key with petitions:file"),
    ] = ""
    answers: Annotated[dict[str, Short], Meta(max_length=30)] = {}


class Supplement(Struct, forbid_unknown_fields=True):
    """Words or photos that the petitioner adds."""

    text: Annotated[str, Meta(max_length=TEXT_LIMIT)] = ""
    files: Annotated[list[Short], Meta(max_length=10)] = []


class Judgement(Struct, forbid_unknown_fields=True):
    """The petitioner's verdict on the latest published result; `case` where there are several."""

    value: Verdict
    text: Annotated[str, Meta(max_length=2000)] = ""
    case: Annotated[str, Meta(max_length=20, description="A label of the petition's cases")] = ""


class Withdrawal(Struct, forbid_unknown_fields=True):
    """The petitioner takes the petition back."""


class Named(Struct):
    """A code of the city's lists and its name in the language asked for."""

    code: str
    name: str


class Due(Struct):
    """A term that runs: intake by the unit, or triage by the desk where nobody is sure yet."""

    kind: Literal["intake", "triage"]
    due_at: Instant


class Receipt(Struct):
    """The city's answer within the request: who has it, why, and by when."""

    number: Number
    secret: Annotated[
        str, Meta(description="Opens the petition and every personal deed; shown once")
    ]
    link: Annotated[str, Meta(description="The secret link for a person")]
    handling: Literal["case", "thanked", "answered", "refused"]
    unit: Named
    post: Named | None
    service: Named | None
    urgency: Literal["normal", "urgent", "complex"]
    danger: Annotated[bool, Meta(description="Tell the person to call the emergency numbers now")]
    reason: str
    legal_basis: str
    first_due: Due | None
    promised_at: Annotated[Instant | None, Meta(description="The latest instant of the result")]
    filed_at: Instant
    is_replay: Annotated[
        bool, Meta(description="This request was answered before, with this answer")
    ]


class Summary(Struct):
    """A case in the public list. Petitions that were merged stand together, under the first one's number."""

    number: Number
    link: str
    service: Named | None
    area: Named | None
    place: str
    unit: Named
    urgency: str
    state: State
    state_words: str
    is_late: bool
    filed_at: Instant
    updated_at: Instant
    promised_at: Instant
    closed_at: Instant | None
    petitions: Annotated[int, Meta(description="How many petitions share the case")]
    verdict: Verdict | None


class Page(Struct):
    """A page of the list, newest first; `next` is the cursor of the following one."""

    items: list[Summary]
    next: str | None
    count: Annotated[int, Meta(description="How many cases the filters leave")]
    count_private: Annotated[
        int, Meta(description="How many of them are not public: counted, not listed")
    ]
    count_is_least: Annotated[
        bool, Meta(description="There are more than `count`: hits of a search are counted so far")
    ] = False


class PublicPoint(Struct):
    """A point; `is_coarse`: the middle of a disc of 300 m."""

    lon: float
    lat: float
    is_coarse: bool


class Work(Struct):
    """One matter of the petition as the city's work."""

    label: str
    service: Named | None
    state: State
    unit: Named
    post: Named | None
    urgency: str
    opened_at: Instant
    promised_at: Instant
    closed_at: Instant | None


class Result(Struct):
    """A published result. Answered is not the same as resolved."""

    outcome: str
    text: str
    remaining: str
    next_step: str
    next_at: Instant | None
    unit: Named
    published_at: Instant


class Note(Struct):
    """What a unit wrote on the work."""

    kind: str
    text: str
    unit: Named | None
    at: Instant
    next_step: str
    next_at: Instant | None


class Photo(Struct):
    """A released photo without EXIF."""

    purpose: str
    url: str
    small: str
    taken_at: Instant | None


class Judged(Struct):
    """A verdict that was given."""

    value: Verdict
    at: Instant


class Petition(Struct):
    """A petition. When it is not public and no secret is shown, only number, state, unit and instants are told."""

    number: Number
    is_shown: Annotated[
        bool, Meta(description="Whether more than state, unit and instants is told")
    ]
    state: State
    state_words: str
    is_late: bool
    unit: Named | None
    filed_at: Instant
    updated_at: Instant
    promised_at: Instant | None
    closed_at: Instant | None
    service: Named | None
    stream: Named | None
    area: Named | None
    place: str
    text: str
    point: PublicPoint | None
    cases: list[Work]
    results: list[Result]
    notes: list[Note]
    photos: list[Photo]
    verdicts: list[Judged]


class Stored(Struct):
    """A file kept as a draft. Without a key, give `client_token` with it when filing."""

    id: str
    bytes: int
    media_type: str
    taken_at: Instant | None
    point: Annotated[
        Point | None, Meta(description="The place in the photo's EXIF, offered to its sender only")
    ]
    client_token: str


class Option(Struct):
    """A choice of a question."""

    code: str
    text: str


class Question(Struct):
    """A question that a kind of matter asks; answers go into Filing.answers by code."""

    code: str
    kind: str
    text: str
    options: list[Option]


class Service(Struct):
    """A kind of matter."""

    code: str
    name: str
    group: Named | None
    stream: Named
    is_admissible: Annotated[
        bool, Meta(description="False: this channel does not handle it as a case")
    ]
    is_private_by_default: bool
    identity: Annotated[
        str, Meta(description="What the stream asks of the sender: required, contact, anonymous")
    ]
    questions: list[Question]


class Services(Struct):
    """Every kind of matter of the present pack."""

    items: list[Service]


class Area(Struct):
    """A ward or commune."""

    code: str
    name: str
    full_name: str
    kind: str
    unit: Named | None


class Areas(Struct):
    """The present wards and communes, by name."""

    items: list[Area]


class Unit(Struct):
    """A body that answers."""

    code: str
    name: str
    kind: str
    parent: str | None
    area: str | None
    phone: str
    address: str


class Units(Struct):
    """The present units."""

    items: list[Unit]


class Problem(Struct):
    """RFC 9457. `code` is a stable word; `fields` says of each field, in the language asked for, what is wrong."""

    type: str
    title: str
    status: int
    code: str
    fields: dict[str, str] = {}


Json = dict[str, Any]
