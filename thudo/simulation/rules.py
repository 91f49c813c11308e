"""Pure choices of the invented city: which story, how far it has come, when each step was."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

# How far an invented case has come, with its weight among a hundred.
FATES: dict[str, int] = {
    "filed": 12, "accepted": 14, "noted": 20, "asked": 5, "checking": 5, "transferred": 5,
    "answered": 6, "satisfied": 18, "acceptable": 6, "not_satisfied": 3, "forgotten": 6,
}  # fmt: skip
CLOSED_FATES = frozenset({"answered", "satisfied", "acceptable", "not_satisfied"})


@dataclass(frozen=True, slots=True)
class Story:
    """One invented matter: what people write, what units write back."""

    service: str
    picture: str
    texts: tuple[str, ...]
    progress: tuple[str, ...]
    done: tuple[str, ...]
    answered: tuple[str, str, str]
    question: str
    transfer: str


def fate(dice: random.Random) -> str:
    """How far the next case has come."""
    return dice.choices(list(FATES), weights=list(FATES.values()))[0]


def filed_at(dice: random.Random, ends: str, now: datetime) -> datetime:
    """When it was filed: long enough ago for its fate, waking hours being likelier."""
    if ends in {"filed", "accepted"}:
        back = timedelta(minutes=dice.randint(2, 60 * 8))
    elif ends == "forgotten":
        back = timedelta(days=dice.randint(9, 16))
    elif ends in CLOSED_FATES:
        back = timedelta(days=dice.uniform(1.5, 20))
    else:
        back = timedelta(hours=dice.uniform(8, 60))
    return now - back


def steps(dice: random.Random, start: datetime, now: datetime, count: int) -> list[datetime]:
    """`count` instants between filing and now, in order, the first ones close to the filing."""
    span = max((now - start).total_seconds() - 60, 1)
    parts = sorted(dice.random() ** 1.5 for _ in range(count))
    return [start + timedelta(seconds=30 + span * part) for part in parts]
