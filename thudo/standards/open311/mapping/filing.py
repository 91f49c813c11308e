"""POST requests: what a client sends as our filing, and our receipt as what it is told."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from thudo.base import phrases
from thudo.directory.queries import Service, directory, say
from thudo.petitions import rules
from thudo.standards.open311.mapping.errors import Wrong
from thudo.standards.open311.mapping.formats import Told
from thudo.standards.open311.mapping.parameters import Given
from thudo.standards.open311.mapping.places import Place
from thudo.standards.open311.mapping.services import code_of

_VALUE_LIMIT = 200
# Languages that say the family name first (CLDR, person names: surnameFirst).
_FAMILY_FIRST = ("vi", "zh", "ja", "ko", "hu", "km")
# Parameters that say who asks, not what for: not a part of what makes a request the same again.
_ENVELOPE = ("api_key", "jurisdiction_id", "extensions")


@dataclass(frozen=True, slots=True)
class Media:
    """What became of the photos: ids of drafts, and a sentence for each that could not be taken."""

    ids: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()


def filing_of(
    asked: Given, service: Service | None, place: Place, *, draft_key: str
) -> rules.Filing:
    """The filing without its files; Wrong with a sentence for each thing that cannot be."""
    answers = _answers(asked, service)
    return rules.Filing(
        text=_text(asked, service, answers), service=service.code if service else "",
        longitude=place.longitude, latitude=place.latitude, area=place.area, place=place.words,
        contact=_contact(asked), answers=answers, channel="api", draft_key=draft_key,
    )  # fmt: skip


def fingerprint(asked: Given, uploads: Sequence[str]) -> str:
    """What makes a request the same one again: all that it says, and its files (their digests)."""
    said = sorted((name, list(v)) for name, v in asked.values.items() if name not in _ENVELOPE)
    return hashlib.sha256(repr([said, list(uploads)]).encode()).hexdigest()


def receipt(
    given: rules.Receipt, place: Place, media: Media, *, at: datetime, **more: bool
) -> Told:
    """The answer to a POST: the number, and in words who has it, by when, and where to follow it.

    `is_test`: it was only tried; `extensions`: the same facts for programs as well.
    """
    is_test = more.get("is_test", False)
    sentences = [*_rehearsal(is_test), *_notice(given, place, at), *media.sentences]
    if not is_test:
        sentences.append(_("Follow it at %(link)s") % {"link": _link(given)})
    row = {
        "service_request_id": given.number,
        "service_notice": " ".join(sentences),
        "extended_attributes": _facts(given, is_test) if more.get("extensions") else None,
    }
    return Told("service_requests", [row])


def refusal(given: rules.Receipt, *, is_test: bool) -> Wrong:
    """The channel does not take this kind of matter: why, where to go, and how to ask again."""
    sentences = [*_rehearsal(is_test), _reason(given)]
    if not is_test:
        said = _("What was sent is kept under the number %(number)s. A review can be asked for at %(link)s")  # fmt: skip
        sentences.append(said % {"number": given.number, "link": _link(given)})
    return Wrong(" ".join(part for part in sentences if part))


def _text(asked: Given, service: Service | None, answers: dict[str, str]) -> str:
    """The description; one too short for a sentence is led in by what was chosen."""
    said = asked["description"]
    if len(said) >= rules.TEXT_LEAST or service is None:
        return said
    chosen = [f"{say(row['text'])} {_chosen(row, answers)}." for row in service.questions if row["code"] in answers]  # fmt: skip
    return "\n".join(part for part in (f"{say(service.name)}.", *chosen, said) if part)


def _chosen(question: dict[str, Any], answers: dict[str, str]) -> str:
    value = answers[question["code"]]
    options = {row["code"]: say(row["text"]) for row in question.get("options") or ()}
    return options.get(value, value)


def _answers(asked: Given, service: Service | None) -> dict[str, str]:
    """Answers to the questions of this service; other attributes are other systems' business."""
    sent = asked.attributes()
    found = {}
    for question in service.questions if service else ():
        if values := sent.get(question["code"]):
            found[question["code"]] = _answer(question, values[-1])
    return found


def _answer(question: dict[str, Any], value: str) -> str:
    options = [row["code"] for row in question.get("options") or ()]
    names = {"code": question["code"]}
    if options and value not in options:
        sentence = _("attribute[%(code)s] must be one of: %(values)s.")
        raise Wrong(sentence % {**names, "values": ", ".join(options)})
    if len(value) > _VALUE_LIMIT:
        sentence = _("attribute[%(code)s]: at most %(count)s characters.")
        raise Wrong(sentence % {**names, "count": _VALUE_LIMIT})
    return value


def _contact(asked: Given) -> rules.Contact:
    try:
        phone = rules.clean_phone(asked["phone"])
    except ValueError as bad:
        raise Wrong(_("phone is not a phone number.")) from bad
    try:
        email = rules.clean_email(asked["email"])
    except ValueError as bad:
        raise Wrong(_("email is not an e-mail address.")) from bad
    return rules.Contact(_name(asked), phone, email)


def _name(asked: Given) -> str:
    parts = [asked["first_name"], asked["last_name"]]
    if settings.LANGUAGE_CODE.split("-")[0] in _FAMILY_FIRST:
        parts.reverse()
    return " ".join(part for part in parts if part)[:_VALUE_LIMIT]


def _notice(given: rules.Receipt, place: Place, at: datetime) -> list[str]:
    if given.handling != "case":
        return [text] if (text := _reason(given)) else []
    return [*_danger(given), *_owner(given, at), *_unplaced(place)]


def _owner(given: rules.Receipt, at: datetime) -> list[str]:
    unit = say(directory().units[given.unit].name)
    found = [_("%(unit)s is in charge of it.") % {"unit": unit}]
    if given.intake_due_at:
        due = phrases.promise(given.intake_due_at, at)
        found.append(_("It will confirm that it has taken it in %(due)s.") % {"due": due})
    if given.promised_at:
        due = phrases.promise(given.promised_at, at)
        found.append(_("The result is promised %(due)s.") % {"due": due})
    return found


def _danger(given: rules.Receipt) -> list[str]:
    numbers = directory().city.get("emergency", ())
    if not given.danger or not numbers:
        return []
    told = ", ".join(f"{row['number']} ({say(row['label'])})" for row in numbers)
    return [_("If somebody is in danger, call now: %(numbers)s.") % {"numbers": told}]


def _unplaced(place: Place) -> list[str]:
    if place.is_known:
        return []
    return [_("The address was not found on our map for certain; the intake desk reads it.")]


def _reason(given: rules.Receipt) -> str:
    row = directory().services.get(given.service)
    return say(row.reason) if row and row.reason else ""


def _rehearsal(is_test: bool) -> list[str]:  # noqa: FBT001
    return [_("This is the test endpoint: nothing was filed.")] if is_test else []


def _facts(given: rules.Receipt, is_test: bool) -> dict[str, Any]:  # noqa: FBT001
    return {
        "handling": given.handling,
        "service_code": code_of(given.service),
        "unit": given.unit,
        "urgency": given.urgency,
        "intake_due_datetime": given.intake_due_at,
        "expected_datetime": given.promised_at,
        "legal_basis": given.legal_basis or None,
        "secret": None if is_test else given.secret,
        "link": None if is_test else _link(given),
        "is_replay": given.is_replay,
    }


def _link(given: rules.Receipt) -> str:
    return f"{settings.PUBLIC_URL}/petitions/{given.number}/{given.secret}"
