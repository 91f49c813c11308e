"""When a unit's working day ends: the hour on group heads, the instant behind a chosen date."""

from datetime import date, datetime, time, timedelta

from thudo.base.phrases import city_zone
from thudo.deadlines.queries import calendar_of
from thudo.directory.queries import directory


def closing(unit: str, day: date) -> datetime | None:
    """The end of a unit's work on a local day, None when it does not work then."""
    row = directory().units.get(unit)
    hours = calendar_of(row.calendar).hours(day) if row else ()
    if not hours:
        return None
    return datetime.combine(day, time(), city_zone()) + timedelta(minutes=hours[-1][1])


def end_of(unit: str, day: date) -> datetime:
    """The instant that a date stands for in a promise: the close of work, else of the day."""
    return closing(unit, day) or datetime.combine(day, time(23, 59), city_zone())


def closing_words(unit: str, at: datetime) -> str:
    """'17:00' on a working day of the unit, else "": also where it works through midnight."""
    day = at.astimezone(city_zone()).date()
    end = closing(unit, day)
    return f"{end:%H:%M}" if end and end.date() == day else ""
