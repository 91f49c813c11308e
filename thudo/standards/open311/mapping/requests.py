"""GET requests: what the public may know of a petition, in the words of GeoReport v2."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from thudo.cases.lifecycle import STATES
from thudo.directory.queries import area_name, directory, say, unit_name
from thudo.operations.queries import shown
from thudo.petitions.models import Petition
from thudo.petitions.queries.public import PublicPhoto, PublicView, leading
from thudo.standards.open311.mapping.formats import Told
from thudo.standards.open311.mapping.parameters import CLOSED, OPEN
from thudo.standards.open311.mapping.services import code_of

Pair = tuple[Petition, PublicView]
# Our states in the words that mySociety added to open and closed.
EXTENDED = {
    "awaiting_intake": "open",
    "transferred": "internal_referral",
    "awaiting_handling": "investigating",
    "in_progress": "in_progress",
    "awaiting_supplement": "investigating",
    "awaiting_check": "in_progress",
    "rechecking": "investigating",
    "reopened": "open",
    "answered": "closed",
    "resolved": "fixed",
    "refused": "no_further_action",
    "merged": "duplicate",
    "withdrawn": "closed",
}


def request_list(pairs: Iterable[Pair], at: datetime, *, extensions: bool) -> Told:
    """Requests in the order given; with `extensions` their full state, attributes and notes."""
    return Told("service_requests", [_request(pair, at, extensions=extensions) for pair in pairs])


def _request(pair: Pair, at: datetime, *, extensions: bool) -> dict[str, Any]:
    petition, view = pair
    row = {
        "service_request_id": view.number,
        "status": OPEN if view.is_open else CLOSED,
        "status_notes": _status_notes(view, at),
        "service_name": _service_name(view.service),
        "service_code": code_of(view.service),
        "description": view.text,
        "agency_responsible": unit_name(view.unit) if view.unit else None,
        "requested_datetime": view.filed_at,
        "updated_datetime": (None if view.is_open else view.closed_at) or view.updated_at,
        "expected_datetime": view.promised_at,
        "address": _address(view),
        "address_id": view.area,
        "zipcode": "",
        "lat": view.point.latitude if view.point else None,
        "long": view.point.longitude if view.point else None,
        "media_url": next(iter(_pictures(view)), ""),
    }
    return {**row, **_more(petition, view, at)} if extensions else row


def _status_notes(view: PublicView, at: datetime) -> str:
    """The state in words; of a closed one also what was answered."""
    words = state_words(view.state)
    if view.is_open:
        return _("%(state)s, late") % {"state": words} if view.is_late(at) else words
    answer = view.answers[-1].text if view.answers else ""
    return f"{words}: {answer}" if answer else words


def state_words(state: str) -> str:
    """A state of a case in the reader's language."""
    return _(STATES[state]) if state in STATES else state


def _service_name(code: str) -> str:
    return shown.service_name(code) if code else _("Kind of matter not chosen")


def _address(view: PublicView) -> str:
    """From the nearest to the widest: the sender's words (never of a home), ward, city."""
    city = directory().city
    name = say(city["full_name"]) if city.get("full_name") else city.get("name", "")
    parts = (view.place, area_name(view.area), name)
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _pictures(view: PublicView) -> list[str]:
    return [settings.PUBLIC_URL + photo.url for photo in view.photos if photo.small]


def _more(petition: Petition, view: PublicView, at: datetime) -> dict[str, Any]:
    case = leading(view.cases)
    return {
        "attributes": _attributes(petition, view) or None,
        "extended_attributes": {
            "detailed_status": view.state,
            "detailed_status_name": state_words(view.state),
            "extended_status": EXTENDED.get(view.state, CLOSED),
            "is_late": view.is_late(at),
            "unit": view.unit or None,
            "post": case.post if case else None,
            "urgency": case.urgency if case else None,
            "area": view.area or None,
            "is_coarse": view.point.is_coarse if view.point else None,
            "verdict": view.verdicts[-1].value if view.verdicts else None,
            "link": f"{settings.PUBLIC_URL}/petitions/{view.number}",
            "photos": [_photo(photo) for photo in view.photos if photo.small] or None,
            "cases": [_case(row) for row in view.cases] or None,
        },
        "notes": _notes(view),
    }


def _case(row: Any) -> dict[str, Any]:
    return {
        "label": row.label,
        "service_code": code_of(row.service),
        "detailed_status": row.state,
        "unit": row.unit,
        "expected_datetime": row.promised_at,
        "closed_datetime": row.closed_at,
    }


def _photo(photo: PublicPhoto) -> dict[str, Any]:
    return {
        "media_url": settings.PUBLIC_URL + photo.url,
        "small_url": settings.PUBLIC_URL + photo.small,
        "title": photo.purpose,
        "created_at": photo.taken_at,
    }


def _notes(view: PublicView) -> list[dict[str, Any]]:
    """What was written on the work, and what was answered, oldest first."""
    found = [(note.at, note.kind, note.text) for note in view.notes]
    found += [(answer.published_at, answer.outcome, answer.text) for answer in view.answers]
    found.append((view.filed_at, "submitted", _("The petition was filed.")))
    return [{"datetime": at, "description": text, "type": kind} for at, kind, text in sorted(found)]


def _attributes(petition: Petition, view: PublicView) -> list[dict[str, Any]]:
    """Answers among those that the pack offers; free words of the sender stay with the unit."""
    service = directory().services.get(view.service)
    found = []
    for question in service.questions if service else ():
        options = {row["code"]: say(row["text"]) for row in question.get("options") or ()}
        chosen = petition.answers.get(question["code"])
        if chosen in options:
            found.append(
                {"code": question["code"], "label": say(question["text"]), "value": chosen, "name": options[chosen]}
            )  # fmt: skip
    return found
