"""Which term holds, and who is on duty."""

from datetime import UTC, date, datetime, time

from tests.deadlines.calendars import HANOI, hanoi, hanoi_time
from thudo.deadlines.rules import (
    ELAPSED,
    WORKING,
    ShiftValue,
    TermValue,
    choose_term,
    due_at,
    on_duty,
    uncovered,
)

FROM = date(2025, 3, 1)
DAY = date(2026, 11, 25)
EVERY_DAY = frozenset({"mon", "tue", "wed", "thu", "fri", "sat", "sun"})


def term(minutes: int, **more: object) -> TermValue:
    return TermValue("handling", WORKING, minutes, "QĐ 1207", **{"valid_from": FROM, **more})  # type: ignore[arg-type]


def test_the_service_outweighs_urgency_which_outweighs_any() -> None:
    anything, urgent = term(2400), term(240, urgency="urgent")
    flooding, both = term(960, service="flooding"), term(60, service="flooding", urgency="urgent")
    terms = [anything, urgent, flooding, both]

    assert choose_term(terms, "handling", "normal", "noise", DAY) == anything
    assert choose_term(terms, "handling", "urgent", "noise", DAY) == urgent
    assert choose_term(terms, "handling", "normal", "flooding", DAY) == flooding
    assert choose_term(terms, "handling", "urgent", "flooding", DAY) == both
    assert (
        choose_term([anything, urgent, flooding], "handling", "urgent", "flooding", DAY) == flooding
    )


def test_only_a_term_valid_that_day_counts_and_the_newest_wins() -> None:
    old = term(4800, valid_to=date(2026, 7, 1))
    new, newest = term(2400), term(1200, valid_from=date(2026, 7, 1))

    assert choose_term([old], "handling", "normal", "noise", DAY) is None
    assert choose_term([old], "handling", "normal", "noise", date(2026, 6, 30)) == old
    assert choose_term([new, newest], "handling", "normal", "noise", DAY) == newest
    assert choose_term([new], "intake", "normal", "noise", DAY) is None


def test_a_term_ends_in_working_or_in_elapsed_time() -> None:
    filed = hanoi_time("2026-02-13 16:45")
    acknowledge = TermValue("acknowledge", ELAPSED, 15, "pack", FROM)

    assert due_at(filed, acknowledge, hanoi()) == hanoi_time("2026-02-13 17:00")
    assert due_at(filed, term(480), hanoi()) == hanoi_time("2026-02-23 16:45")


DAYTIME = ShiftValue("ward", EVERY_DAY, time(7), time(19), "ward.duty", FROM)
NIGHT = ShiftValue("ward", EVERY_DAY, time(19), time(7), "ward.night", FROM)
SUNDAY = ShiftValue("ward", frozenset({"sun"}), time(9), time(12), "ward.deputy", FROM)


def test_somebody_is_on_duty_at_a_quarter_to_five_before_tet_and_at_three_in_the_night() -> None:
    shifts = [DAYTIME, NIGHT]

    assert on_duty(shifts, hanoi_time("2026-02-13 16:45"), HANOI) == "ward.duty"
    assert on_duty(shifts, hanoi_time("2026-02-17 03:00"), HANOI) == "ward.night"
    assert on_duty(shifts, hanoi_time("2026-02-17 07:00"), HANOI) == "ward.duty"
    assert on_duty([DAYTIME], hanoi_time("2026-02-17 03:00"), HANOI) is None


def test_of_two_on_duty_the_shift_that_began_last_answers() -> None:
    assert on_duty([DAYTIME, SUNDAY], hanoi_time("2026-11-29 10:00"), HANOI) == "ward.deputy"


def test_two_shifts_cover_every_hour_of_a_year() -> None:
    assert uncovered([DAYTIME, NIGHT], 2026, HANOI) == []


def test_hours_without_duty_are_named() -> None:
    ended = ShiftValue("ward", EVERY_DAY, time(19), time(7), "ward.night", FROM, date(2026, 12, 31))

    assert uncovered([DAYTIME, ended], 2026, HANOI) == [
        (datetime(2026, 12, 31, 12, tzinfo=UTC), datetime(2026, 12, 31, 17, tzinfo=UTC))
    ]
    assert len(uncovered([], 2026, HANOI)) == 1
