"""How every deed on a petition is journalled."""

from datetime import datetime
from typing import Any

from django.db.models import F

from thudo.accounts.rules import Actor
from thudo.journal.actions import record
from thudo.journal.rules import Subject
from thudo.petitions.models import Petition


def note(petition: Petition, action: str, actor: Actor, at: datetime, data: dict[str, Any]) -> None:
    """Count the petition's version up and journal what was done to it."""
    Petition.objects.filter(pk=petition.pk).update(version=F("version") + 1)
    petition.version += 1
    # That it was hidden is told once more, so that open pages drop it; then nothing.
    public = petition.is_public and (not petition.is_hidden or action == "petition.hidden")
    more = {"petition": petition.number, "area": petition.area, "public": public}
    subject = Subject("petition", str(petition.pk), petition.version)
    record(action, subject=subject, actor=actor.key, at=at, data={**data, **more})
