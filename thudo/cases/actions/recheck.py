"""Deeds after a verdict: a dated re-check above the handler, and what it finds."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from thudo.accounts.rules import Actor
from thudo.base.errors import Invalid, NotAllowed
from thudo.cases.actions.answer import keep_conclusion
from thudo.cases.actions.intake import post_for, promise_result
from thudo.cases.actions.steps import hand_over, promise, take_step, write_note
from thudo.cases.models import Case, Clock
from thudo.directory.queries import directory


@transaction.atomic
def recheck_case(case: Case, *, actor: Actor, at: datetime) -> None:
    """The petitioner is not satisfied: the unit above the one that answered looks again."""
    above = directory().units[case.answered_by or case.unit].parent
    if above is None:
        raise Invalid(_("There is no unit above this one."))
    changes = hand_over(case, above, post_for(above, "normal", at), at=at)
    changes["is_flagged"] = True
    take_step("recheck_case", case, actor=actor, at=at, changes=changes, is_work=False)
    clock = Clock.objects.get(case=case, kind="recheck", stopped_at=None)
    if clock.due_at:
        promise(case, clock.due_at, reason="recheck", actor=actor, at=at)


@transaction.atomic
def uphold_result(
    case: Case, *, text: str, seen: int | None = None, actor: Actor, at: datetime
) -> None:
    """The re-check finds that the result stands; the checking desk reads the finding first."""
    _need(text)
    _not_the_same(case, actor)
    changes = {"state_before": case.state}
    more = keep_conclusion(case, text, actor=actor, at=at)
    take_step("uphold_result", case, actor=actor, at=at, seen=seen, changes=changes, more=more)


@transaction.atomic
def order_redo(
    case: Case, *, text: str, seen: int | None = None, actor: Actor, at: datetime
) -> None:
    """The petitioner was right: the unit that answered does it again, with new clocks."""
    _need(text)
    _not_the_same(case, actor)
    words = write_note(case, "recheck", text, actor=actor, at=at)
    unit = case.answered_by
    changes = hand_over(case, unit, post_for(unit, case.urgency, at), at=at)
    take_step("order_redo", case, actor=actor, at=at, seen=seen, changes=changes, more=words)
    promise_result(case, reason="redo", actor=actor, at=at)


def _need(text: str) -> None:
    if len(text.strip()) < 20:
        sentence = _("Say on what grounds (at least 20 characters).")
        raise Invalid(sentence, {"text": sentence})


def _not_the_same(case: Case, actor: Actor) -> None:
    if case.answered_by in actor.units:
        raise NotAllowed(_("The unit that answered may not re-check its own result."))
