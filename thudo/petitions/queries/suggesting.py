"""What a text so far seems to be: its service, who would own it, what others already sent."""

from dataclasses import dataclass, field
from datetime import datetime

from thudo.directory.queries import Located, Service, directory, say, surely_named
from thudo.petitions.queries.offices import office_for
from thudo.petitions.queries.placing import place_filing
from thudo.petitions.queries.screening import Reading, read_filing
from thudo.petitions.queries.similar import Lookalikes, similar_to
from thudo.petitions.rules import Filing

_ALTERNATIVES = 2
_WORDS = 4


@dataclass(frozen=True, slots=True)
class Owner:
    """Who would get it if it were sent now, and the instants that would be promised."""

    unit: str
    post: str
    intake_kind: str
    intake_due_at: datetime
    promised_at: datetime
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the service with its options (code, words); may always be skipped."""

    code: str
    text: str
    options: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`service` "" when nothing is proposed; `words`: those of the text that decided;
    `notice`: what to say to somebody whose matter this channel does not handle as a case."""

    service: str = ""
    name: str = ""
    words: list[str] = field(default_factory=list)
    alternatives: list[tuple[str, str]] = field(default_factory=list)
    danger: bool = False
    urgency: str = ""
    notice: str = ""
    questions: list[Question] = field(default_factory=list)
    similar: Lookalikes = field(default_factory=Lookalikes)
    owner: Owner | None = None
    # A place the text names, to be confirmed as the pin.
    place: Located | None = None


def suggestion(
    text: str,
    longitude: float | None,
    latitude: float | None,
    chosen: str,
    at: datetime,
    *,
    looks_around: bool = True,
) -> Suggestion:
    """Read an unfinished filing; `chosen`: the service the person picked, "" for none.

    `looks_around`: for similar reports too.
    """
    services = directory().services
    chosen = chosen if chosen in services and services[chosen].is_admissible else ""
    filing = Filing(text=text, service=chosen, longitude=longitude, latitude=latitude)
    reading = read_filing(filing)
    found = reading.classification
    kind = services.get(reading.kind_not_taken)
    # What this channel does not take has a notice, and no service that would be chosen unseen.
    proposed = None if kind else services.get(found.service or "")
    place = _place(filing)
    return Suggestion(
        service=proposed.code if proposed and proposed.is_admissible else "",
        name=say(proposed.name) if proposed and proposed.is_admissible else "",
        words=[word for word, weight in found.words if weight > 0][:_WORDS],
        alternatives=_alternatives(reading),
        danger=reading.danger,
        urgency=reading.urgency,
        notice=_notice(kind),
        questions=_questions(reading),
        similar=_similar(filing, reading, place, at) if looks_around else Lookalikes(),
        owner=_owner(filing, reading, at),
        place=place,
    )


def _notice(kind: Service | None) -> str:
    """Why it is not taken, and where the right office is."""
    if kind is None:
        return ""
    office = office_for(kind.code)
    return f"{say(kind.reason)} {office.line}" if office else say(kind.reason)


def _place(filing: Filing) -> Located | None:
    """Only while there is no point, and only what is more than a ward."""
    if filing.longitude is not None or not filing.text:
        return None
    found = surely_named(filing.text, wait=False)
    return found if found and found.precision != "ward" else None


def _questions(reading: Reading) -> list[Question]:
    service = directory().services.get(reading.service)
    asked = service.questions if service and reading.handling == "case" else ()
    return [
        Question(q["code"], say(q["text"]), [(o["code"], say(o["text"])) for o in q["options"]])
        for q in asked
        if q.get("options")
    ]


def _alternatives(reading: Reading) -> list[tuple[str, str]]:
    services = directory().services
    found = reading.classification
    first = "" if reading.kind_not_taken else found.service
    codes = [code for code, _share in found.alternatives if code != first]
    rows = [services[code] for code in codes if code in services and services[code].is_admissible]
    return [(row.code, say(row.name)) for row in rows[:_ALTERNATIVES]]


def _similar(filing: Filing, reading: Reading, place: Located | None, at: datetime) -> Lookalikes:
    """Near the point, or near the place that the text surely names; of what is no matter for the
    city nothing is looked for."""
    longitude, latitude = filing.longitude, filing.latitude
    if place and longitude is None:
        longitude, latitude = place.longitude, place.latitude
    if longitude is None or latitude is None or reading.handling != "case":
        return Lookalikes()
    beside = [code for code, _share in reading.classification.alternatives[:_ALTERNATIVES]]
    return similar_to(filing.text, reading.service, beside, longitude, latitude, at)


def _owner(filing: Filing, reading: Reading, at: datetime) -> Owner | None:
    """None as long as the place or the matter is open: a guess would be a promise."""
    lists = directory()
    if reading.handling != "case" or filing.longitude is None or filing.latitude is None:
        return None
    if lists.area_at(filing.longitude, filing.latitude) is None:
        return None
    placing = place_filing(filing, reading, at)
    first = "triage" if "triage" in placing.clocks else "intake"
    post = lists.posts.get(placing.post)
    return Owner(
        unit=say(lists.units[placing.unit].name),
        post=say(post.title) if post else "",
        intake_kind=first,
        intake_due_at=placing.clocks[first].due_at,
        promised_at=placing.promised_at,
        is_sure=first == "intake",
    )
