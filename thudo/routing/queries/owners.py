"""Which units answer for anything at all at one place."""

from datetime import date

from thudo.directory.queries import directory
from thudo.routing.queries.authority import NoUnitAnswers, resolve


def owners_at(
    longitude: float | None, latitude: float | None, area_code: str | None, day: date
) -> dict[str, list[str]]:
    """unit -> the services it answers for at this place on this day, in the pack's order."""
    found: dict[str, list[str]] = {}
    for service in directory().services.values():
        if not service.is_admissible or service.valid_to:
            continue
        try:
            owner = resolve(service.code, longitude, latitude, area_code, None, day)
        except NoUnitAnswers:
            continue
        found.setdefault(owner.unit_code, []).append(service.code)
    return found
