"""Calendars for the tests: Hanoi's year 2026 as published, and zones that put clocks forward."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from thudo.deadlines.rules import CalendarValue, calendar_value

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
OFFICE = [["08:00", "12:00"], ["13:00", "17:00"]]
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), OFFICE)
OFF_2026 = [
    *[f"2026-01-0{n}" for n in range(1, 5)],
    *[f"2026-02-{n}" for n in range(14, 23)],
    "2026-04-25", "2026-04-26", "2026-04-27", "2026-04-30",
    "2026-05-01", "2026-05-02", "2026-05-03",
    "2026-08-29", "2026-08-30", "2026-08-31", "2026-09-01", "2026-09-02",
]  # fmt: skip
SWAPPED_2026 = ["2026-01-10", "2026-08-22"]


def hanoi(version: int = 1, *more_off: str) -> CalendarValue:
    days = {day: {"hours": []} for day in [*OFF_2026, *more_off]}
    days |= {day: {"hours": OFFICE} for day in SWAPPED_2026}
    return calendar_value("office", version, "Asia/Ho_Chi_Minh", WEEK, days)


def round_the_clock(zone: str = "Asia/Ho_Chi_Minh") -> CalendarValue:
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return calendar_value("always", 1, zone, {day: [["00:00", "24:00"]] for day in names})


def hanoi_time(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


def off(*days: date) -> dict[str, dict[str, list[list[str]]]]:
    return {day.isoformat(): {"hours": []} for day in days}
