"""Whether somebody is there: calendars cover the year, duty calendars every hour."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from thudo.packs.rules.expand import Shift, posts, shifts
from thudo.packs.rules.lines import line_of
from thudo.packs.rules.reader import DAYS
from thudo.packs.rules.values import Calendar, Pack, Problem

_DAY = 24 * 60
_WEEK = 7 * _DAY
_HOUR = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")


def calendars(pack: Pack, day: date | None) -> Iterator[Problem]:
    """Calendars that cover less than a year, or not that of `day`, or have broken hours."""
    for calendar in pack.calendars:
        starts, ends = calendar.covers
        at = calendar.at
        if (ends - starts).days < 365:
            yield Problem(at.file, at.line, "A calendar covers a whole year at least.")
        if day and not (starts <= date(day.year, 1, 1) and date(day.year, 12, 31) < ends):
            yield Problem(at.file, at.line, f"The calendar does not cover the year {day.year}.")
        try:
            ZoneInfo(calendar.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            yield Problem(at.file, 1, f'There is no time zone "{calendar.time_zone}".')
        yield from _hours(pack, calendar)


def _hours(pack: Pack, calendar: Calendar) -> Iterator[Problem]:
    text = (pack.folder / calendar.at.file).read_text("utf-8")
    for name in DAYS:
        if name not in calendar.week:
            yield Problem(calendar.at.file, line_of(text, "[week]"), f'The week lacks "{name}".')
    spans = [(f"{name} =", hours) for name, hours in calendar.week.items()]
    for name, exception in calendar.exceptions.items():
        spans.append((f"[exceptions.{name}]", exception.get("hours", [])))
        if set(exception.get("name", {})) < set(pack.languages):
            line = line_of(text, f"[exceptions.{name}]")
            yield Problem(calendar.at.file, line, f"The exception on {name} lacks a name.")
    for needle, hours in spans:
        if not _is_orderly(hours):
            line = line_of(text, needle)
            yield Problem(calendar.at.file, line, f"The hours {hours} are not spans in order.")


def _is_orderly(hours: Sequence[Sequence[str]]) -> bool:
    flat = [hour for span in hours for hour in span]
    whole = all(len(span) == 2 for span in hours) and all(_HOUR.match(hour) for hour in flat)
    return whole and flat == sorted(flat) and all(span[0] < span[1] for span in hours)


def duty(pack: Pack) -> Iterator[Problem]:
    """Units with an hour of the week, in any period, on which nobody is on duty."""
    codes = {post.code for post in posts(pack)}
    of_unit: dict[str, list[Shift]] = defaultdict(list)
    for shift in shifts(pack):
        of_unit[shift.unit].append(shift)
        if shift.post not in codes:
            sentence = f'There is no post "{shift.post}" to be on duty.'
            yield Problem(shift.at.file, shift.at.line, sentence)
    for unit in pack.units:
        if gap := _first_gap(of_unit[unit.code], unit.valid_from, unit.valid_to):
            yield Problem(unit.at.file, unit.at.line, f'Nobody of "{unit.code}" is on duty {gap}.')


def _first_gap(rows: Sequence[Shift], starts: date, ends: date | None) -> str:
    """The first minute of the week that no shift covers, in words; "" when all are."""
    # The city's duty begins with the pack's first shift, not with a unit's own history.
    begins = max(starts, min((row.valid_from for row in rows), default=starts))
    days = {
        begins,
        *(row.valid_from for row in rows),
        *(row.valid_to for row in rows if row.valid_to),
    }
    for day in sorted(d for d in days if d >= begins and (ends is None or d < ends)):
        valid = [
            r for r in rows if r.valid_from <= day and (r.valid_to is None or day < r.valid_to)
        ]
        minute = _uncovered(valid)
        if minute is not None:
            hour, rest = divmod(minute % _DAY, 60)
            return f"on {DAYS[minute // _DAY]} at {hour:02}:{rest:02} from {day}"
    return ""


def _uncovered(rows: Sequence[Shift]) -> int | None:
    """The first minute of the week without a shift; one that ends by its start runs overnight."""
    spans = []
    for row in rows:
        length = (_minute(row.ends) - _minute(row.starts)) % _DAY or _DAY
        for name in row.days:
            start = DAYS.index(name) * _DAY + _minute(row.starts)
            spans += [(start, start + length), (start - _WEEK, start - _WEEK + length)]
    reached = 0
    for start, end in sorted(spans):
        if start > reached:
            break
        reached = max(reached, end)
    return reached if reached < _WEEK else None


def _minute(hour: object) -> int:
    text = str(hour)
    return int(text[:2]) * 60 + int(text[3:5])
