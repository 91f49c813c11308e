"""From what the evidence says to a confidence: 0.5 is where a point need no longer be asked for.

The steps are measured (docs/reference/locating.md): shares of 0.5 to 0.75 were right in seven of ten
cases only, a name of a place that nothing else confirms in seven of ten, and contradicted evidence in
fewer cases than its share says.
"""

from collections.abc import Sequence

import numpy as np

from thudo.directory.rules.locating.weighing import Evidence

# (share of the ward, confidence)
_STEPS = ((0.0, 0.0), (0.5, 0.3), (0.74, 0.49), (0.76, 0.52), (0.9, 0.8), (1.0, 1.0))
_SPEAKS = 0.25
_CONTRADICTS = 0.5
_CONTRADICTED = 0.87
_GUESSED = 0.6
# A name must hold this many rare words (sum of their weights) to stand alone.
_TELLING_NAME = 14.0
_LONE_PLACE = 0.86
_LONE_SHORT_PLACE = 0.6


def trusted(share: float, ward: int, evidence: Sequence[Evidence]) -> float:
    """The confidence of a ward (its place in Gazetteer.wards) that has this share."""
    for_it = [one for one in evidence if _first(one) == ward and one.shares[ward] > _SPEAKS]
    against = [one for one in evidence if _first(one) != ward and one.shares.max() > _CONTRADICTS]
    if not for_it:
        share *= _GUESSED
    elif against:
        share *= _CONTRADICTED
    if all(one.sight for one in for_it) and for_it:
        share *= _of_lone_place(for_it[0])
    xs, ys = zip(*_STEPS, strict=True)
    return float(np.interp(share, xs, ys))


def _first(evidence: Evidence) -> int:
    return int(evidence.shares.argmax())


def _of_lone_place(evidence: Evidence) -> float:
    sight = evidence.sight
    is_telling = sight is not None and sight.named.total >= _TELLING_NAME
    return _LONE_PLACE if is_telling else _LONE_SHORT_PLACE
