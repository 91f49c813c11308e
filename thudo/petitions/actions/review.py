"""The petitioner says that screening misread him: the intake desk reads it, on its own clock."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from thudo.accounts.gate import require
from thudo.accounts.rules import Actor, Scope
from thudo.base.database import together
from thudo.base.errors import Refused
from thudo.cases.actions import Opening, open_case
from thudo.cases.rules import NORMAL, URGENCIES
from thudo.directory.queries import directory
from thudo.petitions.actions.notes import note
from thudo.petitions.models import Petition, PetitionCase
from thudo.petitions.queries.placing import clocks_for, latest_result, post_at
from thudo.petitions.queries.screening import UNDECIDED


@transaction.atomic
def review_petition(petition: Petition, *, actor: Actor, at: datetime) -> None:
    """What screening did not take becomes a case at the intake desk, which decides its kind."""
    require(actor, "petition.supplement", Scope(numbers=frozenset({petition.number})))
    locked = Petition.objects.select_for_update().get(pk=petition.pk)
    if locked.handling != "refused":
        raise Refused(_("There is no refusal to review here."))
    case = _open(locked, actor, at)
    PetitionCase.objects.create(petition=locked, case_id=case, position=1)
    locked.handling, locked.service, locked.service_by = "case", UNDECIDED, "desk"
    # It may be a complaint about a named person: nobody else reads it before the desk has.
    locked.is_hidden = True
    locked.save(update_fields=["handling", "service", "service_by", "is_hidden"])
    note(
        locked,
        "petition.review_asked",
        actor,
        at,
        {"case": str(case), "was": locked.refusal, "hidden": True},
    )
    petition.refresh_from_db()


def _open(petition: Petition, actor: Actor, at: datetime) -> UUID:
    desk = directory().city["intake_unit"]
    said = petition.classification.get("urgency", NORMAL)
    urgency = said if said in URGENCIES else NORMAL
    clocks = clocks_for(UNDECIDED, urgency, desk, at, is_sure=False)
    opening = Opening(
        label=petition.number, service=UNDECIDED, area=petition.area, unit=desk,
        post=post_at(None, desk, urgency, at), urgency=urgency, authority=None,
        pack_version=directory().version_id, matter=petition.text, salt=bytes(petition.salt),
        place=petition.place, longitude=petition.longitude, latitude=petition.latitude,
        number=petition.number, is_public=False, clocks=clocks,
        promised_at=latest_result(UNDECIDED, urgency, desk, clocks),
    )  # fmt: skip
    with together():
        return open_case(opening, actor=actor, at=at)
