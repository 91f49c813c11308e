"""Deeds from the filing to the work: triage, acknowledgement, acceptance, assignment."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from thudo.accounts import queries as accounts
from thudo.accounts.rules import Actor
from thudo.base.errors import Invalid
from thudo.cases.actions import clocks
from thudo.cases.actions.steps import hand_over, promise, take_step
from thudo.cases.models import Case
from thudo.cases.rules import URGENCIES, URGENT
from thudo.deadlines import queries as deadlines
from thudo.directory.queries import directory


@transaction.atomic
def triage_case(
    case: Case,
    *,
    service: str,
    urgency: str,
    unit: str,
    authority: int | None,
    seen: int | None = None,
    actor: Actor,
    at: datetime,
) -> None:
    """The intake desk names the service and so the unit; the unit's intake clock starts."""
    if urgency not in URGENCIES or not directory().services.get(service):
        raise Invalid(_("Choose a service and how urgent it is."))
    post = post_for(unit, urgency, at)
    changes = {"service": service, "urgency": urgency, "authority": authority}
    changes |= hand_over(case, unit, post, at=at)
    urgent = ("acknowledge",) if urgency == URGENT else ()
    take_step(
        "triage_case", case, actor=actor, at=at, seen=seen, changes=changes, also_starts=urgent
    )
    promise_result(case, reason="triage", actor=actor, at=at)


@transaction.atomic
def acknowledge_case(case: Case, *, actor: Actor, at: datetime) -> None:
    """The person on duty says: seen, acting."""
    take_step("acknowledge_case", case, actor=actor, at=at)


@transaction.atomic
def accept_case(case: Case, *, seen: int | None = None, actor: Actor, at: datetime) -> None:
    """The unit takes the case in: intake ends, handling begins, the promise becomes exact."""
    changes = {"handler": actor.key, "post": actor.post or case.post}
    take_step("accept_case", case, actor=actor, at=at, seen=seen, changes=changes)
    promise_result(case, reason="intake", actor=actor, at=at)


@transaction.atomic
def assign_case(
    case: Case, *, post: str, seen: int | None = None, actor: Actor, at: datetime
) -> None:
    """The head names who in the unit handles it."""
    if not _is_post_of(case.unit, post):
        raise Invalid(_("Choose a post of this unit."), {"post": _("Not a post of this unit.")})
    holder = accounts.holder_of(post, at)
    changes = {"post": post, "handler": f"user:{holder.pk}" if holder else ""}
    take_step("assign_case", case, actor=actor, at=at, seen=seen, changes=changes, is_work=False)


@transaction.atomic
def begin_case(case: Case, *, seen: int | None = None, actor: Actor, at: datetime) -> None:
    """Work begins."""
    take_step("begin_case", case, actor=actor, at=at, seen=seen)


def post_for(unit: str, urgency: str, at: datetime) -> str:
    """The post that gets a new case: who is on duty when urgent, else the unit's handler."""
    if urgency == URGENT and (on_duty := deadlines.duty_post(unit, at)):
        return on_duty
    city = directory()
    post = (
        city.post_of(unit, "handler") or city.post_of(unit, "intake") or city.post_of(unit, "head")
    )
    return post.code if post else ""


def _is_post_of(unit: str, post: str) -> bool:
    found = directory().posts.get(post)
    return found is not None and found.unit == unit


def promise_result(case: Case, *, reason: str, actor: Actor, at: datetime) -> None:
    """Promise what the handling clock (or, before intake, the latest reckoning) now says.

    Intake never moves a promise later: the earlier of the two stands.
    """
    handling = clocks.alive(case, "handling")
    due_at = handling.due_at if handling else _latest_result(case)
    if due_at is None or (reason == "intake" and due_at >= case.promised_at):
        return
    promise(case, due_at, reason=reason, actor=actor, at=at)


def _latest_result(case: Case) -> datetime | None:
    intake = clocks.alive(case, "intake")
    if intake is None or intake.due_at is None:
        return None
    due = deadlines.due(
        "handling",
        service=case.service,
        urgency=case.urgency,
        calendar=directory().units[case.unit].calendar,
        start=intake.due_at,
    )
    return due.due_at
