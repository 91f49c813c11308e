"""Parts of the city as a text can name them: present and former wards, former districts."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from thudo.directory.rules.locating.rows import AreaRow
from thudo.directory.rules.locating.words import Grammar, key_of, toned_of, words_of

Shares = Any  # numpy array: one share for each ward
Lots = dict[tuple[str, str], float]
# Of a divided former ward: nobody counted, so its main successor has this much.
_DEFAULT_SHARE = 0.6
# A ward that only touches a former district.
_LEAST_LOT = 0.02


class Part(NamedTuple):
    """A name of a part of the city. `role`: ward, former_ward, district; `shares` sum to 1;
    `is_open`: the name alone does not say in which ward."""

    role: str
    code: str
    full: str
    toned: str
    shares: Shares
    longitude: float | None
    latitude: float | None
    is_open: bool


def parts_of(
    grammar: Grammar, areas: Iterable[AreaRow], index: Mapping[str, int], prior: Shares
) -> dict[str, list[Part]]:
    """Folded name -> what it may mean. `index`: present wards' places in an array of shares;
    `prior`: how likely each ward is before anything is said."""
    areas = [area for area in areas if area.code in index or area.wards]
    roles = {area.code: _role(grammar, area, index) for area in areas}
    lots = _lots(areas, roles)
    found: dict[str, list[Part]] = {}
    for area in areas:
        if roles[area.code] == "district":
            weights = {
                code: prior[index[code]] * max(lots.get((area.code, code), 0.0), _LEAST_LOT)
                for code, _default, _divided in area.wards
                if code in index
            }
        else:
            weights = split(area) if area.wards else {area.code: 1.0}
        part = _part(area, roles[area.code], _shares(weights, index))
        for name in _names(grammar, area):
            words = words_of(name)
            found.setdefault(key_of(words), []).append(part._replace(toned=toned_of(words)))
    return found


def _part(area: AreaRow, role: str, shares: Shares) -> Part:
    is_open = role != "ward" and float(shares.max()) < 1
    return Part(role, area.code, area.full, "", shares, area.longitude, area.latitude, is_open)


def _names(grammar: Grammar, area: AreaRow) -> list[str]:
    """Its names, of two with the same letters the one with accents, and what people call it."""
    names = {key_of(words_of(name)): name for name in reversed(area.names)}
    others = [other for key in names for other in grammar.also.get(key, ())]
    return [*names.values(), *others]


def _role(grammar: Grammar, area: AreaRow, index: Mapping[str, int]) -> str:
    if area.code in index:
        return "ward"
    marks = next(grammar.marks_at(words_of(area.full), 0), None)
    return "district" if marks and "district" in marks[1] else "former_ward"


def _shares(weights: Mapping[str, float], index: Mapping[str, int]) -> Shares:
    shares = np.zeros(len(index))
    for code, weight in weights.items():
        if code in index:
            shares[index[code]] = weight
    return shares / max(float(shares.sum()), 1e-9)


def split(area: AreaRow) -> dict[str, float]:
    """Present wards of a former one with shares: nobody counted, so the default has the most."""
    count = len(area.wards)
    if count == 1 or not any(default for _code, default, _split in area.wards):
        return {code: 1 / count for code, _default, _d in area.wards}
    return {
        code: _DEFAULT_SHARE if default else (1 - _DEFAULT_SHARE) / (count - 1)
        for code, default, _split in area.wards
    }


def _lots(areas: Iterable[AreaRow], roles: Mapping[str, str]) -> Lots:
    """(former district, present ward) -> the part of the ward that came from the district.

    The lists do not say in which district a former ward lay: the one whose successors hold
    all of the ward's; of several, that of the ward with the next code."""
    areas = list(areas)
    districts = [area for area in areas if roles[area.code] == "district"]
    wards = sorted(
        (area for area in areas if roles[area.code] == "former_ward"), key=lambda a: a.official
    )
    homes = [
        [d.code for d in districts if {w[0] for w in ward.wards} <= {w[0] for w in d.wards}]
        for ward in wards
    ]
    sure = [place for place, home in enumerate(homes) if len(home) == 1]
    lots: Lots = {}
    totals: dict[str, float] = {}
    for place, ward in enumerate(wards if sure else ()):
        home = homes[min(sure, key=lambda other: abs(other - place))][0]
        for code, share in split(ward).items():
            lots[home, code] = lots.get((home, code), 0.0) + share
            totals[code] = totals.get(code, 0.0) + share
    return {pair: lot / totals[pair[1]] for pair, lot in lots.items()}
