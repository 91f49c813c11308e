"""Working hours, terms, duty and clocks as pure functions of values."""

from thudo.deadlines.rules.calendar import (
    BeyondHorizon,
    CalendarFault,
    CalendarValue,
    add_working,
    calendar_value,
    is_open,
    next_open,
    working_minutes_between,
)
from thudo.deadlines.rules.clock import (
    ClockFault,
    ClockValue,
    extend,
    pause,
    recalculate,
    resume,
    start,
    stop,
)
from thudo.deadlines.rules.duty import ShiftValue, on_duty, uncovered
from thudo.deadlines.rules.terms import (
    ELAPSED,
    WORKING,
    TermValue,
    after,
    choose_term,
    due_at,
    used,
)

__all__ = [
    "ELAPSED",
    "WORKING",
    "BeyondHorizon",
    "CalendarFault",
    "CalendarValue",
    "ClockFault",
    "ClockValue",
    "ShiftValue",
    "TermValue",
    "add_working",
    "after",
    "calendar_value",
    "choose_term",
    "due_at",
    "extend",
    "is_open",
    "next_open",
    "on_duty",
    "pause",
    "recalculate",
    "resume",
    "start",
    "stop",
    "uncovered",
    "used",
    "working_minutes_between",
]
