"""A clock runs, waits for a reason, is extended, and stops; its minutes are counted throughout."""

from datetime import timedelta

import pytest

from tests.deadlines.calendars import hanoi, hanoi_time
from thudo.deadlines.rules import (
    ELAPSED,
    WORKING,
    ClockFault,
    extend,
    pause,
    recalculate,
    resume,
    start,
    stop,
)

OFFICE_HOURS = hanoi()
WEDNESDAY = hanoi_time("2026-11-25 09:00")


def test_a_new_clock_runs_and_has_a_due_instant() -> None:
    clock = start(WORKING, 480, WEDNESDAY, OFFICE_HOURS)

    assert clock.running_since == WEDNESDAY
    assert clock.due_at == hanoi_time("2026-11-26 09:00")
    assert (clock.epoch, clock.consumed) == (1, 0)


def test_a_paused_clock_has_no_due_instant_but_a_reason_and_an_end() -> None:
    until = hanoi_time("2026-12-02 17:00")
    clock = pause(start(WORKING, 480, WEDNESDAY, OFFICE_HOURS), "supplement",
                  hanoi_time("2026-11-25 11:00"), OFFICE_HOURS, until)  # fmt: skip

    assert clock.due_at is None
    assert clock.running_since is None
    assert (clock.consumed, clock.paused_for, clock.paused_until) == (120, "supplement", until)


def test_a_clock_is_not_paused_without_a_reason() -> None:
    with pytest.raises(ClockFault):
        pause(start(WORKING, 480, WEDNESDAY, OFFICE_HOURS), "", WEDNESDAY, OFFICE_HOURS, None)


def test_a_resumed_clock_has_what_was_left() -> None:
    held = pause(start(WORKING, 480, WEDNESDAY, OFFICE_HOURS), "supplement",
                 hanoi_time("2026-11-25 11:00"), OFFICE_HOURS, None)  # fmt: skip

    clock = resume(held, hanoi_time("2026-11-30 08:00"), OFFICE_HOURS)

    assert clock.due_at == hanoi_time("2026-11-30 15:00")
    assert (clock.epoch, clock.paused_for) == (1, "")


def test_a_clock_that_was_over_is_due_at_once_when_it_resumes() -> None:
    late = hanoi_time("2026-11-30 08:00")
    held = pause(start(WORKING, 60, WEDNESDAY, OFFICE_HOURS), "check", late, OFFICE_HOURS, None)

    assert resume(held, late + timedelta(days=1), OFFICE_HOURS).due_at == late + timedelta(days=1)


def test_a_running_clock_does_not_resume_and_a_stopped_one_stays() -> None:
    running = start(WORKING, 60, WEDNESDAY, OFFICE_HOURS)
    stopped = stop(running, hanoi_time("2026-11-25 09:20"), OFFICE_HOURS)

    assert (stopped.consumed, stopped.due_at) == (20, None)
    with pytest.raises(ClockFault):
        resume(running, WEDNESDAY, OFFICE_HOURS)
    with pytest.raises(ClockFault):
        resume(stopped, WEDNESDAY, OFFICE_HOURS)
    with pytest.raises(ClockFault):
        stop(stopped, WEDNESDAY, OFFICE_HOURS)


def test_an_extension_moves_the_due_instant_and_begins_a_new_epoch() -> None:
    clock = start(WORKING, 60, WEDNESDAY, OFFICE_HOURS)

    longer = extend(clock, 480, hanoi_time("2026-11-25 09:30"), OFFICE_HOURS)

    assert longer.due_at == hanoi_time("2026-11-26 10:00")
    assert (longer.epoch, longer.allowance, longer.consumed) == (2, 540, 30)


def test_a_new_holiday_moves_a_running_clock_and_leaves_a_paused_one() -> None:
    changed = hanoi(2, "2026-11-26")
    clock = start(WORKING, 480, WEDNESDAY, OFFICE_HOURS)
    held = pause(clock, "supplement", WEDNESDAY, OFFICE_HOURS, None)

    moved = recalculate(clock, changed)

    assert moved.due_at == hanoi_time("2026-11-27 09:00")
    assert moved.calendar_version == 2
    assert recalculate(held, changed).due_at is None


def test_an_elapsed_clock_does_not_care_for_office_hours() -> None:
    evening = hanoi_time("2026-02-13 16:45")

    assert start(ELAPSED, 15, evening, OFFICE_HOURS).due_at == hanoi_time("2026-02-13 17:00")
