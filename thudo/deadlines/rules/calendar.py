"""A working calendar as a value: when a unit works, and arithmetic in its working minutes.

Hours are local wall times of the calendar's zone. A calendar lays its years out once as a line of
UTC intervals with the work done before each, so that every question is a binary search.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# No term of a city runs longer; a calendar without hours would otherwise be searched for ever.
HORIZON_YEARS = 30
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MINUTE = 60_000_000
_DAY_MINUTES = 24 * 60

# Minutes of the local day: (from, to), to <= 1440.
Hours = tuple[tuple[int, int], ...]


class CalendarFault(ValueError):
    """A week or an exception that is no working time; says which."""


class BeyondHorizon(ValueError):
    """The calendar has too little work within HORIZON_YEARS for what was asked."""


@dataclass(frozen=True)
class CalendarValue:
    """One version of a calendar. `week` has seven days, Monday first; `exceptions` replace days."""

    code: str
    version: int
    zone: ZoneInfo
    week: tuple[Hours, ...]
    exceptions: tuple[tuple[date, Hours], ...] = ()

    def hours(self, day: date) -> Hours:
        """What is worked on that local day."""
        return self._exceptions.get(day, self.week[day.weekday()])

    @cached_property
    def _exceptions(self) -> dict[date, Hours]:
        return dict(self.exceptions)

    @cached_property
    def line(self) -> "Line":
        """The calendar laid out in UTC; grows by itself and is shared by all who ask."""
        return Line(self)


def calendar_value(
    code: str,
    version: int,
    time_zone: str,
    week: Mapping[str, Any],
    exceptions: Mapping[str, Any] | None = None,
) -> CalendarValue:
    """From the JSON of deadlines.Calendar; raises CalendarFault with what is wrong."""
    unknown = set(week) - set(DAYS)
    if unknown:
        raise CalendarFault(f"{code}: no such day: {', '.join(sorted(unknown))}")
    days = tuple(_hours(week.get(name, []), f"{code} {name}") for name in DAYS)
    changed = sorted((exceptions or {}).items())
    return CalendarValue(
        code,
        version,
        _zone(time_zone, code),
        days,
        tuple((_day(on, code), _hours(what["hours"], f"{code} {on}")) for on, what in changed),
    )


def add_working(start: datetime, minutes: int, calendar: CalendarValue) -> datetime:
    """The first instant (UTC) by which `minutes` were worked since `start`; raises BeyondHorizon."""
    if minutes <= 0:
        return start.astimezone(UTC)
    at = _micros(start)
    return _instant(calendar.line.after(at, minutes * _MINUTE))


def working_minutes_between(a: datetime, b: datetime, calendar: CalendarValue) -> int:
    """Whole minutes worked from `a` to `b`; 0 when `b` is not later."""
    start, end = _micros(a), _micros(b)
    if end <= start:
        return 0
    return calendar.line.worked(start, end) // _MINUTE


def next_open(at: datetime, calendar: CalendarValue) -> datetime:
    """`at` when the unit works then, else the next instant (UTC) at which it begins to."""
    return _instant(calendar.line.opening(_micros(at)))


def is_open(at: datetime, calendar: CalendarValue) -> bool:
    """Whether the unit works at that instant."""
    return next_open(at, calendar) == at


class Line:
    """The working time of whole local years as sorted, disjoint UTC intervals in microseconds."""

    def __init__(self, calendar: CalendarValue) -> None:
        self.calendar = calendar
        # One tuple, replaced whole: threads see the old line or the new one, never half of it.
        # (first instant, end instant, starts, ends, work done by each end)
        self._laid: tuple[int, int, list[int], list[int], list[int]] = (0, 0, [], [], [])

    def after(self, at: int, work: int) -> int:
        """The instant by which `work` > 0 microseconds were worked since `at`."""
        for years in (1, 3, HORIZON_YEARS):
            _, _, starts, ends, done = laid = self._over(at, at, years)
            target = self._done(at, laid) + work
            i = bisect_left(done, target)
            if i < len(done):
                return max(ends[i] - (done[i] - target), starts[i])
        raise BeyondHorizon(f"{self.calendar.code}: no such instant in {HORIZON_YEARS} years")

    def worked(self, start: int, end: int) -> int:
        """Microseconds worked between two instants."""
        laid = self._over(start, end, 0)
        return self._done(end, laid) - self._done(start, laid)

    def opening(self, at: int) -> int:
        """`at` or the next beginning of work."""
        for years in (1, 3, HORIZON_YEARS):
            _, _, starts, ends, _ = self._over(at, at, years)
            i = bisect_right(ends, at)
            if i < len(ends):
                return max(at, starts[i])
        raise BeyondHorizon(f"{self.calendar.code}: closed for {HORIZON_YEARS} years")

    @staticmethod
    def _done(at: int, laid: tuple[int, int, list[int], list[int], list[int]]) -> int:
        _, _, starts, ends, done = laid
        i = bisect_right(starts, at) - 1
        return done[i] - max(ends[i] - at, 0) if i >= 0 else 0

    def _over(
        self, start: int, end: int, years: int
    ) -> tuple[int, int, list[int], list[int], list[int]]:
        """The line, grown until it covers `start` to `end` and `years` more."""
        laid = self._laid
        # 366 days a year are enough of a margin; growing goes by whole years anyway.
        until = end + years * 366 * _DAY_MINUTES * _MINUTE
        if not (laid[0] <= start and until < laid[1]):
            laid = self._grown(start, until, laid)
            self._laid = laid
        return laid

    def _grown(
        self, start: int, until: int, laid: tuple[int, int, list[int], list[int], list[int]]
    ) -> tuple[int, int, list[int], list[int], list[int]]:
        if laid[1]:
            start, until = min(start, laid[0]), max(until, laid[1] - 1)
        # A day more at both ends, so that the zone's offset cannot matter.
        first = date((_instant(start) - timedelta(days=2)).year, 1, 1)
        last = date((_instant(until) + timedelta(days=2)).year + 1, 1, 1)
        starts: list[int] = []
        ends: list[int] = []
        for begin, end in self._intervals(first, last):
            if ends and begin <= ends[-1]:
                ends[-1] = max(ends[-1], end)
            else:
                starts.append(begin)
                ends.append(end)
        done, total = [], 0
        for begin, end in zip(starts, ends, strict=True):
            total += end - begin
            done.append(total)
        midnight = datetime.min.time()
        return (
            _micros(datetime.combine(first, midnight, UTC)) + _DAY_MINUTES * _MINUTE,
            _micros(datetime.combine(last, midnight, UTC)) - _DAY_MINUTES * _MINUTE,
            starts,
            ends,
            done,
        )

    def _intervals(self, first: date, last: date) -> Iterator[tuple[int, int]]:
        for ordinal in range(first.toordinal(), last.toordinal()):
            day = date.fromordinal(ordinal)
            for begin, end in self.calendar.hours(day):
                interval = self._utc(day, begin, 0), self._utc(day, end, 1)
                if interval[0] < interval[1]:
                    yield interval

    def _utc(self, day: date, minute: int, fold: int) -> int:
        """A wall time in UTC: hours begin at the first of two equal wall times, end at the last."""
        wall = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
        early = _micros(wall.replace(tzinfo=self.calendar.zone))
        late = _micros(wall.replace(tzinfo=self.calendar.zone, fold=1))
        if late < early:
            return _gap(late, early, self.calendar.zone)
        return late if fold else early


def _gap(low: int, high: int, zone: ZoneInfo) -> int:
    """The instant in (low, high] at which the clocks were put forward over a wall time."""
    before = _instant(low).astimezone(zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if _instant(middle).astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _instant(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


def _zone(name: str, code: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as fault:
        raise CalendarFault(f"{code}: no such time zone: {name}") from fault


def _day(text: str, code: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise CalendarFault(f"{code}: no such day: {text}") from fault


def _hours(pairs: list[list[str]], where: str) -> Hours:
    hours = tuple(sorted((_minute(a, where), _minute(b, where)) for a, b in pairs))
    if any(begin >= end for begin, end in hours):
        raise CalendarFault(f"{where}: hours end before they begin")
    if any(left[1] > right[0] for left, right in pairwise(hours)):
        raise CalendarFault(f"{where}: hours overlap")
    return hours


def _minute(text: str, where: str) -> int:
    """'08:30' as 510; '24:00' is the end of the day."""
    hour, _, minute = text.partition(":")
    if not (hour.isdecimal() and minute.isdecimal() and len(minute) == 2 and int(minute) < 60):
        raise CalendarFault(f"{where}: no such hour: {text}")
    value = int(hour) * 60 + int(minute)
    if value > _DAY_MINUTES:
        raise CalendarFault(f"{where}: no such hour: {text}")
    return value
