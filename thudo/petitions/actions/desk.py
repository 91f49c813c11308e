"""What the intake desk does to petitions: name the service, merge, split, hide."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from thudo.accounts.gate import require
from thudo.accounts.rules import Actor
from thudo.base.database import together
from thudo.base.errors import Invalid
from thudo.base.folding import clean
from thudo.cases.actions import (
    Opening,
    join_petition,
    merge_case,
    open_case,
    set_publicity,
    triage_case,
)
from thudo.cases.actions.steps import write_note
from thudo.cases.models import Case
from thudo.cases.rules import URGENCIES
from thudo.directory.queries import directory
from thudo.journal.queries import entries_about
from thudo.petitions.actions.notes import note
from thudo.petitions.actions.photos import follow_sight
from thudo.petitions.models import Petition, PetitionCase
from thudo.petitions.queries.placing import clocks_for, latest_result, post_at
from thudo.petitions.queries.reading import petitions_of
from thudo.routing.queries import NoUnitAnswers, Resolution, resolve


@transaction.atomic
def triage_petition(
    case: Case,
    *,
    service: str,
    urgency: str,
    unit: str = "",
    seen: int | None = None,
    actor: Actor,
    at: datetime,
) -> None:
    """Name the service and urgency; the matrix names the unit, or `unit` does where it has a gap."""
    found = _resolve(case, service, at)
    owner = unit or (found.unit_code if found else "")
    if not owner:
        raise Invalid(_("No unit answers for this here: choose one."), {"unit": _("Choose one.")})
    authority = found.authority_id if found and found.unit_code == owner else None
    triage_case(
        case, service=service, urgency=urgency, unit=owner, authority=authority, seen=seen,
        actor=actor, at=at,
    )  # fmt: skip
    row = directory().services[service]
    for petition in petitions_of(case):
        petition.service, petition.service_by, petition.stream = service, "desk", row.stream
        petition.save(update_fields=["service", "service_by", "stream"])
        if petition.is_hidden and petition.refusal and not _was_hidden_by_desk(petition):
            # It was kept from sight until somebody had read it (actions.review).
            _show(petition, hidden=False, actor=actor, at=at)
            note(petition, "petition.shown", actor, at, {})


@transaction.atomic
def merge_petition(case: Case, into: Case, *, actor: Actor, at: datetime) -> None:
    """The petitions of `case` go on in `into`; each keeps its number, its news and its verdict."""
    if case.pk == into.pk or not into.is_open:
        raise Invalid(_("Choose another open case."), {"into": _("Choose another open case.")})
    merge_case(case, into, actor=actor, at=at)
    for petition in petitions_of(case):
        last = petition.links.count()
        PetitionCase.objects.get_or_create(
            petition=petition, case=into, defaults={"position": last + 1}
        )
        join_petition(into, petition.number, actor=actor, at=at)
        note(petition, "petition.merged", actor, at, {"case": str(case.pk), "into": str(into.pk)})


@transaction.atomic
def split_petition(
    petition: Petition, *, service: str, urgency: str, text: str, actor: Actor, at: datetime
) -> Case:
    """A second matter of one petition becomes a case of its own under the same number."""
    require(actor, "petition.split")
    text = clean(text)
    if len(text) < 10 or urgency not in URGENCIES:
        raise Invalid(_("Describe the second matter."), {"text": _("Describe the second matter.")})
    first = petition.links.select_related("case").order_by("position")[0].case
    found = _resolve(first, service, at)
    if found is None:
        raise Invalid(_("No unit answers for this here."), {"service": _("No unit answers.")})
    position = petition.links.count() + 1
    case = _open_second(petition, first, found, service, urgency, text, position, actor, at)
    PetitionCase.objects.create(petition=petition, case_id=case, position=position)
    note(petition, "petition.split", actor, at, {"case": str(case), "service": service})
    return Case.objects.get(pk=case)


@transaction.atomic
def hide_petition(petition: Petition, *, text: str, actor: Actor, at: datetime) -> None:
    """Take a petition out of public sight, with the reason on record."""
    require(actor, "petition.moderate")
    if not text.strip():
        raise Invalid(_("Say why."), {"text": _("Say why.")})
    _show(petition, hidden=True, actor=actor, at=at)
    reasons = [
        write_note(link.case, "internal", text, actor=actor, at=at, is_public=False)
        for link in petition.links.select_related("case")
    ]
    note(petition, "petition.hidden", actor, at, {"notes": reasons})


@transaction.atomic
def show_petition(petition: Petition, *, actor: Actor, at: datetime) -> None:
    """Let it be seen again."""
    require(actor, "petition.moderate")
    _show(petition, hidden=False, actor=actor, at=at)
    note(petition, "petition.shown", actor, at, {})


def _was_hidden_by_desk(petition: Petition) -> bool:
    told = entries_about("petition", str(petition.pk))
    return any(entry.action == "petition.hidden" for entry in told)


def _show(petition: Petition, *, hidden: bool, actor: Actor, at: datetime) -> None:
    """Its cases stay public only while another petition that may be seen shares them."""
    petition.is_hidden = hidden
    petition.save(update_fields=["is_hidden"])
    for link in petition.links.select_related("case"):
        public = any(p.is_public and not p.is_hidden for p in petitions_of(link.case))
        set_publicity(link.case, public=public, actor=actor, at=at)
    follow_sight(petition)


def _open_second(
    petition: Petition,
    first: Case,
    found: Resolution,
    service: str,
    urgency: str,
    text: str,
    position: int,
    actor: Actor,
    at: datetime,
) -> UUID:
    clocks = clocks_for(service, urgency, found.unit_code, at)
    opening = Opening(
        label=f"{petition.number}/{position}", service=service, area=first.area,
        unit=found.unit_code, post=post_at(found, found.unit_code, urgency, at), urgency=urgency,
        authority=found.authority_id, pack_version=found.pack_version, matter=text,
        salt=bytes(petition.salt), place=first.place, longitude=first.longitude,
        latitude=first.latitude, number=petition.number, is_public=first.is_public, clocks=clocks,
        promised_at=latest_result(service, urgency, found.unit_code, clocks),
    )  # fmt: skip
    with together():
        return open_case(opening, actor=actor, at=at)


def _resolve(case: Case, service: str, at: datetime) -> Resolution | None:
    day = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    try:
        return resolve(service, case.longitude, case.latitude, case.area or None, None, day)
    except NoUnitAnswers:
        return None
