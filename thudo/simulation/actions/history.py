"""A history, told twice: by deeds one after another in time, or in memory and copied in.

Both resume the same lives with the same dice, so that they write the same rows; a test compares.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from heapq import heappop, heappush
from typing import Any, Protocol
from unittest.mock import patch

from django.db import transaction
from django.db.models import Model

from thudo.petitions.queries import screening
from thudo.routing.queries import classify
from thudo.simulation.actions.copies import Copied, Numbers, Original
from thudo.simulation.actions.copying import copy_packed
from thudo.simulation.actions.lives import Life
from thudo.simulation.actions.memory import Drawer, in_memory
from thudo.simulation.actions.memory.switch import Desk
from thudo.simulation.actions.plan import Plan
from thudo.simulation.actions.sending import Sender
from thudo.simulation.actions.uploads import Uploads
from thudo.simulation.rules import Matter

# Matters in one transaction: well under a second of work for the server.
CHUNK = 250
Waiting = tuple[datetime, int, Life, Iterator[datetime]]


class Repeating(Protocol):
    """A plan whose matters come in several weeks."""

    plan: Plan

    def matters(self, first: int, last: int) -> Iterator[Matter]: ...


def tell_by_deeds(told: Plan | Repeating, first: int, last: int) -> int:
    """Let the matters of these indexes happen in the order of time, each step a real deed.

    Returns the number of lives.
    """
    plan = told if isinstance(told, Plan) else told.plan
    sender = Sender(Uploads(repeats=False))
    waiting: list[Waiting] = []
    lives = 0
    for matter in told.matters(first, last):
        lives += 1
        life = Life(plan.world, matter, sender, seed=plan.seed)
        _go_on(waiting, lives, life, life.steps(), plan)
    while waiting:
        _, place, life, steps = heappop(waiting)
        if not _go_on(waiting, place, life, steps, plan) and life.relapse:
            lives += 1
            again = Life(plan.world, life.relapse, sender, seed=plan.seed)
            _go_on(waiting, lives, again, again.steps(), plan)
    return lives


def _go_on(
    waiting: list[Waiting], place: int, life: Life, steps: Iterator[datetime], plan: Plan
) -> bool:
    """One step; whether the life goes on within the history."""
    at = next(steps, None)
    if at is None or at > plan.until:
        return False
    heappush(waiting, (at, place, life, steps))
    return True


def copy_history(plan: Plan, first: int, last: int, numbers: Numbers) -> tuple[int, int]:
    """The same matters in memory, then their rows by COPY, in one transaction.

    Returns how many petitions and journal entries it wrote.
    """
    with transaction.atomic():
        with on_stage(plan) as stage:
            lived = [one for m in plan.matters(first, last) for one in stage.family(m)]
            copied = [one.original.copy(0, numbers) for one in lived]
        write_copied(copied)
    return sum(c.petitions for c in copied), sum(len(c.entries) for c in copied)


def write_copied(copied: list[Copied]) -> None:
    rows: dict[type[Model], list[bytes]] = {}
    for one in copied:
        for model, blob in one.rows.items():
            rows.setdefault(model, []).append(blob)
    copy_packed(rows, [entry for one in copied for entry in one.entries])


@dataclass(frozen=True, slots=True)
class Lived:
    """A life in memory; `is_whole`: nothing more happens in it, however long one waits."""

    matter: Matter
    original: Original
    is_whole: bool


class Stage:
    """Lives in memory, each in a drawer of its own."""

    def __init__(self, plan: Plan, desk: Desk) -> None:
        self.plan = plan
        self.desk = desk
        self.sender = Sender(_uploads)

    def family(self, matter: Matter) -> Iterator[Lived]:
        """A matter's life and those of its relapses."""
        again: Matter | None = matter
        while again is not None and again.filed_at <= self.plan.until:
            life = Life(self.plan.world, again, self.sender, seed=self.plan.seed)
            self.desk.drawer = Drawer()
            is_whole = self._live(life)
            yield Lived(again, Original(self.desk.drawer), is_whole)
            again = life.relapse

    def _live(self, life: Life) -> bool:
        steps = life.steps()
        at = next(steps)
        while at <= self.plan.until:
            following = next(steps, None)
            if following is None:
                return True
            at = following
        return False


@contextmanager
def on_stage(plan: Plan) -> Iterator[Stage]:
    with in_memory() as desk, _remembering():
        yield Stage(plan, desk)


_uploads = Uploads(repeats=True)


def draw_scenes(told: Plan | Repeating) -> None:
    """Have every picture of a history ready, for processes that are to write it together."""
    plan = told if isinstance(told, Plan) else told.plan
    kinds = {story.picture for story in plan.world.stories if story.picture}
    _uploads.draw_all(kinds, at=plan.until)


@contextmanager
def _remembering() -> Iterator[None]:
    """Nothing is read twice that is read the same each time: texts, and who answers where."""
    with patch.object(screening, "classify", _once(classify)):
        yield


_read: dict[Any, Any] = {}


def _once(function: Callable[..., Any]) -> Callable[..., Any]:
    def asked(text: str) -> Any:
        found = _read.get(text)
        if found is None:
            if len(_read) > 30_000:
                _read.clear()
            found = _read[text] = function(text)
        return found

    return asked


def chunks(petitions: int) -> Iterable[tuple[int, int]]:
    """The indexes of a history, cut into transactions."""
    return ((first, first + CHUNK) for first in range(0, petitions, CHUNK))
