"""Whether exactly one unit answers: every service, area, asset and day on which anything changes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

from thudo.packs.rules.expand import Entry, present_areas
from thudo.packs.rules.values import Pack, Problem, Service, Unit
from thudo.routing.rules.authority import NoUnitAnswers, choose, scopes_for

Rows = Mapping[str, Sequence[Entry]]


def overlaps(cells: Iterable[Entry]) -> Iterator[Problem]:
    """Cells of one service and scope that hold on the same day."""
    for (service, scope), rows in _by_scope(cells).items():
        for earlier, later in pairwise(sorted(rows, key=_starts)):
            if (
                earlier.valid_to is None
                or later.valid_from is None
                or later.valid_from < earlier.valid_to
            ):
                until = f" to {earlier.valid_to}" if earlier.valid_to else ""
                yield Problem(
                    later.at.file,
                    later.at.line,
                    f'"{service}" in "{scope}" overlaps with line {earlier.at.line} '
                    f"from {later.valid_from}{until}: {earlier.unit} and {later.unit}.",
                )


def gaps(pack: Pack, cells: Sequence[Entry]) -> Iterator[Problem]:
    """Services, places and days for which nobody, or a unit that is not there, answers."""
    by_service: dict[str, dict[str, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    for cell in cells:
        by_service[cell.service][cell.scope].append(cell)
    handled = {stream.code for stream in pack.streams if stream.handling == "case"}
    units = {unit.code: unit for unit in pack.units}
    for service in pack.services:
        if service.stream in handled:
            yield from _gaps_of(pack, service, by_service[service.code], units)


def _gaps_of(
    pack: Pack, service: Service, rows: Rows, units: Mapping[str, Unit]
) -> Iterator[Problem]:
    """At most one problem a service and kind: the first place and day of it."""
    silent: tuple[str, date] | None = None
    count = 0
    days = days_of_change(pack, service, rows, units)
    for place, scopes, since in _places(pack, service):
        for day in (day for day in days if day >= since):
            try:
                row = choose(rows, scopes, day)
            except NoUnitAnswers:
                silent, count = silent or (place, day), count + 1
                continue
            if not _stands(units[row.unit], day):
                yield Problem(
                    row.at.file,
                    row.at.line,
                    f'"{row.unit}" answers for "{service.code}" on {day}, when it does not exist.',
                )
                return
    if silent:
        sentence = (
            f'Nobody answers for "{service.code}" {silent[0]} on {silent[1]} '
            f"({count} such cases of place and day)."
        )
        yield Problem(service.at.file, service.at.line, sentence)


def _places(pack: Pack, service: Service) -> Iterator[tuple[str, tuple[str, ...], date]]:
    """(words, scopes, first day) of every place to ask for, the place unknown included."""
    city = next(area for area in pack.areas if not area.parent)
    parents = {area.code: area.parent for area in pack.areas}
    kinds = ["", *_assets(pack, service)]
    for asset in kinds:
        assets = (asset,) if asset else ()
        yield f"where the area is not known{_on(asset)}", scopes_for((), assets), city.valid_from
        for area in present_areas(pack):
            chain = _chain(parents, area.code)
            yield f'in "{area.code}"{_on(asset)}', scopes_for(chain, assets), area.valid_from


def _on(asset: str) -> str:
    return f" on {asset}" if asset else ""


def _chain(parents: Mapping[str, str | None], area: str) -> list[str]:
    """The area and the larger ones around it, the city left out."""
    found: list[str] = []
    code: str | None = area
    while code and parents.get(code):
        found.append(code)
        code = parents[code]
    return found


def _assets(pack: Pack, service: Service) -> list[str]:
    return [
        f"{layer['code']}:{name}"
        for layer in pack.city.get("asset_layers", ())
        if layer["code"] in service.assets
        for name in layer["classes"]
    ]


def days_of_change(
    pack: Pack, service: Service, rows: Rows, units: Mapping[str, Unit]
) -> list[date]:
    """Days on which the answer may change, from the day the service is offered."""
    found = {service.valid_from, *(area.valid_from for area in pack.areas if area.valid_to is None)}
    for cells in rows.values():
        for cell in cells:
            unit = units[cell.unit]
            found |= {
                d for d in (cell.valid_from, cell.valid_to, unit.valid_from, unit.valid_to) if d
            }
    return sorted(
        day
        for day in found
        if day >= service.valid_from and (service.valid_to is None or day < service.valid_to)
    )


def _stands(unit: Unit, day: date) -> bool:
    return unit.valid_from <= day and (unit.valid_to is None or day < unit.valid_to)


def _by_scope(cells: Iterable[Entry]) -> dict[tuple[str, str], list[Entry]]:
    found: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for cell in cells:
        found[cell.service, cell.scope].append(cell)
    return found


def _starts(cell: Entry) -> date:
    return cell.valid_from or date.min
