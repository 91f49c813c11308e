"""How much each thing a text says speaks for each ward."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from thudo.directory.rules.locating.addresses import along
from thudo.directory.rules.locating.gazetteer import Gazetteer, Place, Shares, Street
from thudo.directory.rules.locating.numbering import blot, guesses
from thudo.directory.rules.locating.reading import Mention, Sight
from thudo.directory.rules.locating.words import Word, fits

# House numbers this far apart still say half as much about the ward.
_REACH = 25
_OTHER_SIDE = 0.05
# How much the ward of the guessed point counts beside the wards of the nearest known numbers.
_DRAWN = 0.7
# How much of a street is thought to be where none of its numbers is known.
_AT_LARGE, _ELSEWHERE = 0.15, 0.03
_EXACT = 12.0
# How much is left to wards that no evidence speaks for.
_DOUBT_PART = 0.04
_DOUBT_BARE = 0.12
# Of names whose words weigh so much together, so many mean the place known by that name.
_TELLING = ((6.0, 11.0, 14.0, 18.0, 25.0), (0.5, 0.62, 0.7, 0.84, 0.93))


class Evidence(NamedTuple):
    """Shares of all wards, doubt included; `kind`: part, street, number, exact, place;
    `is_slip`: read so only when the finger slipped."""

    kind: str
    shares: Shares
    mention: Mention | None
    sight: Sight | None
    is_slip: bool = False


def weigh(
    gazetteer: Gazetteer, words: Sequence[Word], found: Sequence[Mention], seen: Sequence[Sight]
) -> list[Evidence]:
    """All evidence of a text."""
    accents = any(word.toned not in ("", word.folded) for word in words)
    evidence = [_of_mention(gazetteer, words, mention, accents=accents) for mention in found]
    return [*evidence, _of_places(gazetteer, found, seen)] if seen else evidence


def _of_mention(
    gazetteer: Gazetteer, words: Sequence[Word], mention: Mention, *, accents: bool
) -> Evidence:
    typed = _as_meant(words[mention.start : mention.end], mention.key)
    roles = roles_of(mention)
    total = np.zeros(len(gazetteer.wards))
    weight, best, kind, doubt = 0.0, 0.0, "part", 0.0
    for part in mention.parts:
        fit = fits(typed, part.toned, with_accents=accents)
        share = roles[part.role] * fit**4
        share /= sum(p.role == part.role for p in mention.parts)
        total += share * part.shares
        weight += share
        best = max(best, fit)
        doubt += share * (_DOUBT_PART if mention.marks else _DOUBT_BARE)
    if mention.street and roles["street"]:
        road = street_shares(gazetteer, mention, mention.street, typed, accents=accents)
        share = roles["street"] * road.fit**4
        kind = road.kind if share > weight else kind
        doubt += share * (0.04 + 0.25 / (1 + road.known) + (0.4 if mention.in_name else 0))
        total += share * road.shares
        weight += share
        best = max(best, road.fit)
    if weight <= 0:
        return Evidence(kind, gazetteer.prior, mention, None)
    sure = (1 - doubt / weight) * best**2 * (1 if mention.certainty == 1 else 0.85)
    shares = sure * total / weight + (1 - sure) * gazetteer.prior
    return Evidence(kind, shares, mention, None, mention.is_slip)


def _as_meant(typed: Sequence[Word], key: str) -> Sequence[Word]:
    """Without the accents of words that had to be mended: they say nothing."""
    meant = key.split()
    if len(meant) != len(typed):
        return [Word(word, "", fresh=False, capital=False) for word in meant]
    return [w if w.folded == m else w._replace(toned="") for w, m in zip(typed, meant, strict=True)]


# How likely a name is meant as each role: street, ward, former ward, district.
_ROLES = ("street", "ward", "former_ward", "district")
_BARE = (0.5, 0.25, 0.15, 0.1)
_IN_NAME = (0.2, 0.3, 0.4, 0.1)
_FORMER = (0.05, 0.03, 0.6, 0.32)
_AROUND = (0.08, 0.2, 0.1, 0.62)
_ALONE = (0.35, 0.35, 0.2, 0.1)
_LATER = (0.3, 0.3, 0.2, 0.2)
_STREET = (1.0, 0.01, 0.01, 0.01)


def roles_of(mention: Mention) -> dict[str, float]:
    """How likely the name is meant as each role, from the words around it."""
    marks = mention.marks
    if "street" in marks and not marks & {"ward", "district"}:
        return dict(zip(_ROLES, _STREET, strict=True))
    roles = dict(zip(_ROLES, _unmarked(mention), strict=True))
    if marks & {"ward", "district"}:
        wanted = set(marks & {"street", "district"})
        # One letter that stands for both more often stands for the part, without a number anyway.
        roles["street"] *= 0.7 if mention.house or mention.lanes else 0.25
        if "ward" in marks:
            wanted |= {"ward", "former_ward"}
        roles = {role: value if role in wanted else 0.02 * value for role, value in roles.items()}
    return roles


def _unmarked(mention: Mention) -> tuple[float, ...]:
    if "former" in mention.marks:
        return _FORMER
    if mention.in_name:
        return _IN_NAME
    if mention.marks:
        return _BARE
    if mention.is_around:
        return _AROUND
    if mention.begin == 0:
        return _ALONE if mention.is_tail else _BARE
    return _LATER


class OnStreet(NamedTuple):
    """`known`: how much is known near there; `fit`: of the accents, 0..1."""

    shares: Shares
    kind: str
    known: float
    fit: float


def street_shares(
    gazetteer: Gazetteer, mention: Mention, street: Street, typed: Sequence[Word], *, accents: bool
) -> OnStreet:
    """Wards of the street, near the number when there is one."""
    fit_of = {toned: fits(typed, toned, with_accents=accents) for toned in street.toned}
    fit = max(fit_of.values(), default=1.0)
    base = street.hearsay.copy()
    for spot in street.spots:
        base[spot.ward] += spot.weight * fit_of[spot.toned] ** 4
    known = float(base.sum())
    base = base / known if known else gazetteer.prior
    meant = along(gazetteer.grammar, mention.house, mention.lanes)
    if not meant or not any(spot.number for spot in street.spots):
        return OnStreet(base, "street", known, fit)
    meant = [(number + mention.opposite, weight) for number, weight in meant]
    total, is_exact = _near_numbers(gazetteer, mention, meant, street, fit_of)
    mass = float(total.sum())
    said = (total + _AT_LARGE * base) / (mass + _AT_LARGE)
    if not is_exact:
        drawn = _drawn(gazetteer, meant, street, fit_of)
        drawn = (drawn + _ELSEWHERE * base) / (float(drawn.sum()) + _ELSEWHERE)
        said = _DRAWN * drawn + (1 - _DRAWN) * said
    return OnStreet(said, "exact" if is_exact else "number", known + 2 * mass, fit)


def _near_numbers(
    gazetteer: Gazetteer,
    mention: Mention,
    meant: Sequence[tuple[int, float]],
    street: Street,
    fit_of: Mapping[str, float],
) -> tuple[Shares, bool]:
    """The wards of the known numbers, the nearest the most; whether the very number is known."""
    total, is_exact = np.zeros(len(gazetteer.wards)), False
    for number, weight in meant:
        for spot in (spot for spot in street.spots if spot.number):
            share = weight * spot.weight * nearness(number, spot.number) * fit_of[spot.toned] ** 4
            if _is_same(mention, spot.house, spot.lanes):
                share, is_exact = share * _EXACT, True
            total[spot.ward] += share
    return total, is_exact


def _drawn(
    gazetteer: Gazetteer,
    meant: Sequence[tuple[int, float]],
    street: Street,
    fit_of: Mapping[str, float],
) -> Shares:
    """The wards in which the guessed points lie; shares that sum to 1, or less at the city's edge."""
    total, mass = np.zeros(len(gazetteer.wards)), 0.0
    for number, weight in meant:
        for guess in guesses(street, number, fit_of):
            points, parts = blot(guess)
            mass += weight * guess.weight
            for ward, part in zip(gazetteer.wards_at(points), parts, strict=True):
                if ward >= 0:
                    total[ward] += weight * guess.weight * part
    return total / mass if mass else total


def nearness(wanted: int, known: int) -> float:
    """1 for the same number, less with every house between, less across the street."""
    far = abs(wanted - known) / _REACH
    side = 1.0 if (wanted - known) % 2 == 0 else _OTHER_SIDE
    return side / (1 + far * far)


def _is_same(mention: Mention, house: str, lanes: tuple[str, ...]) -> bool:
    if mention.lanes:
        return lanes[:1] == mention.lanes[:1]
    return bool(house) and house == mention.house and not lanes


def _of_places(gazetteer: Gazetteer, found: Sequence[Mention], seen: Sequence[Sight]) -> Evidence:
    best = seen[0]
    total = np.zeros(len(gazetteer.wards))
    streets = {mention.street.key: mention for mention in found if mention.street}
    for sight in seen:
        if sight.quality < best.quality - 0.12:
            break
        weight = sight.quality**8 * sight.named.total
        for place in sight.named.places:
            total[place.ward] += weight * _agrees(place, streets)
    trust = max(0.1, min(_trust_in(best.named.total), 2.2 * (best.quality - 0.55)))
    shares = trust * total / total.sum() + (1 - trust) * gazetteer.prior
    return Evidence("place", shares, None, best, best.is_slip)


def _trust_in(total: float) -> float:
    """How far a name that is held whole means the place known by it: rare words say more."""
    return float(np.interp(total, *_TELLING))


def _agrees(place: Place, streets: dict[str, Mention]) -> float:
    mention = streets.get(place.street)
    if mention is None:
        return 1.0
    return 60.0 if place.house and place.house == mention.house else 12.0


def best_place(sight: Sight, ward: int, found: Sequence[Mention]) -> Place | None:
    """The place of that name in a ward that agrees best with the streets named beside it."""
    streets = {mention.street.key: mention for mention in found if mention.street}
    inside = [place for place in sight.named.places if place.ward == ward]
    return max(inside, key=lambda place: _agrees(place, streets), default=None)
