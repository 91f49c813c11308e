"""The life of one term as a value: it runs, is paused for a reason with an end, stops once.

A running clock has `running_since` and `due_at`; a paused or stopped one has neither. `consumed`
are the minutes used up before `running_since`.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from thudo.deadlines.rules.calendar import CalendarValue
from thudo.deadlines.rules.terms import after, used


class ClockFault(ValueError):
    """A move that a clock in this state cannot make."""


@dataclass(frozen=True, slots=True)
class ClockValue:
    """`epoch` grows with every new promise, so that the ladder's rungs can fire again."""

    measure: str
    allowance: int
    calendar_version: int
    consumed: int = 0
    epoch: int = 1
    running_since: datetime | None = None
    due_at: datetime | None = None
    paused_for: str = ""
    paused_until: datetime | None = None
    stopped_at: datetime | None = None

    @property
    def left(self) -> int:
        """Minutes of the allowance not used up before it last began to run."""
        return max(self.allowance - self.consumed, 0)


def start(measure: str, allowance: int, at: datetime, calendar: CalendarValue) -> ClockValue:
    """A new clock that runs from `at`."""
    return _running(ClockValue(measure, allowance, calendar.version), at, calendar)


def pause(
    clock: ClockValue, reason: str, at: datetime, calendar: CalendarValue, until: datetime | None
) -> ClockValue:
    """Hold a running clock for a reason; `until` is when it must run again at the latest."""
    if not reason:
        raise ClockFault("a clock is paused for a reason")
    held = _counted(clock, at, calendar)
    return replace(held, paused_for=reason, paused_until=until)


def resume(clock: ClockValue, at: datetime, calendar: CalendarValue) -> ClockValue:
    """Let a paused clock run with what is left; one that was over is due at once."""
    if clock.running_since is not None or clock.stopped_at is not None:
        raise ClockFault("only a paused clock resumes")
    return _running(replace(clock, paused_for="", paused_until=None), at, calendar)


def stop(clock: ClockValue, at: datetime, calendar: CalendarValue) -> ClockValue:
    """End a clock for good, running or paused."""
    if clock.stopped_at is not None:
        raise ClockFault("it has stopped")
    held = _counted(clock, at, calendar) if clock.running_since else clock
    return replace(held, stopped_at=at, paused_for="", paused_until=None)


def extend(clock: ClockValue, minutes: int, at: datetime, calendar: CalendarValue) -> ClockValue:
    """More allowance for a running clock: a new promise, hence a new epoch."""
    held = _counted(clock, at, calendar)
    more = replace(held, allowance=held.allowance + minutes, epoch=held.epoch + 1)
    return _running(more, at, calendar)


def recalculate(clock: ClockValue, calendar: CalendarValue) -> ClockValue:
    """The same clock on a newer version of its calendar; a running one may be due elsewhen."""
    if clock.running_since is None:
        return replace(clock, calendar_version=calendar.version)
    return _running(clock, clock.running_since, calendar)


def _running(clock: ClockValue, at: datetime, calendar: CalendarValue) -> ClockValue:
    due = after(at, clock.left, clock.measure, calendar)
    return replace(clock, running_since=at, due_at=due, calendar_version=calendar.version)


def _counted(clock: ClockValue, at: datetime, calendar: CalendarValue) -> ClockValue:
    if clock.running_since is None:
        raise ClockFault("it does not run")
    spent = used(clock.running_since, at, clock.measure, calendar)
    return replace(clock, consumed=clock.consumed + spent, running_since=None, due_at=None)
