"""Deeds about who is accountable: transfer with a ground, and arbitration."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from thudo.accounts.rules import INTAKE, Actor
from thudo.base.errors import Invalid, Refused
from thudo.cases.actions.intake import post_for
from thudo.cases.actions.steps import hand_over, take_step, write_note
from thudo.cases.models import Case
from thudo.cases.rules import URGENT
from thudo.directory.queries import directory


class OwnerSettled(Refused):
    """An arbiter decided who is accountable; that binds."""

    code = "owner_settled"


# The second hand-over by units goes to the arbiter instead: peers let cases wander for weeks.
BOUNCES_BEFORE_ARBITER = 2


@transaction.atomic
def transfer_case(
    case: Case,
    *,
    unit: str,
    ground: str,
    text: str,
    seen: int | None = None,
    actor: Actor,
    at: datetime,
) -> None:
    """Hand the case to the unit that answers for it, with the ground. The promise does not move."""
    _check(case, unit, text)
    is_bounce = INTAKE not in actor.roles
    if is_bounce and is_binding(case):
        raise OwnerSettled(_("It has been settled that this unit is accountable."))
    bounces = case.bounces + 1 if is_bounce else case.bounces
    to_arbiter = is_bounce and bounces >= BOUNCES_BEFORE_ARBITER
    receiver = directory().posts[directory().city["arbiter_post"]].unit if to_arbiter else unit
    words = write_note(case, "transfer", text, actor=actor, at=at)
    changes = {"bounces": bounces, **_handed(case, receiver, at)}
    more = {**words, "ground": ground, "from": case.unit, "proposed": unit}
    also = _also(case, to_arbiter=to_arbiter)
    take_step(
        "transfer_case", case, actor=actor, at=at, seen=seen, changes=changes, more=more,
        also_starts=also,
    )  # fmt: skip


@transaction.atomic
def arbitrate_case(
    case: Case, *, unit: str, text: str, seen: int | None = None, actor: Actor, at: datetime
) -> None:
    """The arbiter says who is accountable; that binds: no unit may hand it on again."""
    _check(case, unit, text)
    words = write_note(case, "transfer", text, actor=actor, at=at)
    changes = _handed(case, unit, at)
    more = {**words, "from": case.unit, "binding": True}
    also = _also(case, to_arbiter=False)
    take_step(
        "arbitrate_case", case, actor=actor, at=at, seen=seen, changes=changes, more=more,
        also_starts=also,
    )  # fmt: skip


def is_binding(case: Case) -> bool:
    """Whether an arbiter has already settled who is accountable."""
    return case.bounces >= BOUNCES_BEFORE_ARBITER


def _handed(case: Case, unit: str, at: datetime) -> dict[str, object]:
    return hand_over(case, unit, post_for(unit, case.urgency, at), at=at)


def _also(case: Case, *, to_arbiter: bool) -> tuple[str, ...]:
    if to_arbiter:
        return ("triage",)
    return ("acknowledge",) if case.urgency == URGENT else ()


def _check(case: Case, unit: str, text: str) -> None:
    if not text.strip():
        sentence = _("Say why the other unit answers for it.")
        raise Invalid(sentence, {"text": sentence})
    if not directory().units.get(unit):
        raise Invalid(_("Choose a unit."), {"unit": _("No such unit.")})
    if unit == case.unit:
        sentence = _("The case is already with this unit.")
        raise Invalid(sentence, {"unit": sentence})
