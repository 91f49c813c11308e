"""The small town with a reception rule: the head of each ward on Thursdays, two seats an hour."""

from datetime import UTC, datetime

import pytest

from tests import town
from thudo.accounts.rules import CLOCK, RESIDENT
from thudo.directory.models import PackVersion
from thudo.reception import actions
from thudo.reception.models import Day
from thudo.reception.queries.bookings import Visitor
from thudo.reception.queries.plan import plans_due

# Monday 2 March 2026, 09:00; the Thursday of that week, 08:00 in the town.
MONDAY = town.MONDAY
EIGHT = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
RULES = {
    "horizon_days": 14, "closes_minutes": 60, "most_open": 2, "reminders": [1440, 120],
    "extra": {"legal_basis": "Town rule 9"},
    "days": [{
        "code": "thursdays", "unit_kinds": ["ward_committee"], "host": "head", "on": ["thu"],
        "hours": [["08:00", "09:00"]], "slot_minutes": 30, "seats": 2,
        "place": {"vi": "Trụ sở {unit}", "en": "Office of {unit}"},
        "legal_basis": "Town rule 8", "valid_from": "2025-07-01",
    }],
}  # fmt: skip


def build() -> None:
    """The town, and its coming days published."""
    town.build()
    PackVersion.objects.update(city={**town.CITY, "reception": RULES})
    town.forget()
    actions.publish_days(list(plans_due(MONDAY)), actor=CLOCK, at=MONDAY)


@pytest.fixture
def days(db: None) -> list[Day]:
    """The coming Thursdays of the first ward."""
    build()
    return list(Day.objects.filter(unit="ward-1").order_by("on"))


def wish(
    starts_at: datetime = EIGHT, *, phone: str = "0900000001", name: str = "Minh Họa", key: str = ""
) -> actions.Wish:
    """Somebody who wants to come at that hour."""
    return actions.Wish(Visitor(name, phone, "About the drain in our lane"), starts_at, None, key)


def book(day: Day, *, phone: str = "0900000001", at: datetime = MONDAY) -> actions.Booked:
    """The first hour of the day, booked."""
    return actions.book_hour(day, wish(phone=phone), actor=RESIDENT, at=at)
