"""Voices of callers, and answers on the spot: counted, with nobody named."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from thudo.accounts.gate import require
from thudo.accounts.rules import Actor
from thudo.advisories.models import Advisory, SpotAnswer, Voice
from thudo.advisories.rules import ENOUGH, SENT
from thudo.base.errors import Invalid
from thudo.base.sealing import keyed_hash
from thudo.journal.actions import record
from thudo.journal.rules import Subject

_MOST_TOLD = 20


@transaction.atomic
def add_voice(advisory: Advisory, *, caller_hash: bytes, actor: Actor, at: datetime) -> int:
    """One more caller is affected; the number of voices now. The same caller again adds nothing.

    `caller_hash`: thudo.base.sealing.keyed_hash of the number, never the number. Raises NotAllowed.
    """
    require(actor, "advisory.add_voice", advisory)
    try:
        with transaction.atomic():
            Voice.objects.create(advisory=advisory, caller=caller_hash, at=at)
    except IntegrityError:
        return Advisory.objects.values_list("voices", flat=True).get(pk=advisory.pk)
    Advisory.objects.filter(pk=advisory.pk).update(voices=F("voices") + 1)
    row = Advisory.objects.get(pk=advisory.pk)
    record(
        "advisory.voice_added",
        subject=Subject("advisory", str(row.pk), row.version),
        actor=actor.key,
        at=at,
        data={"unit": row.unit, "voices": row.voices},
    )
    return row.voices


@transaction.atomic
def count_answer(
    form_key: str,
    *,
    choice: str,
    service: str = "",
    area: str = "",
    advisories: Collection[int] = (),
    told_petition: bool = False,
    actor: Actor,
    at: datetime,
) -> None:
    """The person said "that is enough" or sent his report all the same; a form counts once, its
    last word stands. Not journalled: a figure without a person or a thing it is about.

    `form_key`: the random key of the form, of which only a keyed hash is kept. Raises Invalid.
    """
    require(actor, "petition.file")
    if choice not in {ENOUGH, SENT} or not form_key:
        raise Invalid(_("Choose one of the two answers."))
    SpotAnswer.objects.update_or_create(
        key=keyed_hash("spot answer", form_key),
        defaults={
            "choice": choice, "service": service, "area": area,
            "advisories": list(advisories)[:_MOST_TOLD], "told_petition": told_petition,
            "hour": at.replace(minute=0, second=0, microsecond=0),
        },
    )  # fmt: skip
