"""The only writers of clocks. Each deed says which kinds it stops, pauses, resumes, starts.

Every function returns what it changed, as the journal keeps it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from thudo.cases.models import Case, Clock
from thudo.deadlines import queries as deadlines
from thudo.directory.queries import directory

Changes = list[dict[str, Any]]


def start(case: Case, kind: str, *, at: datetime) -> Clock:
    """A new epoch of one clock of `case`, on the calendar of the unit that owes it."""
    unit = directory().city["checking_unit"] if kind == "check" else case.unit
    due = deadlines.due(
        kind,
        service=case.service,
        urgency=case.urgency,
        calendar=directory().units[unit].calendar,
        start=at,
    )
    last = Clock.objects.filter(case=case, kind=kind).order_by("-epoch").first()
    return Clock.objects.create(
        case=case,
        kind=kind,
        epoch=last.epoch + 1 if last else 1,
        unit=unit,
        calendar=due.calendar,
        calendar_version=due.calendar_version,
        measure=due.measure,
        allowance=due.minutes,
        started_at=at,
        running_since=at,
        due_at=due.due_at,
        promised_at=due.due_at,
        source=due.source,
    )


def stop(case: Case, kinds: Iterable[str], *, at: datetime) -> Changes:
    """Stop the clocks of these kinds that have not stopped; their use is counted to the end."""
    return [_changed(_stopped(clock, at)) for clock in _alive(case, kinds)]


def pause(case: Case, kinds: Iterable[str], *, at: datetime, why: str) -> Changes:
    """Pause those that run; what is left of their allowance waits."""
    running = (clock for clock in _alive(case, kinds) if clock.running_since)
    return [_changed(_paused(clock, at, why)) for clock in running]


def resume(case: Case, kinds: Iterable[str], *, at: datetime) -> Changes:
    """Let paused ones run again with what is left of their allowance."""
    paused = (clock for clock in _alive(case, kinds) if not clock.running_since)
    return [_changed(_resumed(clock, at)) for clock in paused]


def move(clock: Clock, due_at: datetime, *, at: datetime) -> Clock:
    """A new promise on a running clock: a new epoch of its ladder, the same clock."""
    clock.allowance = clock.consumed + deadlines.used(
        clock.calendar, clock.running_since or at, due_at, measure=clock.measure
    )
    clock.due_at = clock.promised_at = due_at
    clock.overdue_at, clock.rung = None, 0
    clock.epoch += 1
    clock.save()
    return clock


def recompute(clock: Clock) -> Clock:
    """Bring a running clock to the newest version of its calendar; its due instant may move."""
    left = clock.allowance - clock.consumed
    due_at, version = deadlines.due_after(
        clock.calendar, clock.running_since or clock.started_at, left, measure=clock.measure
    )
    clock.due_at = clock.promised_at = due_at
    clock.calendar_version = version
    clock.save()
    return clock


def alive(case: Case, kind: str) -> Clock | None:
    """The clock of this kind that has not stopped, locked until the deed ends."""
    return next(iter(_alive(case, (kind,))), None)


def _alive(case: Case, kinds: Iterable[str]) -> list[Clock]:
    clocks = Clock.objects.select_for_update().filter(case=case, stopped_at=None)
    return list(clocks.filter(kind__in=list(kinds)).order_by("pk"))


def _count(clock: Clock, at: datetime) -> None:
    if clock.running_since:
        clock.consumed += deadlines.used(
            clock.calendar, clock.running_since, at, measure=clock.measure
        )
    clock.running_since = None
    clock.due_at = None


def _stopped(clock: Clock, at: datetime) -> Clock:
    _count(clock, at)
    clock.stopped_at = at
    clock.save()
    return clock


def _paused(clock: Clock, at: datetime, why: str) -> Clock:
    _count(clock, at)
    clock.paused_for = why
    clock.save()
    return clock


def _resumed(clock: Clock, at: datetime) -> Clock:
    # A clock that was already over stays over: its promise lies in the past on purpose.
    left = clock.allowance - clock.consumed
    clock.running_since = at
    clock.paused_for = ""
    clock.due_at, clock.calendar_version = deadlines.due_after(
        clock.calendar, at, max(left, 0), measure=clock.measure
    )
    clock.promised_at = clock.due_at
    clock.save()
    return clock


def _changed(clock: Clock) -> dict[str, Any]:
    return as_data(clock)


def as_data(clock: Clock) -> dict[str, Any]:
    """A clock as the journal keeps it."""
    return {
        "kind": clock.kind,
        "epoch": clock.epoch,
        "unit": clock.unit,
        "allowance": clock.allowance,
        "consumed": clock.consumed,
        "due_at": clock.due_at.isoformat() if clock.due_at else None,
        "stopped": clock.stopped_at is not None,
    }
