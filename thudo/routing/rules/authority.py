"""Which row of the matrix answers: one precedence, one winner.

Conduct of a unit > asset > smallest area > larger areas > the city.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

CITY = "city"


@dataclass(frozen=True, slots=True)
class Cell:
    """A row of the matrix for one service and scope. It holds from `valid_from` to before `valid_to`."""

    id: int
    unit: str
    valid_from: date | None
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        """Whether the row is valid on a day."""
        starts = self.valid_from is None or self.valid_from <= day
        return starts and (self.valid_to is None or day < self.valid_to)


class NoUnitAnswers(LookupError):
    """No row answers, or two rows of one scope do: `service`, `scopes` and `day` say where."""

    def __init__(self, service: str, scopes: Sequence[str], day: date, found: int = 0) -> None:
        super().__init__(f"{found} rows answer for {service or 'it'} in {list(scopes)} on {day}")
        self.service = service
        self.scopes = tuple(scopes)
        self.day = day
        self.found = found


C = TypeVar("C", bound=Cell)


def scopes_for(
    areas: Sequence[str], assets: Sequence[str] = (), about: str | None = None
) -> tuple[str, ...]:
    """Scopes in order of precedence.

    `areas`: codes from the smallest to the largest, without the city; `assets`:
    "<layer>:<class>", the first decides first; `about`: the unit whose conduct it is about.
    """
    conduct = (f"about:{about}",) if about else ()
    return (
        *conduct,
        *(f"asset:{asset}" for asset in assets),
        *(f"area:{area}" for area in areas),
        CITY,
    )


def choose(rows: Mapping[str, Sequence[C]], scopes: Sequence[str], day: date) -> C:
    """The one row that holds on the day in the first scope that has any; raises NoUnitAnswers."""
    for scope in scopes:
        held = [row for row in rows.get(scope, ()) if row.holds_on(day)]
        if len(held) == 1:
            return held[0]
        if held:
            raise NoUnitAnswers("", scopes, day, len(held))
    raise NoUnitAnswers("", scopes, day)


def receiver(about: str, receivers: Sequence[str], parents: Mapping[str, str | None]) -> str | None:
    """Who takes a petition about the conduct of `about`: the first receiver not it nor below it."""
    return next((code for code in receivers if about not in _above(code, parents)), None)


def _above(unit: str, parents: Mapping[str, str | None]) -> list[str]:
    """The unit and all above it; a circle ends the walk."""
    found: list[str] = []
    code: str | None = unit
    while code is not None and code not in found:
        found.append(code)
        code = parents.get(code)
    return found
