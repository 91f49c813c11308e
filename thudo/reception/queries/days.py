"""Published days with their hours, as anybody may read them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import Count, Max, Min, Q, QuerySet

from thudo.directory.queries import directory, post_title, say, unit_name
from thudo.reception.models import Day, Slot
from thudo.reception.queries.plan import reception_rules, today
from thudo.reception.rules import HOLDING


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour that can be asked for; `free` seats of it, none once it is too near."""

    starts_at: datetime
    ends_at: datetime
    free: int

    @property
    def value(self) -> str:
        return self.starts_at.isoformat()


@dataclass(frozen=True, slots=True)
class DayLine:
    """A day in a list: who receives where, from when to when, and what is left."""

    day: Day
    unit: str
    host: str
    place: str
    starts_at: datetime
    ends_at: datetime
    free: int

    @property
    def is_called_off(self) -> bool:
        return self.day.called_off_at is not None


@dataclass(frozen=True, slots=True)
class DateLine:
    """All that is received on one date in the whole city."""

    on: date
    starts_at: datetime
    units: int
    free: int


def coming_days(at: datetime, *, unit: str = "", on: date | None = None) -> list[DayLine]:
    """The days from today on, in their order; those called off too, for whoever planned to come."""
    rows = Day.objects.filter(on__gte=today(at))
    rows = rows.filter(unit=unit) if unit else rows
    return lines_of(rows.filter(on=on) if on else rows, at)


def dates_of(lines: Iterable[DayLine]) -> list[DateLine]:
    """The dates of these lines with how many units receive and how many seats are free."""
    lines = [line for line in lines if not line.is_called_off]
    return [
        DateLine(on, min(one.starts_at for one in some), len(some), sum(one.free for one in some))
        for on, some in ((on, list(rows)) for on, rows in groupby(lines, lambda one: one.day.on))
    ]


def lines_of(rows: QuerySet[Day], at: datetime) -> list[DayLine]:
    """Days with what is free, by date and the unit's name."""
    near = closing(at)
    taken = Q(slots__bookings__state__in=HOLDING)
    counted = rows.annotate(
        starts_at=Min("slots__starts_at"),
        ends_at=Max("slots__ends_at"),
        ahead=Count("slots", distinct=True, filter=Q(slots__starts_at__gt=near)),
        taken=Count("slots", distinct=True, filter=taken & Q(slots__starts_at__gt=near)),
    )
    lines = [_line(day) for day in counted if day.starts_at]
    return sorted(lines, key=lambda line: (line.day.on, _sort_key(line.day.unit), line.starts_at))


def hours_of(day: Day, at: datetime) -> list[Hour]:
    """The hours of a day with what is free; one that is too near has nothing."""
    if day.called_off_at:
        return []
    near = closing(at)
    rows = (
        Slot.objects.filter(day=day)
        .values("starts_at", "ends_at")
        .annotate(
            seats=Count("pk", distinct=True),
            taken=Count("bookings", filter=Q(bookings__state__in=HOLDING)),
        )
        .order_by("starts_at")
    )
    return [
        Hour(
            row["starts_at"],
            row["ends_at"],
            row["seats"] - row["taken"] if row["starts_at"] > near else 0,
        )
        for row in rows
    ]


def by_date(lines: Iterable[DayLine]) -> list[tuple[datetime, Sequence[DayLine]]]:
    """The lines under their dates (the date as its first instant)."""
    return [
        (some[0].starts_at, some)
        for some in (list(rows) for _on, rows in groupby(lines, lambda line: line.day.on))
    ]


def closing(at: datetime) -> datetime:
    """An hour that begins up to this instant can no longer be booked."""
    return at + timedelta(minutes=int(reception_rules().get("closes_minutes", 0)))


def _line(day: Day) -> DayLine:
    free = 0 if day.called_off_at else day.ahead - day.taken  # type: ignore[attr-defined]
    return DayLine(
        day=day, unit=unit_name(day.unit), host=post_title(day.host), place=say(day.place),
        starts_at=day.starts_at, ends_at=day.ends_at, free=free,  # type: ignore[attr-defined]
    )  # fmt: skip


def _sort_key(code: str) -> str:
    unit = directory().units.get(code)
    return unit.sort_key if unit else code
