"""A ward asks its people; they answer."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thudo.accounts.gate import require
from thudo.accounts.rules import Actor
from thudo.advisories.actions.publishing import require_unit
from thudo.advisories.models import Consultation, Reply
from thudo.advisories.rules import (
    CLOSED,
    COMMENT_LIMIT,
    LEAST_CHOICES,
    MOST_CHOICES,
    OPEN,
    TEXT_LIMIT,
    TITLE_LIMIT,
    WITHDRAWN,
    Words,
)
from thudo.base.errors import Invalid, Refused
from thudo.base.folding import clean
from thudo.directory.queries import directory
from thudo.journal.actions import record
from thudo.journal.rules import Subject, seal

_PUBLISH = "consultation.publish"
_CODES = "abcdef"
_LONGEST = timedelta(days=92)


class ConsultationClosed(Refused):
    """It is not open for answers, or no longer."""

    code = "consultation_closed"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: `choices` in their order, each in the languages it has."""

    question: Words
    choices: Sequence[Words]
    opens_at: datetime
    closes_at: datetime
    areas: tuple[str, ...] = ()
    detail: Words = field(default_factory=dict)
    takes_comments: bool = False


@transaction.atomic
def publish_consultation(
    asked: Asked, *, unit: str, is_invented: bool = False, actor: Actor, at: datetime
) -> Consultation:
    """Ask the people of `asked.areas` (none given: the unit's own area). Raises NotAllowed, Invalid."""
    require_unit(actor, _PUBLISH, unit)
    question, detail = _words(asked.question), _words(asked.detail)
    choices = [words for one in asked.choices if (words := _words(one))]
    areas = asked.areas or _own_area(unit)
    _check(asked, question, detail, choices, areas)
    row = Consultation.objects.create(
        unit=unit, areas=list(areas), question=question, detail=detail,
        choices=[{"code": c, "text": w} for c, w in zip(_CODES, choices, strict=False)],
        takes_comments=asked.takes_comments, opens_at=asked.opens_at, closes_at=asked.closes_at,
        is_invented=is_invented, published_at=at, salt=os.urandom(16),
    )  # fmt: skip
    data = {
        "unit": unit, "areas": row.areas, "opens_at": row.opens_at, "closes_at": row.closes_at,
        "choices": len(choices), "takes_comments": row.takes_comments, "words": _sealed(row),
    }  # fmt: skip
    _record("consultation.published", row, actor, at, data)
    return row


@transaction.atomic
def answer_consultation(
    consultation: Consultation,
    *,
    choice: str,
    device: bytes,
    comment: str = "",
    actor: Actor,
    at: datetime,
) -> bool:
    """One device's answer; while it is open a second one replaces the first. True: a new device.

    The entry holds the choice and what it replaces, so that the count can be made again from the
    journal; never the device. Raises ConsultationClosed, Invalid.
    """
    require(actor, "consultation.answer")
    row = Consultation.objects.select_for_update().get(pk=consultation.pk)
    if row.state(at) != OPEN:
        raise ConsultationClosed(_("This question is not open for answers."))
    if choice not in {one["code"] for one in row.choices}:
        raise Invalid(_("Choose one of the answers."), {"choice": _("Choose one of the answers.")})
    before = Reply.objects.filter(consultation=row, device=device).first()
    said, salt = clean(comment)[:COMMENT_LIMIT] if row.takes_comments else "", os.urandom(16)
    if before and (before.choice, before.comment) == (choice, said):
        return False
    Reply.objects.update_or_create(
        consultation=row, device=device,
        defaults={
            "choice": choice, "comment": said, "salt": salt,
            "hour": at.replace(minute=0, second=0, microsecond=0),
        },
    )  # fmt: skip
    data = {"choice": choice, "replaces": before.choice if before else "", "unit": row.unit}
    # Numbered beside the row's own versions: an answer changes no field of the question.
    _record("consultation.answered", row, actor, at, {**data, "words": seal(said, salt)})
    return before is None


@transaction.atomic
def close_consultation(consultation: Consultation, *, actor: Actor, at: datetime) -> Consultation:
    """Take no more answers, from now; what came so far stays. Raises ConsultationClosed."""
    row = _taken(consultation, actor, at)
    if row.state(at) != OPEN:
        raise ConsultationClosed(_("This question is not open for answers."))
    row.closes_at = max(at, row.opens_at + timedelta(seconds=1))
    return _moved(row, "consultation.closed", actor, at, {"closes_at": row.closes_at})


@transaction.atomic
def withdraw_consultation(
    consultation: Consultation, *, actor: Actor, at: datetime
) -> Consultation:
    """It was asked wrongly: it is shown no more. Its answers are kept. Raises ConsultationClosed."""
    row = _taken(consultation, actor, at)
    row.withdrawn_at = at
    return _moved(row, "consultation.withdrawn", actor, at, {"withdrawn_at": at})


def _taken(consultation: Consultation, actor: Actor, at: datetime) -> Consultation:
    row = Consultation.objects.select_for_update().get(pk=consultation.pk)
    require_unit(actor, _PUBLISH, row.unit)
    if row.state(at) in {CLOSED, WITHDRAWN}:
        raise ConsultationClosed(_("This question is closed already."))
    return row


def _moved(
    row: Consultation, action: str, actor: Actor, at: datetime, data: Mapping[str, Any]
) -> Consultation:
    row.version += 1
    row.save()
    _record(action, row, actor, at, {**data, "unit": row.unit})
    return row


def _check(
    asked: Asked,
    question: Words,
    detail: Words,
    choices: list[dict[str, str]],
    areas: tuple[str, ...],
) -> None:
    present = {code for code, area in directory().areas.items() if area.valid_to is None}
    several = len({tuple(sorted(words.items())) for words in choices})
    wrong = {
        "question": "" if question else _("Ask one question."),
        "detail": _limit(detail, TEXT_LIMIT),
        "choices": _wrong_choices(choices, several),
        "areas": "" if areas and set(areas) <= present else _("Say whose people are asked."),
        "closes_on": _wrong_span(asked),
    }
    wrong["question"] = wrong["question"] or _limit(question, TITLE_LIMIT)
    if found := {name: sentence for name, sentence in wrong.items() if sentence}:
        raise Invalid(_("Something is missing or cannot be understood."), found)


def _wrong_choices(choices: list[dict[str, str]], several: int) -> str:
    if not LEAST_CHOICES <= len(choices) <= MOST_CHOICES:
        return _("Give two to six choices.")
    if several != len(choices):
        return _("Two of the choices are the same.")
    return next((s for one in choices if (s := _limit(one, TITLE_LIMIT))), "")


def _wrong_span(asked: Asked) -> str:
    if asked.closes_at <= asked.opens_at:
        return _("It must close after it opens.")
    return _("At most three months.") if asked.closes_at - asked.opens_at > _LONGEST else ""


def _limit(words: Words, most: int) -> str:
    too_long = any(len(said) > most for said in words.values())
    return _("At most %(most)s characters.") % {"most": most} if too_long else ""


def _own_area(unit: str) -> tuple[str, ...]:
    row = directory().units.get(unit)
    return (row.area,) if row and row.area else ()


def _words(words: Words) -> dict[str, str]:
    return {code: said for code in ("vi", "en") if (said := clean(words.get(code, "")))}


def _sealed(row: Consultation) -> str:
    words = {"question": row.question, "detail": row.detail, "choices": row.choices}
    return seal(json.dumps(words, ensure_ascii=False, sort_keys=True), bytes(row.salt))


def _record(
    action: str, row: Consultation, actor: Actor, at: datetime, data: Mapping[str, Any]
) -> None:
    subject = Subject("consultation", str(row.pk), row.version)
    record(action, subject=subject, actor=actor.key, at=at, data=data)
