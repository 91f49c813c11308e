"""The deed of filing: one function for pages, clerks and APIs; one transaction; one answer."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import h3
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from psycopg.types.json import Jsonb

from thudo.accounts.gate import require
from thudo.accounts.rules import Actor
from thudo.base.database import together, write
from thudo.base.errors import Invalid, Refused
from thudo.base.folding import clean, fold
from thudo.base.identifiers import new_id, public_number, secret_code
from thudo.base.sealing import keyed_hash
from thudo.cases.actions import Opening, open_case
from thudo.directory.queries import directory
from thudo.files.actions import bind_files
from thudo.journal.actions import record
from thudo.journal.rules import Subject, seal
from thudo.petitions.actions.identity import keep_identity, secret_of
from thudo.petitions.models import Idempotency
from thudo.petitions.queries.placing import Placing, place_filing
from thudo.petitions.queries.screening import Reading, read_filing
from thudo.petitions.rules import (
    ANSWERED_THERE,
    CELL_RESOLUTION,
    TEXT_LEAST,
    TEXT_LIMIT,
    Filing,
    Receipt,
    RequestKey,
    identity_gap,
    receipt_of,
)

_PETITION = """
INSERT INTO petitions_petition (id, number, secret, stream, service, service_by, classification,
  channel, text, salt, folded, vector, answers, place, area, longitude, latitude, cell, is_home,
  is_public, is_anonymous, is_hidden, handling, refusal, filed_at, filed_by, version, pack_version)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, to_tsvector('simple', %s), %s, %s, %s, %s, %s,
  %s, %s, %s, %s, false, %s, %s, %s, %s, 1, %s)
"""
_LINK = """
INSERT INTO petitions_petition_case (petition_id, case_id, position) VALUES (%s, %s, 1)
"""
_ANSWERED = """
INSERT INTO petitions_idempotency (scope, key, request_hash, answer, at) VALUES (%s, %s, %s, %s, %s)
"""


class KeyReused(Refused):
    """The same Idempotency-Key came with other content."""

    status = 422
    code = "idempotency_key_reused"


@dataclass(frozen=True, slots=True)
class _Draft:
    """A petition on its way into the tables."""

    id: UUID
    number: str
    secret: str
    salt: bytes
    filing: Filing
    reading: Reading
    placing: Placing


def file_petition(
    filing: Filing, *, key: RequestKey | None = None, actor: Actor, at: datetime
) -> Receipt:
    """File a petition and answer at once: number, secret, owner, reason, instants.

    With `key`, the same request is answered once and then again with the same answer, also when
    two come together; the same key with other content raises KeyReused. Raises Invalid with a
    sentence for each field that keeps it from being filed.
    """
    _require(filing, actor)
    filing, reading = _understood(filing)
    for attempt in range(3):
        try:
            with transaction.atomic():
                return _file(filing, reading, key, actor, at)
        except IntegrityError:
            # Either this request was answered before, or (1 in 10^8) the number was taken.
            if key and (answered := _answered(key, filing)):
                return answered
            if attempt == 2:
                raise
    raise AssertionError


def _file(
    filing: Filing, reading: Reading, key: RequestKey | None, actor: Actor, at: datetime
) -> Receipt:
    placing = place_filing(filing, reading, at)
    draft = _Draft(
        new_id(), public_number(), secret_code(), os.urandom(16), filing, reading, placing
    )
    files = _bind(filing, draft.id)
    with together():
        _write_petition(draft, actor, at)
        keep_identity(
            draft.id, filing.contact, draft.secret,
            verification=_verification(filing), organisation=filing.organisation,
        )  # fmt: skip
        case = _open(draft, actor, at) if reading.handling == "case" else None
        receipt = _receipt(draft, case, at)
        _journal(draft, case, files, actor, at)
        if key:
            answer = {**receipt.as_json(), "petition": str(draft.id)}
            write(_ANSWERED, (key.scope, key.key, filing.digest(), Jsonb(answer), at))
    return receipt


def _write_petition(d: _Draft, actor: Actor, at: datetime) -> None:
    f, placing = d.filing, d.placing
    folded = fold(f"{f.text} {f.place} {placing.area_name}")
    # The search of all must not find a home by the address that its page hides.
    sought = fold(f"{f.text} {placing.area_name}") if f.is_home else folded
    write(
        _PETITION,
        (d.id, d.number, keyed_hash("petition secret", d.secret), d.reading.stream,
         d.reading.service, d.reading.service_by, Jsonb(d.reading.as_json()), f.channel, f.text,
         d.salt, folded, sought, Jsonb(f.answers), f.place, placing.area, f.longitude, f.latitude,
         _cell(f), f.is_home, f.is_public and not d.reading.private, f.is_anonymous,
         d.reading.handling, d.reading.kind_not_taken, at, actor.key, directory().version_id),
    )  # fmt: skip


def _open(d: _Draft, actor: Actor, at: datetime) -> UUID:
    f, placing = d.filing, d.placing
    opening = Opening(
        label=d.number, service=d.reading.service, area=placing.area, unit=placing.unit,
        post=placing.post, urgency=d.reading.urgency, authority=placing.authority,
        pack_version=directory().version_id, matter=f.text, salt=d.salt, place=f.place,
        longitude=f.longitude, latitude=f.latitude, number=d.number,
        is_public=f.is_public and not d.reading.private, clocks=placing.clocks,
        promised_at=placing.promised_at,
    )  # fmt: skip
    case = open_case(opening, actor=actor, at=at)
    write(_LINK, (d.id, case))
    return case


def _receipt(d: _Draft, case: UUID | None, at: datetime) -> Receipt:
    placing = d.placing
    first = "triage" if "triage" in placing.clocks else "intake"
    due = placing.clocks.get(first)
    return Receipt(
        number=d.number, secret=d.secret, handling=d.reading.handling, service=d.reading.service,
        urgency=d.reading.urgency, unit=placing.unit, post=placing.post, reason=placing.reason,
        legal_basis=placing.legal_basis, intake_due_at=due.due_at if due and case else None,
        intake_kind=first, promised_at=placing.promised_at if case else None, filed_at=at,
        danger=d.reading.danger, case=str(case) if case else "",
    )  # fmt: skip


def _journal(d: _Draft, case: UUID | None, files: int, actor: Actor, at: datetime) -> None:
    f = d.filing
    action = "petition.filed" if d.reading.handling == "case" else "petition.screened"
    data: dict[str, Any] = {
        "petition": d.number,
        "stream": d.reading.stream,
        "service": d.reading.service,
        "service_by": d.reading.service_by,
        "model": d.reading.model,
        "channel": f.channel,
        "area": d.placing.area,
        "unit": d.placing.unit,
        "urgency": d.reading.urgency,
        "handling": d.reading.handling,
        "cases": [str(case)] if case else [],
        "files": files,
        "public": bool(case) and f.is_public and not d.reading.private,
        "anonymous": f.is_anonymous,
        "cell": _public_cell(f),
        "pack_version": directory().version_id,
        "seal": seal(f.text, d.salt),
    }
    record(action, subject=Subject("petition", str(d.id), 1), actor=actor.key, at=at, data=data)


def _answered(key: RequestKey, filing: Filing) -> Receipt | None:
    row = Idempotency.objects.filter(scope=key.scope, key=key.key).first()
    if row is None:
        return None
    if bytes(row.request_hash) != filing.digest():
        raise KeyReused(_("This key was already used for another petition."))
    stored = dict(row.answer)
    return receipt_of(stored, secret_of(UUID(stored.pop("petition"))))


def _require(filing: Filing, actor: Actor) -> None:
    require(actor, _ACT_OF_CHANNEL.get(filing.channel, "petition.file_on_behalf"))


_ACT_OF_CHANNEL = {
    "web": "petition.file", "app": "petition.file", "reception": "petition.file_at_reception",
}  # fmt: skip


def _verification(filing: Filing) -> str:
    spoken = filing.channel in {"phone", "reception"}
    return filing.verification or ("clerk" if spoken else "unverified")


def _understood(filing: Filing) -> tuple[Filing, Reading]:
    """The filing cleaned and read, or Invalid. Identity is asked for by what the text turns out
    to be, not only by what the person chose."""
    filing = replace(filing, text=clean(filing.text), place=clean(filing.place))
    reading = read_filing(filing)
    problems: dict[str, str] = {}
    # A cry ("Cháy nhà") is heard however short it is.
    if len(filing.text) < TEXT_LEAST and not (filing.is_spoken or reading.danger):
        problems["text"] = _("Please describe the matter in a few words.")
    if len(filing.text) > TEXT_LIMIT:
        problems["text"] = _("At most %(count)s characters.") % {"count": TEXT_LIMIT}
    if filing.service and not _is_offered(filing.service):
        problems["service"] = _("Please choose a kind of matter from the list.")
    problems |= _place_problems(filing) | _identity_problems(filing, reading)
    if problems:
        raise Invalid(_("Something is still missing."), problems)
    # Read before it stands there: these words name no matter, the desk names it by listening.
    return (filing if filing.text else replace(filing, text=_spoken()), reading)


def _spoken() -> str:
    """What stands for the text of a petition that is only spoken, in the city's language."""
    with override(settings.LANGUAGE_CODE):
        return _("Said by voice: the recording is attached for those who handle it.")


def _is_offered(service: str) -> bool:
    found = directory().services.get(service)
    return found is not None and found.is_admissible and found.valid_to is None


def _place_problems(filing: Filing) -> dict[str, str]:
    has_point = filing.longitude is not None and filing.latitude is not None
    if has_point and directory().area_at(filing.longitude or 0, filing.latitude or 0) is None:
        return {"place": _("This point lies outside the city.")}
    if filing.area and filing.area not in directory().areas:
        return {"area": _("Please choose a ward or commune from the list.")}
    return {}


def _identity_problems(filing: Filing, reading: Reading) -> dict[str, str]:
    if reading.handling == "refused" or filing.channel in _vouched():
        return {}
    stream = directory().streams.get(reading.stream)
    rule = stream.identity if stream else "contact"
    gap = identity_gap(rule, filing.contact, anonymous=filing.is_anonymous)
    if gap == "contact" and filing.channel not in ANSWERED_THERE:
        return {"phone": _("Please give a phone number or an e-mail address.")}
    if gap == "name":
        return {"name": _("This kind of matter asks for your full name. The unit never sees it.")}
    return {}


def _vouched() -> Sequence[str]:
    """Channels whose other end knows who files and answers for it: nothing more is asked there."""
    channels: Sequence[str] = directory().city["filing"].get("vouched_channels", ())
    return channels


def _bind(filing: Filing, petition: UUID) -> int:
    """How many photos now belong to the petition. They stay unseen by the public until the desk
    has looked at them or the result is published."""
    if not filing.files:
        return 0
    subject = str(petition)
    key = filing.draft_key
    return len(
        bind_files(filing.files, draft_key=key, kind="petition", subject=subject, public=False)
    )


def _cell(filing: Filing) -> int | None:
    if filing.longitude is None or filing.latitude is None:
        return None
    cell = h3.latlng_to_cell(filing.latitude, filing.longitude, CELL_RESOLUTION)
    return int(h3.str_to_int(cell))


def _public_cell(filing: Filing) -> str:
    """A cell coarse enough to be nobody's house: 0.1 km2, or 0.7 km2 around a home."""
    if filing.longitude is None or filing.latitude is None:
        return ""
    resolution = 8 if filing.is_home else 9
    return str(h3.latlng_to_cell(filing.latitude, filing.longitude, resolution))
