"""Judges a pack: every reference, language, day, desk, shift and cell. All problems, not the first."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from thudo.packs.rules import expand, matrix, watches
from thudo.packs.rules.civic import judge_references
from thudo.packs.rules.lines import line_of
from thudo.packs.rules.reader import SEVERITIES, read
from thudo.packs.rules.values import Origin, Pack, Problem

EVIDENCE = ("photo", "measurement", "minutes", "document")
# Clocks that every case runs, and the urgencies a term must exist for.
NEEDED_TERMS = (
    *(("intake", urgency) for urgency in SEVERITIES),
    *(("handling", urgency) for urgency in SEVERITIES),
    ("acknowledge", "urgent"),
    *((clock, "normal") for clock in ("triage", "check", "supplement", "recheck")),
)


def check(folder: Path, day: date | None = None) -> list[Problem]:
    """Every problem of a pack, none when it may be loaded. `day`: calendars must cover its year."""
    return judged(folder, day)[0]


def judged(folder: Path, day: date | None = None) -> tuple[list[Problem], Pack, list[expand.Entry]]:
    """The problems, the pack and its matrix written out."""
    pack = read(folder)
    if not pack.city:
        return pack.problems, pack, []
    cells = expand.cells(pack)
    problems = [*pack.problems]
    for judge in JUDGES:
        problems += judge(pack)
    problems += watches.calendars(pack, day)
    problems += watches.duty(pack)
    problems += matrix.overlaps(cells)
    # Gaps follow from rows that could not be read: say the cause, not each consequence.
    if not problems:
        problems += matrix.gaps(pack, cells)
    order = sorted(
        set(problems), key=lambda problem: (problem.file, problem.line, problem.sentence)
    )
    return order, pack, cells


def _problem(at: Origin, sentence: str) -> Problem:
    return Problem(at.file, at.line, sentence)


def _city(pack: Pack) -> Iterator[Problem]:
    text = (pack.folder / "city.toml").read_text("utf-8")
    units = {unit.code for unit in pack.units}
    posts = {post.code for post in expand.posts(pack)}
    for key in ("top_unit", "intake_unit", "checking_unit", "leaders_unit"):
        if pack.city[key] not in units:
            line = line_of(text, f"{key} =")
            yield Problem("city.toml", line, f'There is no unit "{pack.city[key]}" ({key}).')
    if pack.city["arbiter_post"] not in posts:
        line = line_of(text, "arbiter_post =")
        yield Problem("city.toml", line, f'There is no post "{pack.city["arbiter_post"]}".')
    try:
        ZoneInfo(pack.city["time_zone"])
    except (ZoneInfoNotFoundError, ValueError):
        line = line_of(text, "time_zone =")
        yield Problem("city.toml", line, f'There is no time zone "{pack.city["time_zone"]}".')
    west, south, east, north = pack.city["map"]["bounds"]
    x, y = pack.city["map"]["centre"]
    if not (west < x < east and south < y < north):
        line = line_of(text, "centre =")
        yield Problem("city.toml", line, "The map's centre lies outside its bounds.")
    if (ratio := contrast(pack.city["brand"]["colour"])) < 4.5:
        line = line_of(text, "colour =")
        sentence = f"The brand colour has a contrast of {ratio:.1f} on white; 4.5 is the least."
        yield Problem("city.toml", line, sentence)


def contrast(colour: str) -> float:
    """Contrast of "#rrggbb" on white (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 1.05 / (light + 0.05)


def _codes(pack: Pack) -> Iterator[Problem]:
    """No code twice in one list."""
    lists: tuple[Iterable[tuple[str, Origin]], ...] = (
        ((row.code, row.at) for row in pack.areas),
        ((row.code, row.at) for row in pack.units),
        ((f"{row.unit_kind}/{row.code}", row.at) for row in pack.posts),
        ((row.code, row.at) for row in pack.streams),
        ((row.code, row.at) for row in pack.groups),
        ((row.code, row.at) for row in pack.services),
        ((row.code, row.at) for row in pack.calendars),
        ((row.code, row.at) for row in pack.places),
        ((row.code, row.at) for row in pack.place_kinds),
        ((f"{row.former} -> {row.area}", row.at) for row in pack.successions),
    )
    for rows in lists:
        seen: dict[str, Origin] = {}
        for code, at in rows:
            if code in seen:
                yield _problem(at, f'"{code}" is already on line {seen[code].line}.')
            seen.setdefault(code, at)


def _areas(pack: Pack) -> Iterator[Problem]:
    codes = {area.code for area in pack.areas}
    kinds = set(pack.city["area_kinds"])
    for area in pack.areas:
        if area.parent and area.parent not in codes:
            yield _problem(area.at, f'There is no area "{area.parent}" around "{area.code}".')
        if area.kind not in kinds:
            yield _problem(area.at, f'"{area.kind}" is not among area_kinds of city.toml.')


def _successions(pack: Pack) -> Iterator[Problem]:
    codes = {area.code for area in pack.areas}
    ended = {area.code for area in pack.areas if area.valid_to}
    followed = {row.former for row in pack.successions}
    for row in pack.successions:
        for code in (row.former, row.area):
            if code not in codes:
                yield _problem(row.at, f'There is no area "{code}".')
    for area in pack.areas:
        if area.code in ended and area.code not in followed:
            yield _problem(area.at, f'No area follows "{area.code}" (successions.csv).')


def _units(pack: Pack) -> Iterator[Problem]:
    units = {unit.code: unit for unit in pack.units}
    areas = {area.code for area in pack.areas}
    calendars = {calendar.code for calendar in pack.calendars}
    for unit in pack.units:
        if unit.parent and unit.parent not in units:
            yield _problem(unit.at, f'There is no unit "{unit.parent}" above "{unit.code}".')
        elif _is_circle(unit.code, {code: u.parent for code, u in units.items()}):
            yield _problem(unit.at, f'"{unit.code}" lies above itself.')
        if unit.area and unit.area not in areas:
            yield _problem(unit.at, f'There is no area "{unit.area}".')
        if unit.calendar not in calendars:
            yield _problem(unit.at, f'There is no calendar "{unit.calendar}".')


def _staffing(pack: Pack) -> Iterator[Problem]:
    rules = expand.posts_of_kind(pack)
    for unit in pack.units:
        roles = {rule.role for rule in rules.get(unit.kind, ())}
        for role in sorted({"head", "duty"} - roles):
            yield _problem(unit.at, f'Units of kind "{unit.kind}" have no post "{role}".')
        if not roles & {"handler", "intake", "checking"}:
            yield _problem(unit.at, f'Nobody in units of kind "{unit.kind}" handles anything.')


def _government(pack: Pack) -> Iterator[Problem]:
    governed = {u.area for u in pack.units if u.kind in pack.city["area_unit_kinds"]}
    for area in expand.present_areas(pack):
        if area.code not in governed:
            yield _problem(area.at, f'No unit governs the area "{area.code}".')


def _is_circle(code: str, parents: dict[str, str]) -> bool:
    seen = {code}
    above = parents.get(code, "")
    while above:
        if above in seen:
            return True
        seen.add(above)
        above = parents.get(above, "")
    return False


def _posts(pack: Pack) -> Iterator[Problem]:
    posts = list(expand.posts(pack))
    codes = {post.code for post in posts}
    groups = {group.code for group in pack.groups}
    for post in posts:
        if post.above and post.above not in codes:
            yield _problem(post.at, f'There is no post "{post.above}" above "{post.code}".')
        for group in post.groups:
            if group not in groups:
                yield _problem(post.at, f'There is no group "{group}".')
    for person in pack.people:
        for code in person.posts:
            if code not in codes:
                yield _problem(person.at, f'There is no post "{code}" for "{person.user}".')


def _services(pack: Pack) -> Iterator[Problem]:
    streams = {stream.code: stream for stream in pack.streams}
    groups = {group.code for group in pack.groups}
    for service in pack.services:
        stream = streams.get(service.stream)
        if stream is None:
            yield _problem(service.at, f'There is no stream "{service.stream}".')
            continue
        if service.group and service.group not in groups:
            yield _problem(service.at, f'There is no group "{service.group}".')
        if stream.handling == "case":
            yield from _handled(service.at, service.code, service.group, service.evidence)
        elif not service.reason:
            yield _problem(service.at, f'"{service.code}" opens no case and gives no reason.')


def _assets(pack: Pack) -> Iterator[Problem]:
    layers = {layer["code"] for layer in pack.city.get("asset_layers", ())}
    for service in pack.services:
        for layer in service.assets:
            if layer not in layers:
                yield _problem(service.at, f'There is no asset layer "{layer}".')
        for kind in service.evidence:
            if kind not in EVIDENCE:
                yield _problem(service.at, f'"{kind}" is no evidence: {", ".join(EVIDENCE)} are.')


def _handled(at: Origin, code: str, group: str, evidence: tuple[str, ...]) -> Iterator[Problem]:
    if not group:
        yield _problem(at, f'"{code}" is in no group, so nobody finds it.')
    if not evidence:
        yield _problem(at, f'"{code}" names no evidence to close it.')


def _terms(pack: Pack) -> Iterator[Problem]:
    services = {service.code for service in pack.services}
    for term in pack.terms:
        if term.service and term.service not in services:
            yield _problem(term.at, f'There is no service "{term.service}".')
    for clock, urgency in NEEDED_TERMS:
        if not any(
            term.clock == clock and term.urgency in ("", urgency) and not term.service
            for term in pack.terms
        ):
            yield Problem("terms.csv", 1, f'There is no term for "{clock}" when {urgency}.')


def _receivers(pack: Pack) -> Iterator[Problem]:
    units = {unit.code for unit in pack.units}
    for row in pack.receivers:
        if row.unit not in units:
            yield _problem(row.at, f'There is no unit "{row.unit}".')


def _places(pack: Pack) -> Iterator[Problem]:
    areas = {area.code for area in pack.areas}
    kinds = {kind.code for kind in pack.place_kinds}
    west, south, east, north = pack.city["map"]["bounds"]
    for place in pack.places:
        if place.area and place.area not in areas:
            yield _problem(place.at, f'There is no area "{place.area}".')
        if place.kind not in kinds:
            yield _problem(place.at, f'There is no kind of place "{place.kind}".')
        if place.longitude is None or place.latitude is None:
            continue
        if not (west <= place.longitude <= east and south <= place.latitude <= north):
            yield _problem(place.at, f'"{place.name}" lies outside the map\'s bounds.')


JUDGES: tuple[Callable[[Pack], Iterator[Problem]], ...] = (
    _city, _codes, _areas, _successions, _units, _staffing, _government, _posts, _services, _assets,
    _terms, _receivers, _places, judge_references,
)  # fmt: skip
