"""The demonstration's past: some recent petitions at once, ninety days of history behind the pages."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from thudo.petitions.models import Petition
from thudo.simulation import queries
from thudo.simulation.actions.copies import Numbers
from thudo.simulation.actions.history import CHUNK, copy_history
from thudo.simulation.actions.plan import Plan
from thudo.simulation.queries import World

# What the demonstration shows: see docs/reference/simulator.md.
DAYS, PETITIONS = 90, 20_000
RECENT_DAYS = 3


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the past has been filled: kept in the data folder, so that a restart goes on."""

    until: str
    seed: int
    petitions: int
    done: int

    @property
    def is_whole(self) -> bool:
        return self.done >= self.petitions


def seed(count: int, *, at: datetime, tell: Callable[[int], None] | None = None) -> int:
    """The first invented petitions, of the last days: what the first page shows.

    Does nothing where anything was filed before: demo data never mixes with real petitions.
    From here on the worker fills the days before, see fill_past().
    """
    world = queries.world()
    if not world.stories or queries.has_petitions():
        return 0
    numbers, total = Numbers(), 0
    plan = Plan(world, count, RECENT_DAYS, at, queries.seed())
    for first in range(0, count, 50):
        total += copy_history(plan, first, first + 50, numbers)[0]
        if tell:
            tell(total)
    before = at - timedelta(days=RECENT_DAYS)
    _keep(Progress(before.isoformat(), queries.seed(), PETITIONS, 0))
    return total


def fill_past(*, limit: int = CHUNK) -> Progress | None:
    """A little more of the past, oldest first; None where there is nothing to fill.

    Only adds invented petitions, in a transaction of its own each time: what people filed
    meanwhile stays as it is. Killed between transaction and note, it writes one piece twice.
    """
    progress = past()
    if progress is None or progress.is_whole:
        return None
    plan = _plan(progress)
    last = min(progress.done + limit, progress.petitions)
    taken = {int(n[:9]) for n in Petition.objects.values_list("number", flat=True)}
    copy_history(plan, progress.done, last, Numbers(taken=taken))
    _keep(Progress(progress.until, progress.seed, progress.petitions, last))
    return past()


def past() -> Progress | None:
    """How far the past has come; None where no demonstration was begun."""
    path = _path()
    return Progress(**json.loads(path.read_text("utf-8"))) if path.exists() else None


_plans: dict[Progress, Plan] = {}
_worlds: list[World] = []


def _plan(progress: Progress) -> Plan:
    if not _worlds:
        _worlds.append(queries.world())
    until = datetime.fromisoformat(progress.until)
    return Plan(_worlds[0], progress.petitions, DAYS - RECENT_DAYS, until, progress.seed + 1)


def _keep(progress: Progress) -> None:
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(asdict(progress)), "utf-8")
    part.replace(path)


def _path() -> Path:
    return Path(settings.DATA_DIR) / "simulation.json"
