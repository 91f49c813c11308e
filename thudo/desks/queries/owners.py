"""Which units a case might belong to instead."""

from datetime import datetime

from thudo.base.phrases import city_zone, say
from thudo.cases.models import Case
from thudo.directory.queries import directory
from thudo.routing.queries import owners_at

# What a unit answers for, said beside its name: enough to tell it from the others.
NAMED = 3


def likely_units(case: Case, at: datetime) -> list[tuple[str, str]]:
    """(unit, its name and what it answers for) of those that answer for something at the place of
    a case, the holder left out; those with matters of the case's own group first."""
    lists, day = directory(), at.astimezone(city_zone()).date()
    owners = owners_at(case.longitude, case.latitude, case.area or None, day)
    service = lists.services.get(case.service)
    group = service.group if service else None

    def is_far(unit: str) -> bool:
        return all(lists.services[code].group != group for code in owners[unit])

    units = sorted((unit for unit in owners if unit != case.unit), key=is_far)
    return [(unit, _label(unit, owners[unit])) for unit in units]


def _label(unit: str, services: list[str]) -> str:
    lists = directory()
    names = [say(lists.services[code].name) for code in services[:NAMED]]
    more = " ..." if len(services) > NAMED else ""
    return f"{say(lists.units[unit].name)} · {', '.join(names)}{more}"
