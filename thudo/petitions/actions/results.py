"""A checked result goes out, and with it, where the desk says so, the petitioner's photos."""

from datetime import datetime

from django.db import transaction

from thudo.accounts.rules import Actor
from thudo.cases.actions import approve_answer
from thudo.cases.models import Answer, Case
from thudo.files.actions import publish_files
from thudo.petitions.actions.notes import note
from thudo.petitions.queries.reading import petitions_of

PHOTOS = ("matter", "supplement")


@transaction.atomic
def approve_result(
    case: Case,
    *,
    remark: str = "",
    with_photos: bool = False,
    seen: int | None = None,
    actor: Actor,
    at: datetime,
) -> Answer:
    """Publish the result that waits for the check.

    `with_photos`: the desk looked at the photos of those who filed publicly and found nobody in
    them who should not be seen; until then only they and the city see them. Photos of somebody's
    home stay unseen whatever the desk says: a door tells the house that the map hides.
    """
    answer = approve_answer(case, note=remark, seen=seen, actor=actor, at=at)
    shown = [p for p in petitions_of(case) if p.is_public and not (p.is_hidden or p.is_home)]
    for petition in shown if with_photos else ():
        publish_files("petition", str(petition.pk), purposes=PHOTOS)
        note(petition, "petition.photos_shown", actor, at, {"case": str(case.pk)})
    return answer
