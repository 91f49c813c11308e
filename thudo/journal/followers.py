"""How other slices follow the journal: `@follows` in their followers.py."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from thudo.journal import actions, queries
from thudo.journal.rules import JournalEntry

_log = logging.getLogger(__name__)
Reaction = Callable[[list[JournalEntry]], None]


@dataclass(frozen=True, slots=True)
class Following:
    """A reaction and the actions it asks for."""

    name: str
    patterns: tuple[str, ...]
    react: Reaction


FOLLOWERS: dict[str, Following] = {}


def follows(*patterns: str, name: str = "") -> Callable[[Reaction], Reaction]:
    """Register a reaction: called with a batch of entries, in order, in one transaction.

    `patterns`: "case.opened", "petition.*" or "*". The name (by default "slice.function") is the
    key of its place in the journal: a new name reads from the beginning.
    """

    def register(react: Reaction) -> Reaction:
        key = name or f"{react.__module__.split('.')[-2]}.{react.__name__}"
        FOLLOWERS[key] = Following(key, patterns, react)
        return react

    return register


def deliver(name: str, limit: int = 500) -> int:
    """One batch for one follower; how many entries it passed."""
    following = FOLLOWERS[name]
    return actions.deliver(name, following.react, patterns=following.patterns, limit=limit)


def deliver_all(limit: int = 500) -> int:
    """One batch for every follower that lags; a failing one is logged and holds up nobody else."""
    return sum(_deliver_or_log(name, limit) for name in queries.lagging(FOLLOWERS))


def _deliver_or_log(name: str, limit: int) -> int:
    try:
        return deliver(name, limit)
    except Exception:
        _log.exception("The follower %s failed; its batch will come again", name)
        return 0
