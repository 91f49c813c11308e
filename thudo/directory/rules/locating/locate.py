"""The wards a text may mean, each with a point and how sure it is."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from thudo.directory.rules.locating.addresses import along
from thudo.directory.rules.locating.gazetteer import Gazetteer, Spot
from thudo.directory.rules.locating.reading import Mention, Sight, mentions, sights
from thudo.directory.rules.locating.trust import trusted
from thudo.directory.rules.locating.weighing import Evidence, best_place, weigh
from thudo.directory.rules.locating.words import Word

# Text beyond this many words is not read.
_LONGEST = 250
_LEAST = 0.02
_SOFT = 0.35


class Candidate(NamedTuple):
    """`precision`: number, near_number, street, place, ward (the point is then the ward's middle);
    `found`: the words that say so, as the city's lists spell them."""

    ward: str
    longitude: float
    latitude: float
    confidence: float
    precision: str
    found: str


def locate(gazetteer: Gazetteer, text: str, most: int = 5) -> list[Candidate]:
    """The candidates, the surest first; none when the text names no place."""
    words = gazetteer.grammar.read(text)[:_LONGEST]
    _found, _seen, evidence = evidence_of(gazetteer, words)
    if not evidence:
        return []
    sums = np.zeros(len(gazetteer.wards))
    for one in evidence:
        sums += np.log(one.shares + 1e-9)
    shares = np.exp(sums - sums.max())
    shares /= shares.sum()
    found: list[Candidate] = []
    for ward in (int(ward) for ward in np.argsort(-shares)[:most] if shares[ward] >= _LEAST):
        prior = float(gazetteer.prior[ward])
        confidence = trusted(float(shares[ward]), ward, prior, evidence)
        # Who comes later is never surer than who comes before.
        confidence = min(confidence, found[-1].confidence if found else 1.0)
        found.append(_candidate(gazetteer, ward, confidence, evidence))
    return found


def evidence_of(
    gazetteer: Gazetteer, words: Sequence[Word]
) -> tuple[list[Mention], list[Sight], list[Evidence]]:
    """What the words name, and what each says."""
    named = mentions(gazetteer, words)
    seen = [
        sight
        for sight in sights(gazetteer, words)
        if not _is_torn(sight, named) and not _is_of_address(sight, named)
    ]
    found: list[Mention] = []
    inner: list[Mention] = []
    for mention in named:
        (inner if _is_within(mention, seen) else found).append(mention)
    evidence = weigh(gazetteer, words, found, seen)
    evidence += [_softened(gazetteer, one) for one in weigh(gazetteer, words, inner, [])]
    return found, seen, evidence


def _is_torn(sight: Sight, named: Sequence[Mention]) -> bool:
    """Whether it ends within another name: "sân vận động Mỹ | Đình" is no "Sân vận động Đông Mỹ"."""
    return any(
        sight.start < mention.start < sight.end < mention.end
        or mention.start < sight.start < mention.end < sight.end
        for mention in named
        if mention.certainty == 1
    )


def _is_of_address(sight: Sight, named: Sequence[Mention]) -> bool:
    """Whether it lies within an address: "137 phố Ngọc Lâm" is no "Phở Lâm"."""
    return any(
        mention.begin <= sight.start and sight.end <= mention.end
        for mention in named
        if mention.certainty == 1
        and mention.street
        and (mention.house or mention.lanes or mention.begin < mention.start)
    )


def _softened(gazetteer: Gazetteer, one: Evidence) -> Evidence:
    """What a piece of a place's name says: the place is often near its namesake."""
    shares = _SOFT * one.shares + (1 - _SOFT) * gazetteer.prior
    return Evidence("namesake", shares, None, None, one.is_slip)


def _is_within(mention: Mention, seen: Sequence[Sight]) -> bool:
    """Whether the name is only a piece of a place's name."""
    if not seen or seen[0].quality < 0.85 or mention.house or mention.lanes:
        return False
    sight = seen[0]
    inside = sight.start <= mention.start and mention.end <= sight.end
    return inside and mention.end - mention.start < sight.end - sight.start


def _candidate(
    gazetteer: Gazetteer, ward: int, confidence: float, evidence: Sequence[Evidence]
) -> Candidate:
    found = [one.mention for one in evidence if one.mention]
    precision, point, name = "ward", None, ""
    for one in evidence:
        if one.sight and precision in ("ward", "street", "near_number") and one.sight.quality > 0.8:
            place = best_place(one.sight, ward, found)
            if place:
                precision, point = "place", (place.longitude, place.latitude)
                name = place.name
        elif one.mention and _is_street(one.mention) and precision != "number":
            exactness, at = _on_street(gazetteer, one.mention, ward)
            if at and _RANKS[exactness] > _RANKS[precision]:
                precision, point, name = exactness, at, _said(one.mention)
    row = gazetteer.rows[gazetteer.wards[ward]]
    x, y = point or (row.longitude or 0.0, row.latitude or 0.0)
    return Candidate(row.code, round(x, 6), round(y, 6), round(confidence, 3), precision, name)


def _is_street(mention: Mention) -> bool:
    """Whether the name is read as a street's: "ward X" is not."""
    is_part = bool(mention.parts and mention.marks & {"ward", "district"})
    return mention.street is not None and (not is_part or bool(mention.house or mention.lanes))


_RANKS = {"ward": 0, "street": 1, "near_number": 2, "place": 3, "number": 4}


def _said(mention: Mention) -> str:
    street = mention.street.name if mention.street else ""
    lanes = [
        f"{word} {number}".strip()
        for word, number in zip(mention.lane_words, mention.lanes, strict=True)
    ]
    said = " ".join([mention.house, *reversed(lanes), street]).strip()
    return said[:1].upper() + said[1:]


def _on_street(
    gazetteer: Gazetteer, mention: Mention, ward: int
) -> tuple[str, tuple[float, float] | None]:
    """How exactly, and where on the street within the ward."""
    street = mention.street
    inside = [spot for spot in street.spots if spot.ward == ward] if street else []
    if not inside:
        return "ward", None
    meant = along(gazetteer.grammar, mention.house, mention.lanes)
    numbered = [spot for spot in inside if spot.number]
    if not meant or not numbered:
        middle = _middle(inside)
        return "street", (middle.longitude, middle.latitude)
    wanted = meant[0][0] + mention.opposite
    same = [spot for spot in numbered if spot.number == wanted]
    if same:
        return "number", (same[0].longitude, same[0].latitude)
    return "near_number", _between(wanted, numbered)


def _middle(spots: Sequence[Spot]) -> Spot:
    x = sum(spot.longitude for spot in spots) / len(spots)
    y = sum(spot.latitude for spot in spots) / len(spots)
    return min(spots, key=lambda spot: (spot.longitude - x) ** 2 + (spot.latitude - y) ** 2)


def _between(wanted: int, spots: Sequence[Spot]) -> tuple[float, float]:
    """Between the next known numbers below and above, on the same side where it is known."""
    side = [spot for spot in spots if (spot.number - wanted) % 2 == 0] or list(spots)
    below = max((s for s in side if s.number < wanted), key=lambda s: s.number, default=None)
    above = min((s for s in side if s.number > wanted), key=lambda s: s.number, default=None)
    if below is None or above is None:
        # Beyond the last known number the street may turn: stay at it.
        last = below or above or side[0]
        return last.longitude, last.latitude
    part = (wanted - below.number) / (above.number - below.number)
    return (
        below.longitude + part * (above.longitude - below.longitude),
        below.latitude + part * (above.latitude - below.latitude),
    )
