"""Which days a rule of the pack makes, and their hours. Local days and wall times."""

import calendar as months
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from thudo.deadlines.rules import CalendarValue
from thudo.deadlines.rules.calendar import DAYS, Hours

NEXT_WORKING_DAY, SKIP = "next_working_day", "skip"
# No run of holidays is longer.
_LONGEST_CLOSURE = 31


@dataclass(frozen=True, slots=True)
class DayRule:
    """A rule of the pack: whom of which units one may see, on which days, at which hours.

    `on`: ("weekday", nth of the month or 0 for each) or ("day", day of the month); `hours` are
    minutes of the local day; `seats`: how many are received at once; `host`: the post's code.
    """

    code: str
    unit_kinds: frozenset[str]
    units: frozenset[str]
    host: str
    on: tuple[tuple[str, int, int], ...]
    hours: Hours
    slot_minutes: int
    seats: int
    if_closed: str
    place: dict[str, str]
    legal_basis: str
    valid_from: date
    valid_to: date | None

    def covers(self, unit: str, kind: str) -> bool:
        """Whether the rule speaks of this unit; one that is named leaves the rules of its kind."""
        return unit in self.units or (not self.units and kind in self.unit_kinds)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A day that should be published; `moved_from` where the rule's own day is no working day."""

    on: date
    moved_from: date | None


class RuleFault(ValueError):
    """A rule of reception.toml that cannot be understood; says why."""


def rule_of(row: Mapping[str, Any]) -> DayRule:
    """A rule out of the pack's JSON; raises RuleFault."""
    try:
        return DayRule(
            code=row["code"],
            unit_kinds=frozenset(row.get("unit_kinds", ())),
            units=frozenset(row.get("units", ())),
            host=row["host"],
            on=tuple(_day_of(text) for text in row["on"]),
            hours=tuple((_minute(a), _minute(b)) for a, b in row["hours"]),
            slot_minutes=_least(row["slot_minutes"], 5),
            seats=_least(row.get("seats", 1), 1),
            if_closed=_one_of(row.get("if_closed", NEXT_WORKING_DAY)),
            place=dict(row["place"]),
            legal_basis=row["legal_basis"],
            valid_from=date.fromisoformat(str(row["valid_from"])),
            valid_to=date.fromisoformat(str(row["valid_to"])) if row.get("valid_to") else None,
        )
    except KeyError as fault:
        raise RuleFault(f'The entry "{fault.args[0]}" is missing.') from fault
    except (ValueError, TypeError) as fault:
        raise RuleFault(str(fault)) from fault


def wanted_days(rule: DayRule, first: date, until: date, calendar: CalendarValue) -> list[Wanted]:
    """The rule's days from `first` up to, not including, `until`; a day off is moved or left out."""
    found: dict[date, Wanted] = {}
    for day in _own_days(rule, first - timedelta(days=_LONGEST_CLOSURE), until):
        on = _working(day, rule, calendar)
        if on and first <= on < until:
            found.setdefault(on, Wanted(on, None if on == day else day))
    return [found[on] for on in sorted(found)]


def hours_on(rule: DayRule, on: date, calendar: CalendarValue) -> Hours:
    """The rule's hours that are worked on that day."""
    worked = calendar.hours(on)
    both = [
        (max(begin, start), min(end, stop)) for begin, end in rule.hours for start, stop in worked
    ]
    return tuple((begin, end) for begin, end in sorted(both) if begin < end)


def slots_on(
    rule: DayRule, on: date, calendar: CalendarValue
) -> Iterator[tuple[datetime, datetime]]:
    """(start, end) in UTC of each talk that fits into the day's hours."""
    for begin, end in hours_on(rule, on, calendar):
        for minute in range(begin, end - rule.slot_minutes + 1, rule.slot_minutes):
            yield (
                _instant(on, minute, calendar),
                _instant(on, minute + rule.slot_minutes, calendar),
            )


def _own_days(rule: DayRule, first: date, until: date) -> Iterator[date]:
    for ordinal in range(first.toordinal(), until.toordinal()):
        day = date.fromordinal(ordinal)
        if day < rule.valid_from or (rule.valid_to and day >= rule.valid_to):
            continue
        if any(_fits(day, *one) for one in rule.on):
            yield day


def _fits(day: date, kind: str, what: int, nth: int) -> bool:
    if kind == "day":
        # The 31st of a shorter month is its last day.
        return day.day == min(what, months.monthrange(day.year, day.month)[1])
    return day.weekday() == what and nth in {0, (day.day + 6) // 7}


def _working(day: date, rule: DayRule, calendar: CalendarValue) -> date | None:
    for later in range(_LONGEST_CLOSURE):
        on = day + timedelta(days=later)
        if hours_on(rule, on, calendar):
            return on
        if rule.if_closed == SKIP:
            return None
    return None


def _instant(on: date, minute: int, calendar: CalendarValue) -> datetime:
    wall = datetime.combine(on, time(), calendar.zone) + timedelta(minutes=minute)
    return wall.astimezone(UTC)


def _day_of(text: str) -> tuple[str, int, int]:
    """'tue:3' the third Tuesday, 'thu' every Thursday, '15' the fifteenth."""
    name, _, nth = str(text).partition(":")
    if name.isdecimal() and 1 <= int(name) <= 31:
        return "day", int(name), 0
    if name in DAYS and (not nth or (nth.isdecimal() and 1 <= int(nth) <= 5)):
        return "weekday", DAYS.index(name), int(nth or 0)
    raise ValueError(f'"{text}" is no day: write "thu", "thu:1" or "15".')


def _minute(text: str) -> int:
    hour, _, minute = str(text).partition(":")
    if not (hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60):
        raise ValueError(f'"{text}" is no hour of the day.')
    return int(hour) * 60 + int(minute)


def _least(value: object, least: int) -> int:
    if not isinstance(value, int) or value < least:
        raise ValueError(f'"{value}" is less than {least}.')
    return value


def _one_of(value: str) -> str:
    if value not in {NEXT_WORKING_DAY, SKIP}:
        raise ValueError(f'"{value}" is not known: "{NEXT_WORKING_DAY}" and "{SKIP}" are.')
    return value
