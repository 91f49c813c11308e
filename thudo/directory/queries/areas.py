"""The crosswalk between former and present areas."""

from datetime import date

from thudo.directory.queries.snapshot import Area, Successor, directory


def ward_on(code: str, day: date) -> Area | None:
    """The area that bore an official code on a day; a code may have changed hands."""
    held = (area for area in directory().areas.values() if area.official_code == code)
    return next((area for area in held if _holds_on(area, day)), None)


def successors_of(code: str) -> list[Successor]:
    """Present areas that hold parts of a former one (our code), the default first."""
    return list(directory().successors.get(code, ()))


def _holds_on(area: Area, day: date) -> bool:
    return area.valid_from <= day and (area.valid_to is None or day < area.valid_to)
