"""From what the evidence says to a confidence: 0.5 is where a point need no longer be asked for.

A logistic curve fitted on lines about held-out points (docs/reference/locating.md): how often the
first ward was right, by its share, by the most that one piece of evidence gives it, by whether
another piece says otherwise, and by whether a place's name alone speaks for it. What rests on a
slip of the finger alone is asked back whatever the curve says: the lines all name a place, people
often do not ("gần chợ nào đó"), and any two words are a slip away from some name.
"""

import math
from collections.abc import Sequence

from thudo.directory.rules.locating.weighing import Evidence

_BASE, _SHARE, _SAID, _LONE_PLACE, _CONTRADICTED = -1.4, 0.5, 3.5, -1.6, -0.8
# Answers as likely right as this are right in 94 of 100 together with all that are likelier.
_ENOUGH = 0.77
_SPEAKS, _CONTRADICTS = 0.25, 0.5
# The most for what only a slip of the finger speaks for: just too little.
_LONE_SLIP = 0.49
# A name agrees with a ward that it gives so much more than nothing said would.
_AGREES = 0.05


def trusted(share: float, ward: int, prior: float, evidence: Sequence[Evidence]) -> float:
    """The confidence of a ward (its place in Gazetteer.wards) that has this share, and `prior`
    before anything is said."""
    likely = _likely(share, ward, evidence)
    if likely < _ENOUGH:
        sure = 0.5 * likely / _ENOUGH
    else:
        sure = 0.5 + 0.5 * (likely - _ENOUGH) / (1 - _ENOUGH)
    return min(sure, _LONE_SLIP) if _is_lone_slip(ward, prior, evidence) else sure


def _is_lone_slip(ward: int, prior: float, evidence: Sequence[Evidence]) -> bool:
    """Whether a slip speaks for the ward and no other name, typed as it is spelled, agrees."""
    slips = [one for one in evidence if one.is_slip]
    if not any(one.is_slip for one in _for(ward, evidence)):
        return False
    others = [one for one in evidence if not one.is_slip and one.shares[ward] > prior + _AGREES]
    return not any(all(_apart(one, slip) for slip in slips) for one in others)


def _apart(one: Evidence, other: Evidence) -> bool:
    """Whether the two are read from different words; a piece of a name is never apart."""
    a, b = one.mention or one.sight, other.mention or other.sight
    return a is not None and b is not None and (a.end <= b.start or b.end <= a.start)


def _for(ward: int, evidence: Sequence[Evidence]) -> list[Evidence]:
    return [one for one in evidence if _first(one) == ward and one.shares[ward] > _SPEAKS]


def _likely(share: float, ward: int, evidence: Sequence[Evidence]) -> float:
    for_it = _for(ward, evidence)
    against = [one for one in evidence if _first(one) != ward and one.shares.max() > _CONTRADICTS]
    lone = bool(for_it) and all(one.sight for one in for_it)
    share = min(max(share, 0.001), 0.9999)
    said = max((float(one.shares[ward]) for one in evidence), default=0.0)
    score = _BASE + _SHARE * math.log(share / (1 - share)) + _SAID * said
    return 1 / (1 + math.exp(-(score + lone * _LONE_PLACE + bool(against) * _CONTRADICTED)))


def _first(evidence: Evidence) -> int:
    return int(evidence.shares.argmax())
