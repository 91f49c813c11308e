"""A call: the caller looked up, counted for an incident, or answered without a petition."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from thudo.accounts.gate import require
from thudo.accounts.rules import Actor
from thudo.advisories.actions import add_voice
from thudo.advisories.models import Advisory
from thudo.advisories.rules import RUNNING
from thudo.base.errors import Invalid
from thudo.base.identifiers import new_id
from thudo.desks.models import AnsweredQuestion
from thudo.desks.queries.callers import Caller, caller_of
from thudo.desks.queries.phone import caller_hash, phone_desk
from thudo.journal.actions import record
from thudo.journal.rules import Subject


@transaction.atomic
def look_up_caller(phone: str, *, actor: Actor, at: datetime) -> Caller:
    """What is known of a caller's number. The view is journalled with the petitions it showed,
    never with the number."""
    require(actor, "caller.look_up")
    found = caller_of(phone, actor=actor, at=at)
    shown = [one.number for one in found.cases]
    _record("caller.looked_up", "call", str(new_id()), actor, at, {"petitions": shown})
    return found


@transaction.atomic
def add_caller(advisory: Advisory, *, phone: str, actor: Actor, at: datetime) -> int:
    """The caller is affected by a running incident; counted once however often he calls.

    Returns the voices now. Refuses what is over and a caller without a number.
    """
    require(actor, "desk.phone")
    if not phone:
        raise Invalid(_("Type the caller's number first: each caller counts once."))
    if advisory.state(at) != RUNNING:
        raise Invalid(_("This is over by now. Look at the list again."))
    return add_voice(advisory, caller_hash=caller_hash(phone), actor=actor, at=at)


@transaction.atomic
def answer_question(code: str, *, actor: Actor, at: datetime) -> int:
    """One more question was answered with the words of the pack, without a petition; returns how
    often it was asked in all."""
    require(actor, "desk.phone")
    if code not in {one.code for one in phone_desk().questions}:
        raise Invalid(_("There is no such question."))
    AnsweredQuestion.objects.create(code=code, clerk=actor.key, at=at)
    _record("question.answered", "question", code, actor, at, {"code": code})
    return AnsweredQuestion.objects.filter(code=code).count()


def _record(
    action: str, kind: str, name: str, actor: Actor, at: datetime, data: dict[str, object]
) -> None:
    record(action, subject=Subject(kind, name, 1), actor=actor.key, at=at, data=data)
