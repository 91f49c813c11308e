"""The invented city as it lives while it is shown: a day at a chosen speed, or a step now and then."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from thudo.base.errors import Refused
from thudo.simulation import queries, rules
from thudo.simulation.actions.lives import Life
from thudo.simulation.actions.sending import Sender
from thudo.simulation.actions.uploads import Uploads
from thudo.simulation.queries import World
from thudo.simulation.rules import Matter

# Filings on a working day of the demonstration.
A_DAY = 260
# Of the lives that the small loop began, so many are remembered; the others stay as they are.
REMEMBERED = 400


class LiveDay:
    """A day's filings and the lives that they begin, `speed` times as fast as the clock.

    Everything happens at the true instant: only the pauses are shorter. What a unit owes is still
    reckoned in real working hours.
    """

    def __init__(self, world: World, *, speed: float, petitions: int, at: datetime) -> None:
        self.world = world
        self.speed = speed
        self.petitions = petitions
        self.dice = random.Random()
        self.sender = Sender(Uploads(repeats=True), sweeps=False)
        self.began = at
        self.waiting: list[tuple[datetime, int, Life, Iterator[datetime]]] = []
        self.filed = self.steps = self.refused = 0
        self._next = at

    def turn(self, *, at: datetime) -> float:
        """Do all that is due at `at`; seconds until the next thing is due."""
        story = self._story_time(at)
        while self._next <= story:
            self._file(at)
            self._next += timedelta(seconds=self.dice.expovariate(self._rate(self._next)))
        while self.waiting and self.waiting[0][0] <= story:
            self._step(at)
        nearest = min([self._next, *(w[0] for w in self.waiting[:1])])
        return max((nearest - story).total_seconds() / self.speed, 0.0)

    def _story_time(self, at: datetime) -> datetime:
        return self.began + (at - self.began) * self.speed

    def _rate(self, story: datetime) -> float:
        """Filings a second at this hour of the story."""
        local = story.astimezone(ZoneInfo(settings.TIME_ZONE))
        share = rules.HOURS[local.hour] / sum(rules.HOURS)
        return max(self.petitions * share * rules.WEEKDAYS[local.weekday()] / 3600, 1e-5)

    def _file(self, at: datetime) -> None:
        matter = new_matter(self.world, self.dice, at=at)
        life = Life(self.world, matter, self.sender, seed=self.dice.getrandbits(48))
        self.filed += 1
        self._go_on(life, life.steps(), at)

    def _step(self, at: datetime) -> None:
        _, _, life, steps = heappop(self.waiting)
        self._go_on(life, steps, at)

    def _go_on(self, life: Life, steps: Iterator[datetime], at: datetime) -> None:
        """The next step at the true instant; when it asks to come next is told in story time."""
        following = resume(life, steps, at=at)
        if following is None:
            self.refused += life.was_refused
            return
        self.steps += 1
        pause = max(following - life.at, timedelta(seconds=1))
        due = self._story_time(at) + pause
        heappush(self.waiting, (due, self.steps, life, steps))


def new_matter(world: World, dice: random.Random, *, at: datetime) -> Matter:
    """Something that happens now, as the season has it."""
    month = at.astimezone(ZoneInfo(settings.TIME_ZONE)).month - 1
    weights = [
        s.weight * (rules.SEASONS[s.season][month] if s.season else 1.0) for s in world.stories
    ]
    story = dice.choices(world.stories, weights)[0]
    spot = world.spot(dice)
    text = rules.written(story, spot, world.phrases, dice)
    return Matter(dice.getrandbits(40), 0, story, spot, text, at)


def resume(life: Life, steps: Iterator[datetime], *, at: datetime) -> datetime | None:
    """Let a life take the step it waits for, now; when it wants to go on, or None at its end.

    Somebody of the demonstration may have been quicker: then the deed is refused and the life ends.
    """
    life.now = at
    try:
        with transaction.atomic():
            return next(steps, None)
    except Refused:
        life.was_refused = True
        return None


class _Small:
    """What the worker's loop remembers between its turns."""

    world: World | None = None
    lives: list[Any] = []


def live_on(*, at: datetime, dice: random.Random | None = None) -> str:
    """One thing happens: a new petition, or a step of one that this process filed; says which."""
    dice = dice or random.Random()
    small = _Small
    small.world = small.world or queries.world()
    if not small.world.stories:
        return ""
    if len(small.lives) < 5 or dice.random() < 0.35:
        matter = new_matter(small.world, dice, at=at)
        sender = Sender(Uploads(repeats=True), sweeps=False)
        life = Life(small.world, matter, sender, seed=dice.getrandbits(48))
        steps = life.steps()
        resume(life, steps, at=at)
        if resume(life, steps, at=at) is not None:
            small.lives = [*small.lives[-REMEMBERED:], (life, steps)]
        return "filed"
    life, steps = small.lives.pop(dice.randrange(len(small.lives)))
    if resume(life, steps, at=at) is not None:
        small.lives.append((life, steps))
    return "stepped"
