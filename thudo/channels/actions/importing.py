"""Petitions of another system: filed, and ended where they ended, at their true instants."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thudo.accounts.rules import Actor
from thudo.base.errors import Refused
from thudo.cases import actions as cases
from thudo.cases.actions import Claim
from thudo.cases.models import Case
from thudo.channels.models import Known
from thudo.channels.queries.places import spot_in
from thudo.channels.rules import CHANNEL_OF
from thudo.channels.rules.history import Past
from thudo.channels.rules.talk import Spot
from thudo.directory.queries import directory
from thudo.petitions.actions import approve_result, file_petition
from thudo.petitions.rules import Contact, Filing, Receipt, clean_email, clean_phone

IMPORTER = "import:app"
# A result's least length (cases.actions.answer).
_LEAST = 20


class ChangedThere(Refused):
    """The row was imported before and says something else now."""

    code = "changed_there"


@dataclass(frozen=True, slots=True)
class Imported:
    """Under which number it stands here, and whether it was known before."""

    number: str
    is_new: bool


def import_past(past: Past, source: str, *, at: datetime) -> Imported:
    """File one petition of another system; the same row again changes nothing.

    All its steps are one transaction, so no clock of a closed one is ever seen running. `at` is
    when it is imported: nothing may lie after it. Raises Refused (Invalid) with a sentence.
    """
    last = past.closed_at or past.accepted_at or past.filed_at
    if last > at:
        raise Refused(_("It lies in the future."))
    try:
        with transaction.atomic():
            return _import(past, source)
    except IntegrityError:
        found = _known(past, source)
        if found is None:
            raise
        return found


def _import(past: Past, source: str) -> Imported:
    found = _known(past, source)
    if found:
        return found
    receipt = file_petition(_filing(past, source), actor=_actor(), at=past.filed_at)
    Known.objects.create(source=source, code=past.code, number=receipt.number, digest=past.digest)
    if receipt.case and (past.accepted_at or past.closed_at):
        _walk(past, receipt)
    return Imported(receipt.number, is_new=True)


def _known(past: Past, source: str) -> Imported | None:
    row = Known.objects.filter(source=source, code=past.code).first()
    if row is None:
        return None
    if row.digest != past.digest:
        raise ChangedThere(_("It was imported before and says something else now; it was left."))
    return Imported(row.number, is_new=False)


def _filing(past: Past, source: str) -> Filing:
    spot = _spot(past)
    service = directory().services.get(past.service)
    return Filing(
        text=past.text, service=service.code if service and service.is_admissible else "",
        longitude=spot.longitude, latitude=spot.latitude, area=spot.area, place=past.place or spot.words,
        contact=_contact(past), is_public=past.is_public, channel=CHANNEL_OF[source], insists=True,
        verification="app" if past.is_verified else "",
    )  # fmt: skip


def _spot(past: Past) -> Spot:
    lists = directory()
    if past.longitude is not None and past.latitude is not None:
        if lists.area_at(past.longitude, past.latitude):
            return Spot(past.longitude, past.latitude)
        return Spot()
    if past.area in lists.areas:
        return Spot(area=past.area)
    return spot_in(past.place) if past.place else Spot()


def _contact(past: Past) -> Contact:
    def cleaned(clean: object, text: str) -> str:
        try:
            return str(clean(text))  # type: ignore[operator]
        except ValueError:
            return ""

    return Contact(
        past.name[:120], cleaned(clean_phone, past.phone), cleaned(clean_email, past.email)
    )


def _walk(past: Past, receipt: Receipt) -> None:
    """Taken in and, if it is closed there, answered: by no person of ours, so by nobody's name."""
    case = Case.objects.get(pk=receipt.case)
    unit = _actor(frozenset({case.unit}))
    accepted = past.accepted_at or past.closed_at or past.filed_at
    cases.accept_case(case, actor=unit, at=accepted)
    if past.closed_at is None:
        return
    case.refresh_from_db()
    answer = past.answer if len(past.answer) >= _LEAST else _("Closed in the system it came from. %(answer)s") % {"answer": past.answer}  # fmt: skip
    # Never "resolved": the proof lies elsewhere, and a claim without it is an answer.
    claim = Claim(
        "answered", answer.strip(), remaining=_("The proof is kept in the system it came from."),
        next_step=_("None: it was closed there."), next_at=past.closed_at,
    )  # fmt: skip
    cases.answer_case(case, claim, draw=1.0, actor=unit, at=past.closed_at)
    case.refresh_from_db()
    if case.is_open:
        checker = Actor(f"{IMPORTER}:check", roles=frozenset({"checking"}))
        approve_result(case, actor=checker, at=past.closed_at)


def _actor(units: frozenset[str] = frozenset()) -> Actor:
    roles = frozenset({"handler"}) if units else frozenset()
    return Actor(IMPORTER, roles=roles, units=units, scopes=frozenset({"petitions:file"}))
