"""Where on its street a house number is: between its known neighbours, on its own side.

The constants were chosen on held-out numbers (docs/reference/locating.md); none of them is delicate.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from thudo.directory.rules.locating.streets import Spot, Street

METRES_PER_DEGREE = 111_200.0
# How far off a guess may be: at a known number, and for each metre to the nearer neighbour.
_BLUR, _BLUR_BETWEEN, _BLUR_BEYOND = 35.0, 0.4, 0.5
# Beyond the last known number: metres a number, how far at most, and how much of it is dared.
_PER_NUMBER, _FARTHEST, _DARED = 3.0, 400.0, 0.7
_TELLING = 30.0
# Numbers so far from the nearest known one count half.
_NEAR = 60.0
_ACROSS = 0.5
# A guess as a blot: the middle and two rings around it, in units of its blur, and their weights.
_RINGS = ((0.0, 1, 0.25), (0.8, 6, 0.085), (1.8, 6, 0.04))
_BLOT = np.array(
    [
        (reach * math.cos(turn), reach * math.sin(turn), weight)
        for reach, count, weight in _RINGS
        for turn in (2 * math.pi * step / count for step in range(count))
    ]
)


class Guess(NamedTuple):
    """A point for a number; `blur` in metres; `weight`: how likely it is this stretch."""

    longitude: float
    latitude: float
    blur: float
    weight: float


def guesses(street: Street, number: int, fit_of: Mapping[str, float]) -> Iterator[Guess]:
    """One for each stretch of streets of that name that has numbers; `fit_of`: accents, 0..1."""
    for spots in street.stretches():
        numbered = [spot for spot in spots if spot.number]
        if numbered:
            size = sum(spot.weight * fit_of.get(spot.toned, 1.0) ** 4 for spot in spots)
            yield _guess(numbered, number, size)


def blot(guess: Guess) -> tuple[list[tuple[float, float]], list[float]]:
    """Points around a guess with their weights, which sum to 1."""
    wide = METRES_PER_DEGREE * math.cos(math.radians(guess.latitude))
    xs = guess.longitude + _BLOT[:, 0] * guess.blur / wide
    ys = guess.latitude + _BLOT[:, 1] * guess.blur / METRES_PER_DEGREE
    return list(zip(xs.tolist(), ys.tolist(), strict=True)), _BLOT[:, 2].tolist()


def _guess(numbered: Sequence[Spot], number: int, size: float) -> Guess:
    side = [spot for spot in numbered if (spot.number - number) % 2 == 0]
    used = side or numbered
    below = max((s for s in used if s.number <= number), key=lambda s: s.number, default=None)
    above = min((s for s in used if s.number >= number), key=lambda s: s.number, default=None)
    weight = size * (1.0 if side else _ACROSS)
    if below is not None and above is not None:
        return _between(below, above, number, weight)
    last = below or above
    assert last is not None  # noqa: S101 - one of them is, for `used` is not empty
    return _beyond(last, used, number, weight)


def _between(below: Spot, above: Spot, number: int, weight: float) -> Guess:
    gap = above.number - below.number
    part = (number - below.number) / gap if gap else 0.5
    x = below.longitude + part * (above.longitude - below.longitude)
    y = below.latitude + part * (above.latitude - below.latitude)
    blur = _BLUR + _BLUR_BETWEEN * _metres(below, above) * min(part, 1 - part)
    return Guess(x, y, blur, weight * _nearness(min(number - below.number, above.number - number)))


def _beyond(last: Spot, used: Sequence[Spot], number: int, weight: float) -> Guess:
    """On in the direction of the last known numbers, but not as far as they would say."""
    gap = abs(number - last.number)
    far = _PER_NUMBER * gap
    blur = _BLUR + _BLUR_BEYOND * min(far, 1.5 * _FARTHEST)
    x, y = last.longitude, last.latitude
    others = sorted((s for s in used if s is not last), key=lambda s: abs(s.number - last.number))
    if others[:3] and far:
        dx = x - sum(s.longitude for s in others[:3]) / len(others[:3])
        dy = y - sum(s.latitude for s in others[:3]) / len(others[:3])
        length = math.hypot(dx * math.cos(math.radians(y)), dy) * METRES_PER_DEGREE
        if length > _TELLING:
            step = _DARED * min(far, _FARTHEST) / length
            x, y = x + dx * step, y + dy * step
    return Guess(x, y, blur, weight * _nearness(gap))


def _nearness(gap: int) -> float:
    return 1 / (1 + (gap / _NEAR) ** 2)


def _metres(one: Spot, other: Spot) -> float:
    wide = math.cos(math.radians(one.latitude))
    return METRES_PER_DEGREE * math.hypot(
        (one.longitude - other.longitude) * wide, one.latitude - other.latitude
    )
