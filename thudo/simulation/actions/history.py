"""A history, told twice: by deeds one after another in time, or in memory and copied in.

Both resume the same lives with the same dice, so that they write the same rows; a test compares.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from heapq import heappop, heappush
from typing import Any
from unittest.mock import patch

from django.db import transaction

from thudo.base.errors import Refused
from thudo.petitions.queries import placing, screening
from thudo.routing.queries import classify
from thudo.simulation.actions.copying import copy_drawers
from thudo.simulation.actions.lives import Life
from thudo.simulation.actions.memory import Drawer, in_memory
from thudo.simulation.actions.plan import Plan
from thudo.simulation.actions.sending import Sender
from thudo.simulation.actions.uploads import Uploads
from thudo.simulation.rules import Matter

# Matters in one transaction: well under a second of work for the server.
CHUNK = 250
Turn = Callable[[Life], None]


def tell_by_deeds(plan: Plan, first: int, last: int, *, turn: Turn | None = None) -> int:
    """Let the matters of these indexes happen in the order of time, each step a real deed.

    `turn` is called before each step. Returns the number of lives.
    """
    sender = Sender(Uploads(repeats=False))
    waiting: list[tuple[Any, int, int, Life, Iterator[Any]]] = []
    lives = 0
    for matter in plan.matters(first, last):
        lives += 1
        _wait(waiting, Life(plan.world, matter, sender, seed=plan.seed), plan, turn)
    while waiting:
        _, _, _, life, steps = heappop(waiting)
        _go_on(waiting, life, steps, plan, turn)
        if life.relapse:
            lives += 1
            again = Life(plan.world, life.relapse, sender, seed=plan.seed)
            life.relapse = None
            _wait(waiting, again, plan, turn)
    return lives


def _wait(waiting: list[Any], life: Life, plan: Plan, turn: Turn | None) -> None:
    _go_on(waiting, life, life.steps(), plan, turn)


def _go_on(
    waiting: list[Any], life: Life, steps: Iterator[Any], plan: Plan, turn: Turn | None
) -> None:
    if turn:
        turn(life)
    at = next(steps, None)
    if at is not None and at <= plan.until:
        heappush(waiting, (at, life.matter.index, life.matter.depth, life, steps))


def copy_history(
    plan: Plan, first: int, last: int, uploads: Uploads, *, turn: Turn | None = None
) -> tuple[int, int]:
    """The same matters in memory, then their rows by COPY, in one transaction.

    Returns how many petitions and journal entries it wrote. A life that a deed refuses leaves
    nothing behind.
    """
    drawers: list[Drawer] = []
    with transaction.atomic():
        with in_memory() as desk, _remembering():
            sender = Sender(uploads)
            for matter in plan.matters(first, last):
                again: Matter | None = matter
                while again is not None:
                    desk.drawer = Drawer()
                    again = _lived(Life(plan.world, again, sender, seed=plan.seed), plan, turn)
                    drawers.append(desk.drawer)
        copy_drawers(drawers)
    entries = sum(len(drawer.entries) for drawer in drawers)
    return sum(drawer.petitions for drawer in drawers), entries


def _lived(life: Life, plan: Plan, turn: Turn | None) -> Matter | None:
    """One life to its end or to the end of the history; what comes of it later."""
    steps = life.steps()
    at = None
    while at is None or at <= plan.until:
        if turn:
            turn(life)
        at = next(steps, None)
        if at is None:
            break
    relapse = life.relapse
    return relapse if relapse and relapse.filed_at <= plan.until else None


@contextmanager
def _remembering() -> Iterator[None]:
    """Nothing is read twice that is read the same each time: texts, and who answers where."""
    with ExitStack() as stack:
        stack.enter_context(patch.object(screening, "classify", _once(classify)))
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
