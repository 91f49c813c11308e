"""What a pack's rules mean, written out: posts of each unit, duty shifts, cells of the matrix."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time

from thudo.packs.rules.values import (
    Area,
    AuthorityRule,
    DutyRule,
    Origin,
    Pack,
    PostRule,
    Problem,
    Unit,
    Words,
)
from thudo.routing.rules.authority import Cell, receiver


@dataclass(frozen=True, slots=True)
class Post:
    at: Origin
    code: str
    unit: str
    role: str
    title: Words
    above: str | None
    groups: tuple[str, ...]
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Shift:
    at: Origin
    unit: str
    days: tuple[str, ...]
    starts: time
    ends: time
    post: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Entry(Cell):
    """A cell with where it was written."""

    at: Origin
    service: str
    scope: str
    legal_basis: str
    reason: Words


def present_areas(pack: Pack) -> list[Area]:
    """Parts of the city that have not ended."""
    return [area for area in pack.areas if area.parent and area.valid_to is None]


def posts(pack: Pack) -> Iterator[Post]:
    """The posts of every unit, by the rules of its kind."""
    rules = posts_of_kind(pack)
    kinds = {unit.code: unit.kind for unit in pack.units}
    for unit in pack.units:
        for rule in rules.get(unit.kind, ()):
            yield Post(
                at=rule.at,
                code=f"{unit.code}/{rule.code}",
                unit=unit.code,
                role=rule.role,
                title={
                    language: text.replace("{unit}", unit.name[language])
                    for language, text in rule.title.items()
                },
                above=_above(unit, rule, kinds, rules),
                groups=rule.groups,
                valid_from=unit.valid_from,
                valid_to=unit.valid_to,
            )


def posts_of_kind(pack: Pack) -> dict[str, list[PostRule]]:
    """The rules for posts by kind of unit."""
    rules: dict[str, list[PostRule]] = defaultdict(list)
    for rule in pack.posts:
        rules[rule.unit_kind].append(rule)
    return rules


def _above(
    unit: Unit, rule: PostRule, kinds: dict[str, str], rules: dict[str, list[PostRule]]
) -> str | None:
    """The post told next; "^head" of a unit without one above, or that has no such post: none."""
    if not rule.above:
        return None
    if not rule.above.startswith("^"):
        return f"{unit.code}/{rule.above}"
    wanted = rule.above[1:]
    above = {post.code for post in rules.get(kinds.get(unit.parent, ""), ())}
    return f"{unit.parent}/{wanted}" if wanted in above else None


def shifts(pack: Pack) -> Iterator[Shift]:
    """The duty calendar of every unit; a rule for one unit replaces those for its kind and "*"."""
    for unit in pack.units:
        for rule in _duty_of(unit, pack.duty):
            yield Shift(
                rule.at, unit.code, rule.days, rule.starts, rule.ends,
                f"{unit.code}/{rule.post}", rule.valid_from, rule.valid_to,
            )  # fmt: skip


def _duty_of(unit: Unit, rules: Sequence[DutyRule]) -> list[DutyRule]:
    own = [rule for rule in rules if rule.unit == unit.code]
    kind = [rule for rule in rules if rule.unit_kind == unit.kind and not rule.unit]
    return own or kind or [rule for rule in rules if rule.unit_kind == "*"]


def cells(pack: Pack) -> list[Entry]:
    """The whole matrix; a scope or unit that does not exist is noted in the pack's problems."""
    writer = _Writer(pack)
    for rule in pack.authority:
        for scope in rule.scopes:
            writer.write(rule, scope)
    writer.write_conduct()
    return writer.found


class _Writer:
    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.areas = {area.code: area for area in present_areas(pack)}
        self.units = {unit.code: unit for unit in pack.units}
        self.services = {service.code for service in pack.services}
        self.assets = {
            f"asset:{layer['code']}:{name}"
            for layer in pack.city.get("asset_layers", ())
            for name in layer["classes"]
        }
        self.found: list[Entry] = []

    def write(self, rule: AuthorityRule, scope: str) -> None:
        areas = self._areas_of(scope)
        if areas:
            for area in areas:
                self._cell(rule, f"area:{area.code}", area)
        elif scope == "city" or scope in self.assets:
            self._cell(rule, scope, None)
        else:
            self._problem(rule.at, f'There is no scope "{scope}".')

    def _areas_of(self, scope: str) -> list[Area]:
        kind, _, name = scope.partition(":")
        if kind == "areas":
            return [self.areas[code] for code in self.pack.area_groups.get(name, ())]
        if kind == "area":
            return list(self.areas.values()) if name == "*" else self._one(name)
        return []

    def _one(self, code: str) -> list[Area]:
        return [self.areas[code]] if code in self.areas else []

    def _cell(self, rule: AuthorityRule, scope: str, area: Area | None) -> None:
        unit = self.units.get(rule.unit.replace("{area}", area.code if area else ""))
        if unit is None:
            where = f" for {area.code}" if area else ""
            self._problem(rule.at, f'There is no unit "{rule.unit}"{where}.')
            return
        for service in rule.services:
            if service not in self.services:
                self._problem(rule.at, f'There is no service "{service}".')
                continue
            self.found.append(
                Entry(
                    id=len(self.found), unit=unit.code, valid_from=rule.valid_from,
                    valid_to=rule.valid_to, at=rule.at, service=service, scope=scope,
                    legal_basis=rule.legal_basis, reason=_told(rule.reason, unit, area),
                )
            )  # fmt: skip

    def write_conduct(self) -> None:
        """For each service about conduct and each unit: who takes it instead of that unit."""
        order = [row.unit for row in self.pack.receivers]
        rows = {row.unit: row for row in self.pack.receivers}
        parents = {code: unit.parent or None for code, unit in self.units.items()}
        for service in (s for s in self.pack.services if s.about_conduct):
            for unit in self.units.values():
                taker = receiver(unit.code, order, parents)
                if taker is None:
                    sentence = f'Nobody takes petitions about the conduct of "{unit.code}".'
                    self._problem(unit.at, sentence)
                    continue
                row = rows[taker]
                self.found.append(
                    Entry(
                        id=len(self.found), unit=taker, valid_from=service.valid_from,
                        valid_to=None, at=row.at, service=service.code,
                        scope=f"about:{unit.code}", legal_basis=row.legal_basis, reason=row.reason,
                    )
                )  # fmt: skip

    def _problem(self, at: Origin, sentence: str) -> None:
        problem = Problem(at.file, at.line, sentence)
        if problem not in self.pack.problems:
            self.pack.problems.append(problem)


def _told(reason: Words, unit: Unit, area: Area | None) -> Words:
    return {
        language: text.replace("{unit}", unit.name[language]).replace(
            "{area}", area.in_text[language] if area else ""
        )
        for language, text in reason.items()
    }
