"""Units that receive people, for choosing."""

from thudo.directory.queries import directory, say
from thudo.reception.queries.plan import day_rules, receives, receiving_units


def unit_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """(heading, units) of those that receive: the city's own first, then each kind of area."""
    kinds = directory().city.get("area_kinds", {})
    groups: dict[str, list[tuple[str, str]]] = {}
    for unit in receiving_units():
        area = directory().areas.get(unit.area or "")
        kind = area.kind if area else ""
        governs = directory().unit_of_area(unit.area or "") is unit
        heading = say(kinds.get(kind if governs else "city", {}))
        groups.setdefault(heading, []).append((unit.code, say(unit.name)))
    first = say(kinds.get("city", {}))
    return sorted(groups.items(), key=lambda group: group[0] != first)


def is_receiving(unit: str) -> bool:
    """Whether people are received there by appointment."""
    row = directory().units.get(unit)
    return row is not None and receives(row, day_rules())
