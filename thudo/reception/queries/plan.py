"""What the pack's rules ask to be published, and what published days no longer hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings

from thudo.base.phrases import city_zone
from thudo.deadlines.models import Calendar
from thudo.deadlines.queries import calendar_of
from thudo.directory.queries import directory
from thudo.directory.queries.snapshot import Unit
from thudo.reception.models import Day
from thudo.reception.rules import DayRule, Wanted, rule_of, slots_on, wanted_days


@dataclass(frozen=True, slots=True)
class Plan:
    """A day to be published, with its hours in UTC."""

    unit: str
    host: str
    on: date
    moved_from: date | None
    place: dict[str, str]
    rule: str
    legal_basis: str
    slots: tuple[tuple[datetime, datetime], ...]
    seats: int


def today(at: datetime) -> date:
    """The city's date."""
    return at.astimezone(city_zone()).date()


def reception_rules() -> dict[str, Any]:
    """The pack's reception.toml; {} where the city receives nobody by appointment."""
    rules: dict[str, Any] = directory().city.get("reception", {})
    return rules


def day_rules() -> list[DayRule]:
    """The rules of the pack, in their order."""
    return [rule_of(row) for row in reception_rules().get("days", ())]


def receiving_units() -> list[Unit]:
    """The present units that some rule speaks of, in the pack's order."""
    rules = day_rules()
    return [unit for unit in directory().units.values() if receives(unit, rules)]


def receives(unit: Unit, rules: list[DayRule]) -> bool:
    """Whether it is a present unit that some rule speaks of."""
    return unit.valid_to is None and bool(_rules_of(unit, rules))


def plans_due(at: datetime) -> Iterator[Plan]:
    """Every day within the horizon that a rule wants and that was never published."""
    first = today(at) + timedelta(days=1)
    until = first + timedelta(days=int(reception_rules().get("horizon_days", 0)))
    known = set(Day.objects.filter(on__gte=first).values_list("unit", "host", "on"))
    rules = day_rules()
    for unit in receiving_units():
        for rule in _rules_of(unit, rules):
            host = f"{unit.code}/{rule.host}"
            days = wanted_days(rule, first, until, calendar_of(unit.calendar))
            for day in days if host in directory().posts else ():
                if (unit.code, host, day.on) not in known:
                    yield plan_of(unit, rule, day)


def plan_of(unit: Unit, rule: DayRule, day: Wanted) -> Plan:
    """The day of a rule at one unit."""
    return Plan(
        unit=unit.code, host=f"{unit.code}/{rule.host}", on=day.on, moved_from=day.moved_from,
        place=_place(rule, unit), rule=rule.code, legal_basis=rule.legal_basis,
        slots=tuple(slots_on(rule, day.on, calendar_of(unit.calendar))), seats=rule.seats,
    )  # fmt: skip


def closed_days(at: datetime) -> list[tuple[Day, dict[str, str]]]:
    """Published days to come that the calendar, as it is now, no longer works; with its reason."""
    found = []
    for day in Day.objects.filter(on__gt=today(at), called_off_at=None):
        unit = directory().units.get(day.unit)
        if unit and not calendar_of(unit.calendar).hours(day.on):
            found.append((day, _holiday(unit.calendar, day.on)))
    return found


def _rules_of(unit: Unit, rules: list[DayRule]) -> list[DayRule]:
    named = [rule for rule in rules if unit.code in rule.units]
    return named or [rule for rule in rules if rule.covers(unit.code, unit.kind)]


def _place(rule: DayRule, unit: Unit) -> dict[str, str]:
    """The place in each language, with the unit's name and address in it."""
    first = settings.LANGUAGE_CODE
    return {
        code: words.format(
            unit=unit.name.get(code) or unit.name.get(first, ""), address=unit.address
        ).strip(" ,;")
        for code, words in rule.place.items()
    }


def _holiday(calendar: str, on: date) -> dict[str, str]:
    row = Calendar.objects.filter(code=calendar).order_by("-version").first()
    exception = row.exceptions.get(on.isoformat(), {}) if row else {}
    name: dict[str, str] = exception.get("name", {})
    return name
