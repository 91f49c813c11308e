"""How every deed moves a case: asked, compared and swapped, clocks moved, journalled."""

import os
from datetime import date, datetime
from typing import Any, get_args
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from thudo.accounts.gate import require
from thudo.accounts.rules import CLOCK, Actor
from thudo.base.errors import NotAllowed, Refused
from thudo.base.identifiers import new_id
from thudo.cases import lifecycle
from thudo.cases.actions import clocks
from thudo.cases.lifecycle import STEPS, Step
from thudo.cases.models import Case, Note, Promise, Tenure
from thudo.cases.queries import scope_of
from thudo.deadlines import queries as deadlines
from thudo.directory.queries import directory
from thudo.journal.actions import record
from thudo.journal.rules import Subject, seal


class StepNotAllowed(Refused):
    """The case is in a state from which this deed does not start."""

    code = "step_not_allowed"


class CaseChanged(Refused):
    """Somebody moved the case since the actor last saw it."""

    code = "case_changed"


def take_step(
    deed: str,
    case: Case,
    *,
    actor: Actor,
    at: datetime,
    to: str = "",
    seen: int | None = None,
    changes: dict[str, Any] | None = None,
    more: dict[str, Any] | None = None,
    also_starts: tuple[str, ...] = (),
    is_work: bool = True,
) -> None:
    """Move `case` by the step of `deed`, or refuse with a sentence.

    `seen`: the version the actor's page showed (None: do not compare); `to`: which of the step's
    states, when it has several; `changes`: fields of the row that change with it; `more`: what
    the journal keeps besides; `also_starts`: clocks that this case needs beyond the step's;
    `is_work`: whether it counts as a sign of progress.
    """
    step = STEPS[deed]
    _ask(step, case, actor)
    _compare(step, case, seen)
    state = to or (step.to[0] if step.to else case.state)
    changes = {**(changes or {}), "state": state}
    if is_work:
        changes["progress_at"] = at
    if state in lifecycle.CLOSED:
        changes["closed_at"] = at
    elif case.closed_at:
        changes["closed_at"] = None
    change(case, changes, at)
    moved = _move_clocks(step, case, at, also_starts)
    record_about(case, step.action, actor=actor, at=at, changes=changes, clocks=moved, more=more)


def record_about(
    case: Case,
    action: str,
    *,
    actor: Actor,
    at: datetime,
    changes: dict[str, Any],
    clocks: list[dict[str, Any]] | None = None,
    more: dict[str, Any] | None = None,
) -> None:
    """One journal entry about a case: what changed, and what followers and streams go by."""
    data = {
        **(more or {}),
        "changed": {name: plain(value) for name, value in changes.items()},
        "clocks": clocks or [],
        **routing_data(case),
    }
    subject = Subject("case", str(case.pk), case.version)
    record(action, subject=subject, actor=actor.key, at=at, data=data)


def promise(
    case: Case,
    due_at: datetime,
    *,
    reason: str,
    actor: Actor,
    at: datetime,
    more: dict[str, Any] | None = None,
) -> None:
    """A new instant for the result; the earlier promises stay on record."""
    changes = {"promised_at": due_at}
    change(case, changes, at)
    Promise.objects.create(case=case, due_at=due_at, made_at=at, reason=reason, post=actor.post)
    more = {"reason": reason, **(more or {})}
    record_about(case, "case.promised", actor=actor, at=at, changes=changes, more=more)


def routing_data(case: Case) -> dict[str, Any]:
    """What the live stream sends an entry to: never personal, never a point."""
    return {
        "state": case.state,
        "service": case.service,
        "area": case.area,
        "unit": case.unit,
        "petition": case.numbers[0] if case.numbers else "",
        "petitions": case.numbers[1:],
        "public": case.is_public,
        "due_at": case.promised_at.isoformat(),
    }


def write_note(
    case: Case,
    kind: str,
    text: str,
    *,
    actor: Actor,
    at: datetime,
    is_public: bool = True,
    next_step: str = "",
    next_at: datetime | None = None,
) -> dict[str, str]:
    """Keep words beside the case; returns what the journal may know of them: id, kind, seal."""
    salt = os.urandom(16)
    note = Note.objects.create(
        id=new_id(), case=case, kind=kind, text=text, salt=salt, unit=case.unit,
        post=actor.post, actor=actor.key, at=at, is_public=is_public,
        next_step=next_step, next_at=next_at,
    )  # fmt: skip
    return {"note": str(note.pk), "kind": kind, "seal": seal(text, salt)}


def hand_over(case: Case, unit: str, post: str, *, at: datetime) -> dict[str, Any]:
    """End the present tenure, begin the next; returns the fields of the case that change."""
    for tenure in Tenure.objects.filter(case=case, ends_at=None):
        calendar = directory().units[tenure.unit].calendar
        tenure.ends_at = at
        tenure.minutes = deadlines.used(calendar, tenure.starts_at, at, measure="working")
        tenure.save()
    Tenure.objects.create(case=case, unit=unit, post=post, starts_at=at)
    past = [*case.past_units]
    if case.unit not in past and case.unit != unit:
        past.append(case.unit)
    return {"unit": unit, "post": post, "handler": "", "past_units": past}


def plain(value: Any) -> Any:
    """A field's value as canonical JSON can hold it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value


def _ask(step: Step, case: Case, actor: Actor) -> None:
    if step.act == "clock":
        if actor != CLOCK:
            raise NotAllowed(_("Only the clock does this."))
        return
    require(actor, step.act, scope_of(case))


def _compare(step: Step, case: Case, seen: int | None) -> None:
    if seen is not None and seen != case.version:
        raise CaseChanged(_("Somebody else has just updated this case."), version=case.version)
    if case.state not in step.before or case.kind not in step.kinds:
        state = _(lifecycle.STATES[case.state])
        raise StepNotAllowed(
            _("This cannot be done now: the case is “%(state)s”.") % {"state": state},
            state=case.state,
        )


def change(case: Case, changes: dict[str, Any], at: datetime) -> None:
    """Compare and swap: the fields change and the version rises, or CaseChanged."""
    moved = Case.objects.filter(pk=case.pk, version=case.version, state=case.state).update(
        version=F("version") + 1, updated_at=at, **changes
    )
    if moved != 1:
        raise CaseChanged(_("Somebody else has just updated this case."))
    for name, value in changes.items():
        setattr(case, name, value)
    case.version += 1
    case.updated_at = at


def _move_clocks(
    step: Step, case: Case, at: datetime, also_starts: tuple[str, ...]
) -> list[dict[str, Any]]:
    moved = clocks.stop(case, step.stops, at=at)
    moved += clocks.pause(case, step.pauses, at=at, why=step.deed)
    moved += clocks.resume(case, step.resumes, at=at)
    if case.state in lifecycle.CLOSED:
        # A result that nobody is drawn to check ends the case at once: no clock outlives it.
        return moved + clocks.stop(case, get_args(lifecycle.ClockKind), at=at)
    for kind in (*step.starts, *also_starts):
        if not clocks.alive(case, kind):
            moved.append(clocks.as_data(clocks.start(case, kind, at=at)))
    return moved
