"""Deeds of the work: progress, questions to the petitioner, extensions."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from thudo.accounts.rules import CLOCK, Actor
from thudo.base.errors import Invalid
from thudo.cases.actions import clocks
from thudo.cases.actions.steps import promise, take_step, write_note
from thudo.cases.models import Case


@transaction.atomic
def note_progress(
    case: Case,
    *,
    text: str,
    next_step: str = "",
    next_at: datetime | None = None,
    seen: int | None = None,
    actor: Actor,
    at: datetime,
) -> None:
    """What was done, what comes next and when: the petitioner reads it at once."""
    _need(text, "text")
    words = write_note(
        case, "progress", text, next_step=next_step, next_at=next_at, actor=actor, at=at
    )
    take_step("note_progress", case, actor=actor, at=at, seen=seen, more=words)


@transaction.atomic
def ask_petitioner(
    case: Case, *, text: str, seen: int | None = None, actor: Actor, at: datetime
) -> None:
    """A question to the petitioner; the handling clock waits until the supplement term ends."""
    _need(text, "text")
    words = write_note(case, "question", text, actor=actor, at=at)
    take_step("ask_petitioner", case, actor=actor, at=at, seen=seen, more=words)


@transaction.atomic
def supplement_case(case: Case, *, text: str, actor: Actor, at: datetime) -> None:
    """The petitioner answers; the handling clock runs on with what was left."""
    words = write_note(case, "reply", text, actor=actor, at=at, is_public=False)
    take_step("supplement_case", case, actor=actor, at=at, more=words, is_work=False)
    _promise_again(case, "supplement", actor, at)


@transaction.atomic
def lapse_supplement(case: Case, *, at: datetime) -> None:
    """The term to answer is over: the unit goes on with what it has."""
    take_step("lapse_supplement", case, actor=CLOCK, at=at, is_work=False)
    _promise_again(case, "supplement", CLOCK, at)


@transaction.atomic
def extend_deadline(
    case: Case,
    *,
    text: str,
    due_at: datetime,
    seen: int | None = None,
    actor: Actor,
    at: datetime,
) -> None:
    """A later promise, with its reason, by a post that may give one. The old one stays on record."""
    _need(text, "text")
    clock = clocks.alive(case, "handling")
    if clock is None or clock.due_at is None or due_at <= max(clock.due_at, at):
        sentence = _("The new date must be later than the present one.")
        raise Invalid(sentence, {"due_at": sentence})
    words = write_note(case, "extension", text, next_at=due_at, actor=actor, at=at)
    more = {**words, "from": clock.due_at.isoformat(), "to": due_at.isoformat()}
    take_step("extend_deadline", case, actor=actor, at=at, seen=seen, more=more, is_work=False)
    moved = clocks.as_data(clocks.move(clock, due_at, at=at))
    promise(case, due_at, reason="extension", actor=actor, at=at, more={"clock": moved})


def _promise_again(case: Case, reason: str, actor: Actor, at: datetime) -> None:
    clock = clocks.alive(case, "handling")
    if clock and clock.due_at and clock.due_at > case.promised_at:
        promise(case, clock.due_at, reason=reason, actor=actor, at=at)


def _need(text: str, field: str) -> None:
    if not text.strip():
        sentence = _("Please write a sentence here.")
        raise Invalid(sentence, {field: sentence})
