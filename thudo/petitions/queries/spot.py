"""Answered on the spot: what the city already knows of a matter that somebody is about to send."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core import signing

from thudo.advisories.queries import Near, Shown, near, shown
from thudo.advisories.rules import ELSEWHERE, RUNNING, UNTIL_TOLD
from thudo.base.identifiers import is_public_number
from thudo.cases.lifecycle import STATES
from thudo.directory.queries import directory, surely_named
from thudo.petitions.models import Petition
from thudo.petitions.queries.public import PublicView, public_views
from thudo.petitions.queries.screening import read_filing
from thudo.petitions.rules import Filing

# Of more nobody reads before sending.
_MOST = 3
_NUMBER = re.compile(r"(?<!\d)\d(?: ?\d){9}(?!\d)")
_SALT = "petitions.spot"


@dataclass(frozen=True, slots=True)
class Known:
    """A petition whose number the text names: `state` as a msgid."""

    number: str
    state: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Spot:
    """The answer: announcements for this place and service, the nearest first, and the state of
    petitions that the text names. `told` carries what was shown to the moment of the choice."""

    announcements: tuple[Shown, ...]
    petitions: tuple[Known, ...]
    told: str

    def __bool__(self) -> bool:
        return bool(self.announcements or self.petitions)


@dataclass(frozen=True, slots=True)
class Told:
    """What was shown to somebody, as the form brings it back: nothing about him."""

    advisories: tuple[int, ...] = ()
    service: str = ""
    area: str = ""
    has_petition: bool = False


def on_the_spot(
    text: str, *, service: str, point: tuple[float, float] | None, place: str, at: datetime
) -> Spot:
    """What is announced for the place at `at` and answers the service, and named petitions.

    `service`: what the person chose, "" for what his words say; `place`: the words of its field.
    Two queries at most (and a third for a named petition's case); outside the city: nothing.
    """
    service = _service(text, service)
    point = point or _located(place) or _located(text)
    area = directory().area_at(*point) if point else None
    found = _announced(f"{place}\n{text}", service, area.code, point, at) if area else []
    petitions = _named(text)
    told = Told(
        tuple(one.advisory.pk for one in found), service, area.code if area else "",
        bool(petitions),
    )  # fmt: skip
    return Spot(tuple(shown(found, at)), petitions, _signed(told))


def told_of(signed: str) -> Told | None:
    """What a form brings back, if this server wrote it within a day; else None."""
    try:
        rows = signing.loads(signed, salt=_SALT, max_age=86_400)
    except signing.BadSignature:
        return None
    return Told(tuple(rows[0]), *rows[1:])


def _announced(
    words: str, service: str, area: str, point: tuple[float, float] | None, at: datetime
) -> list[Near]:
    """What runs first; a warning of what may come later is no answer to what somebody sees now."""
    found = near(area=area, point=point, street=words, service=service or "-", at=at)
    answers = [one for one in found if one.how != ELSEWHERE and _is_answer(one)]
    return sorted(answers, key=lambda one: one.state != RUNNING)[:_MOST]


def _is_answer(one: Near) -> bool:
    return one.state == RUNNING or one.advisory.kind not in UNTIL_TOLD


def _service(text: str, chosen: str) -> str:
    services = directory().services
    if chosen in services and services[chosen].is_admissible:
        return chosen
    return read_filing(Filing(text=text)).service if text else ""


def _located(words: str) -> tuple[float, float] | None:
    """Only a place that is surely meant: an answer about another street is none."""
    found = surely_named(words, wait=False)
    return (found.longitude, found.latitude) if found else None


def _named(text: str) -> tuple[Known, ...]:
    numbers = {one.replace(" ", "") for one in _NUMBER.findall(text)}
    numbers = {one for one in numbers if is_public_number(one)}
    rows = Petition.objects.filter(number__in=sorted(numbers)[:_MOST]) if numbers else ()
    return tuple(_known(view) for view in public_views(rows) if view.is_shown)


def _known(view: PublicView) -> Known:
    return Known(view.number, STATES.get(view.state, ""), view.updated_at)


def _signed(told: Told) -> str:
    rows: Iterable[object] = (told.advisories, told.service, told.area, told.has_petition)
    return signing.dumps(list(rows), salt=_SALT)
