"""Call-backs: asked for, taken by one clerk, tried, done."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from thudo.accounts.gate import require
from thudo.accounts.rules import Actor
from thudo.base.errors import Invalid, Refused
from thudo.base.folding import clean
from thudo.base.identifiers import new_id
from thudo.base.sealing import seal, unseal
from thudo.desks.models import Callback
from thudo.desks.queries.phone import caller_hash
from thudo.desks.rules import CALLED, HELD_AT_MOST
from thudo.journal.actions import record
from thudo.journal.rules import Subject


class TakenByAnother(Refused):
    """Another clerk is calling this person already."""

    code = "taken_by_another"


@dataclass(frozen=True, slots=True)
class Called:
    """Whom to call and why: shown to the clerk who took it, on one page."""

    phone: str
    reason: str


def ask_callback(phone: str, *, reason: str, actor: Actor, at: datetime) -> Callback:
    """The caller waits to be called; who waits already goes on waiting, since the first time."""
    require(actor, "desk.phone")
    if not phone:
        raise Invalid(_("Without a number nobody can call back."), {"phone": _("Type the number.")})
    try:
        with transaction.atomic():
            return _ask(phone, clean(reason)[:500], actor, at)
    except IntegrityError:
        waiting = Callback.objects.filter(phone_hash=caller_hash(phone), ended_at=None).first()
        # Ended between the two looks: then this is a new one.
        return waiting or ask_callback(phone, reason=reason, actor=actor, at=at)


@transaction.atomic
def take_callback(callback: Callback, *, actor: Actor, at: datetime) -> Called:
    """One clerk takes it and sees the number; taking what he has already shows it again."""
    require(actor, "desk.phone")
    free = Q(taken_by__in=["", actor.key]) | Q(taken_at__lte=at - HELD_AT_MOST)
    if not Callback.objects.filter(free, pk=callback.pk, ended_at=None).update(
        taken_by=actor.key, taken_at=at
    ):
        raise TakenByAnother(_("Another clerk has taken this call, or it is done."))
    _record("callback.taken", callback, actor, at, {})
    plain = json.loads(unseal(callback.key_id, bytes(callback.sealed), about=callback.pk.bytes))
    return Called(plain["phone"], plain["reason"])


@transaction.atomic
def try_callback(callback: Callback, *, actor: Actor, at: datetime) -> None:
    """Nobody answered: counted, and back on the list for whoever is free."""
    _own(callback, actor).update(
        attempts=F("attempts") + 1, tried_at=at, taken_by="", taken_at=None
    )
    _record("callback.tried", callback, actor, at, {"attempts": callback.attempts + 1})


@transaction.atomic
def release_callback(callback: Callback, *, actor: Actor, at: datetime) -> None:
    """The clerk gives it back without having called."""
    _own(callback, actor).update(taken_by="", taken_at=None)
    _record("callback.released", callback, actor, at, {})


@transaction.atomic
def end_callback(callback: Callback, *, outcome: str, actor: Actor, at: datetime) -> None:
    """The person was reached, or given up after several attempts."""
    if outcome not in CALLED:
        raise Invalid(_("Say what came of it."))
    _own(callback, actor).update(ended_at=at, outcome=outcome)
    _record("callback.ended", callback, actor, at, {"outcome": outcome})


def _own(callback: Callback, actor: Actor) -> Any:
    """The row while this clerk has it, locked; refused else."""
    require(actor, "desk.phone")
    rows = Callback.objects.filter(pk=callback.pk, ended_at=None, taken_by=actor.key)
    if not rows.select_for_update().exists():
        raise TakenByAnother(_("Take this call first; another clerk may have it."))
    return rows


def _ask(phone: str, reason: str, actor: Actor, at: datetime) -> Callback:
    pk = new_id()
    key_id, sealed = seal(json.dumps({"phone": phone, "reason": reason}).encode(), about=pk.bytes)
    row = Callback.objects.create(
        id=pk, key_id=key_id, sealed=sealed, phone_hash=caller_hash(phone), tail=phone[-3:],
        since=at, asked_by=actor.key,
    )  # fmt: skip
    _record("callback.asked", row, actor, at, {})
    return row


def _record(
    action: str, row: Callback, actor: Actor, at: datetime, data: dict[str, object]
) -> None:
    record(action, subject=Subject("callback", str(row.pk), 1), actor=actor.key, at=at, data=data)
