"""Which days a rule makes: nth weekdays, days of the month, holidays, swap days, part days."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thudo.deadlines.rules import CalendarValue, calendar_value
from thudo.reception.rules import hours_on, rule_of, slots_on, wanted_days
from thudo.reception.rules.days import DayRule, RuleFault

WEEK = {
    day: [["08:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")
}
ROW = {
    "code": "r", "host": "head", "on": ["thu:1"], "hours": [["08:00", "11:30"]], "slot_minutes": 30,
    "place": {"en": "x"}, "legal_basis": "x", "valid_from": "2025-07-01",
}  # fmt: skip


def rule(**more: object) -> DayRule:
    return rule_of({**ROW, **more})


def office(**exceptions: list[list[str]]) -> CalendarValue:
    changed = {day.replace("_", "-"): {"hours": hours} for day, hours in exceptions.items()}
    return calendar_value("office", 1, "Asia/Ho_Chi_Minh", WEEK, changed)


def days(
    one: DayRule, calendar: CalendarValue, first: str = "2026-03-01", until: str = "2026-05-01"
) -> list[str]:
    found = wanted_days(one, date.fromisoformat(first), date.fromisoformat(until), calendar)
    return [day.on.isoformat() for day in found]


def test_the_first_and_third_thursday() -> None:
    found = days(rule(on=["thu:1", "thu:3"]), office())

    assert found == ["2026-03-05", "2026-03-19", "2026-04-02", "2026-04-16"]


def test_the_fifteenth_of_a_month_or_the_next_working_day() -> None:
    found = wanted_days(rule(on=["15"]), date(2026, 3, 1), date(2026, 5, 1), office())

    assert [(day.on, day.moved_from) for day in found] == [
        (date(2026, 3, 16), date(2026, 3, 15)), (date(2026, 4, 15), None),
    ]  # fmt: skip


def test_a_holiday_moves_the_day_and_a_long_one_over_the_months_end_too() -> None:
    closed = {f"2026_04_{day:02}": [] for day in range(2, 31)}
    calendar = office(**closed)

    assert days(rule(), calendar, until="2026-06-01") == ["2026-03-05", "2026-05-01", "2026-05-07"]


def test_where_the_rule_says_so_a_holiday_leaves_the_day_out() -> None:
    assert days(rule(if_closed="skip"), office(**{"2026_03_05": []})) == ["2026-04-02"]


def test_on_a_swap_day_people_are_received_and_only_in_the_hours_worked() -> None:
    calendar = office(**{"2026_03_05": [], "2026_03_06": [], "2026_03_07": [["09:00", "10:00"]]})

    assert days(rule(), calendar)[0] == "2026-03-07"
    assert hours_on(rule(), date(2026, 3, 7), calendar) == ((540, 600),)
    starts = [start for start, _end in slots_on(rule(), date(2026, 3, 7), calendar)]
    local = [start.astimezone(ZoneInfo("Asia/Ho_Chi_Minh")) for start in starts]
    assert [f"{one:%H:%M}" for one in local] == ["09:00", "09:30"]


def test_before_and_after_its_validity_a_rule_makes_no_day() -> None:
    ends = rule(on=["thu"], valid_from="2026-03-10", valid_to="2026-03-26")

    assert days(ends, office()) == ["2026-03-12", "2026-03-19"]


@given(st.dates(date(2026, 1, 1), date(2027, 12, 1)), st.sampled_from(["thu", "mon:2", "31"]))
def test_every_wanted_day_is_worked_and_lies_in_the_span(first: date, on: str) -> None:
    until = date.fromordinal(first.toordinal() + 60)
    calendar = office(**{"2026_09_02": [], "2026_12_31": [], "2027_01_01": []})

    for day in wanted_days(rule(on=[on]), first, until, calendar):
        assert first <= day.on < until
        assert hours_on(rule(on=[on]), day.on, calendar)


@pytest.mark.parametrize(
    "wrong",
    [{"on": ["sunday"]}, {"on": ["0"]}, {"on": ["thu:6"]}, {"hours": [["8", "9"]]}, {"slot_minutes": 0},
     {"seats": "many"}, {"if_closed": "never"}, {"valid_from": "soon"}],
)  # fmt: skip
def test_a_rule_that_cannot_be_understood_says_so(wrong: dict[str, object]) -> None:
    with pytest.raises(RuleFault):
        rule(**wrong)
