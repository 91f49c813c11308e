"""Working time on a calendar: known instants, and laws that hold on any calendar."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.deadlines.calendars import OFFICE, WEEK, hanoi, hanoi_time, off, round_the_clock
from thudo.deadlines.rules import (
    BeyondHorizon,
    CalendarFault,
    add_working,
    calendar_value,
    is_open,
    next_open,
    working_minutes_between,
)

OFFICE_HOURS = hanoi()


def test_filed_before_tet_intake_is_due_after_it() -> None:
    filed = hanoi_time("2026-02-13 16:45")

    assert add_working(filed, 480, OFFICE_HOURS) == hanoi_time("2026-02-23 16:45")


def test_urgent_handling_ends_a_day_after_that_intake() -> None:
    taken_in = hanoi_time("2026-02-23 16:45")

    assert add_working(taken_in, 240, OFFICE_HOURS) == hanoi_time("2026-02-24 11:45")


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-11-25 08:00", 480, "2026-11-25 17:00"),
        ("2026-11-25 08:00", 240, "2026-11-25 12:00"),
        ("2026-11-25 08:00", 241, "2026-11-25 13:01"),
        ("2026-11-25 12:30", 60, "2026-11-25 14:00"),
        ("2026-11-27 17:00", 1, "2026-11-30 08:01"),
        ("2026-11-28 09:00", 480, "2026-11-30 17:00"),
        ("2026-11-25 23:00", 30, "2026-11-26 08:30"),
        # Saturday 10 January and 22 August are worked, in exchange for a Friday and a Monday.
        ("2026-01-09 16:00", 120, "2026-01-10 09:00"),
        ("2026-01-10 16:00", 120, "2026-01-12 09:00"),
        ("2026-08-21 16:30", 60, "2026-08-22 08:30"),
        ("2026-08-28 16:30", 60, "2026-09-03 08:30"),
        ("2026-04-24 16:30", 60, "2026-04-28 08:30"),
        ("2025-12-31 16:30", 60, "2026-01-05 08:30"),
    ],
)
def test_minutes_run_only_in_office_hours(start: str, minutes: int, due: str) -> None:
    assert add_working(hanoi_time(start), minutes, OFFICE_HOURS) == hanoi_time(due)


def test_no_minutes_are_due_at_once_even_at_night() -> None:
    night = hanoi_time("2026-11-25 23:00")

    assert add_working(night, 0, OFFICE_HOURS) == night


def test_an_office_opens_next_after_the_holidays() -> None:
    assert next_open(hanoi_time("2026-02-14 09:00"), OFFICE_HOURS) == hanoi_time("2026-02-23 08:00")
    assert next_open(hanoi_time("2026-11-25 12:00"), OFFICE_HOURS) == hanoi_time("2026-11-25 13:00")
    assert next_open(hanoi_time("2026-11-25 09:10"), OFFICE_HOURS) == hanoi_time("2026-11-25 09:10")


def test_an_office_is_closed_at_the_minute_its_hours_end() -> None:
    assert is_open(hanoi_time("2026-11-25 11:59"), OFFICE_HOURS)
    assert not is_open(hanoi_time("2026-11-25 12:00"), OFFICE_HOURS)


def test_a_calendar_without_hours_is_refused_and_not_searched_for_ever() -> None:
    never = calendar_value("never", 1, "Asia/Ho_Chi_Minh", {})

    with pytest.raises(BeyondHorizon):
        add_working(hanoi_time("2026-11-25 08:00"), 1, never)
    with pytest.raises(BeyondHorizon):
        next_open(hanoi_time("2026-11-25 08:00"), never)
    assert working_minutes_between(*_hours("2026-01-01", "2026-12-01"), never) == 0


@pytest.mark.parametrize(
    ("week", "why"),
    [
        ({"monday": OFFICE}, "no such day"),
        ({"mon": [["12:00", "08:00"]]}, "end before"),
        ({"mon": [["08:00", "12:00"], ["11:00", "17:00"]]}, "overlap"),
        ({"mon": [["08:00", "24:01"]]}, "no such hour"),
        ({"mon": [["8h", "12:00"]]}, "no such hour"),
    ],
)
def test_a_faulty_week_is_refused_with_its_place(
    week: dict[str, list[list[str]]], why: str
) -> None:
    with pytest.raises(CalendarFault, match=why):
        calendar_value("office", 1, "Asia/Ho_Chi_Minh", week)


def test_a_faulty_zone_or_day_is_refused() -> None:
    with pytest.raises(CalendarFault, match="time zone"):
        calendar_value("office", 1, "Asia/Hanoi_Old", WEEK)
    with pytest.raises(CalendarFault, match="no such day"):
        calendar_value("office", 1, "Asia/Ho_Chi_Minh", WEEK, {"2026-02-30": {"hours": []}})


def test_hours_over_a_spring_gap_are_an_hour_shorter() -> None:
    night = calendar_value("night", 1, "Europe/Berlin", {"sun": [["00:00", "06:00"]]})
    midnight = datetime(2026, 3, 29, tzinfo=ZoneInfo("Europe/Berlin"))

    assert working_minutes_between(midnight, midnight + timedelta(days=1), night) == 300
    assert add_working(midnight, 180, night) == datetime(2026, 3, 29, 2, 0, tzinfo=UTC)


def test_hours_that_begin_in_the_gap_begin_when_it_ends() -> None:
    gap = calendar_value("gap", 1, "Europe/Berlin", {"sun": [["02:30", "04:00"]]})
    midnight = datetime(2026, 3, 29, tzinfo=ZoneInfo("Europe/Berlin"))

    # 03:00 summer time is 01:00 UTC.
    assert next_open(midnight, gap) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert working_minutes_between(midnight, midnight + timedelta(days=1), gap) == 60


def test_hours_wholly_inside_the_gap_do_not_exist() -> None:
    gap = calendar_value("gap", 1, "Europe/Berlin", {"sun": [["02:10", "02:50"]]})
    midnight = datetime(2026, 3, 29, tzinfo=ZoneInfo("Europe/Berlin"))

    assert working_minutes_between(midnight, midnight + timedelta(days=1), gap) == 0


def test_hours_that_happen_twice_in_autumn_are_worked_twice() -> None:
    night = calendar_value(
        "night", 1, "Europe/Berlin", {"sun": [["00:00", "02:30"], ["02:30", "06:00"]]}
    )
    midnight = datetime(2026, 10, 25, tzinfo=ZoneInfo("Europe/Berlin"))

    assert working_minutes_between(midnight, midnight + timedelta(days=1), night) == 420


def test_round_the_clock_every_minute_counts() -> None:
    always = round_the_clock("Europe/Berlin")
    start = datetime(2026, 3, 28, 12, tzinfo=UTC)

    assert add_working(start, 10_000, always) == start + timedelta(minutes=10_000)


WEEKS = st.fixed_dictionaries(
    {"mon": st.just(OFFICE)},
    optional={
        day: st.sampled_from(
            [[], OFFICE, [["00:00", "24:00"]], [["22:00", "24:00"]], [["01:30", "03:15"]]]
        )
        for day in ("tue", "wed", "thu", "fri", "sat", "sun")
    },
)
ZONES = st.sampled_from(
    [
        "Asia/Ho_Chi_Minh",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
    ]
)
INSTANTS = st.integers(0, 3 * 365 * 24 * 3600).map(
    lambda seconds: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
DAYS = st.lists(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=20)
CALENDARS = st.builds(
    lambda z, w, days: calendar_value("any", 1, z, w, off(*days)), ZONES, WEEKS, DAYS
)


@given(CALENDARS, INSTANTS, INSTANTS, st.integers(0, 20_000))
@settings(max_examples=60, deadline=None)
def test_a_later_start_is_never_due_earlier(calendar, one, other, minutes) -> None:
    early, late = sorted((one, other))

    assert add_working(early, minutes, calendar) <= add_working(late, minutes, calendar)


@given(
    ZONES,
    WEEKS,
    DAYS,
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    INSTANTS,
    st.integers(0, 20_000),
)
@settings(max_examples=60, deadline=None)
def test_a_new_holiday_never_brings_a_due_instant_nearer(
    zone, week, days, holiday, start, minutes
) -> None:
    before = calendar_value("any", 1, zone, week, off(*days))
    after = calendar_value("any", 2, zone, week, off(*days, holiday))

    assert add_working(start, minutes, after) >= add_working(start, minutes, before)


@given(CALENDARS, INSTANTS, st.integers(0, 20_000))
@settings(max_examples=60, deadline=None)
def test_minutes_added_can_be_measured_again(calendar, start, minutes) -> None:
    due = add_working(start, minutes, calendar)

    assert working_minutes_between(start, due, calendar) == minutes


@given(CALENDARS, INSTANTS, INSTANTS, INSTANTS)
@settings(max_examples=60, deadline=None)
def test_a_stretch_is_the_sum_of_its_parts_to_the_minute(calendar, one, two, three) -> None:
    a, b, c = sorted((one, two, three))

    parts = working_minutes_between(a, b, calendar) + working_minutes_between(b, c, calendar)
    assert working_minutes_between(a, c, calendar) - parts in (0, 1)


@given(CALENDARS, INSTANTS)
@settings(max_examples=60, deadline=None)
def test_the_next_opening_is_open_and_not_earlier(calendar, at) -> None:
    opening = next_open(at, calendar)

    assert opening >= at
    assert is_open(opening, calendar)
    assert working_minutes_between(at, opening, calendar) == 0


def _hours(a: str, b: str) -> tuple[datetime, datetime]:
    return hanoi_time(f"{a} 08:00"), hanoi_time(f"{b} 08:00")
