"""Which matters there will be: the same for the same seed, however the work is cut up."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings

from thudo.simulation import rules
from thudo.simulation.queries import World
from thudo.simulation.rules import Days, Matter, Spot

# So many different texts and points at most: a million petitions then repeat them, as people do,
# and a bulk writer need not read the same sentence twice.
VARIETY = 24_000
ECHOES = 0.035


@dataclass
class Plan:
    """`petitions` (echoes and relapses come besides) over the `days` up to `last`, or up to the
    day before `until`, at which the history ends."""

    world: World
    petitions: int
    days: int
    until: datetime
    seed: int
    last: date | None = None
    _days: Days = field(init=False)
    _kept: dict[tuple[int, int], tuple[Spot, str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        zone = ZoneInfo(settings.TIME_ZONE)
        last = self.last or self.until.astimezone(zone).date() - timedelta(days=1)
        self._days = rules.spread(self.petitions, self.days, last, zone, self.seed)
        self._instants = lru_cache(maxsize=4)(self._days.instants)
        self._weights = lru_cache(maxsize=4)(self._day_weights)

    def matters(self, first: int, last: int) -> Iterator[Matter]:
        """Those of these indexes, by instant of filing."""
        for index in range(first, min(last, self.petitions)):
            yield self._matter(index)

    def _matter(self, index: int) -> Matter:
        day = self._days.day_of(index)
        dice = random.Random(f"{self.seed}:{index}")
        filed_at = self._instants(day)[index - self._days.starts[day]]
        number = dice.choices(range(len(self.world.stories)), self._weights(day))[0]
        story = self.world.stories[number]
        spot, text = self._scene(number, index, dice)
        echoes = self._echoes(filed_at, dice) if story.is_taken else ()
        return Matter(index, 0, story, spot, text, filed_at, echoes)

    def _scene(self, number: int, index: int, dice: random.Random) -> tuple[Spot, str]:
        """Where it is and how it is told: a scene of its own, or one of VARIETY."""
        if self.petitions <= VARIETY:
            return self._drawn(number, random.Random(f"{self.seed}:scene:{number}:{index}"))
        share = self.world.stories[number].weight / sum(s.weight for s in self.world.stories)
        scene = number, dice.randrange(max(int(VARIETY * share), 1))
        if scene not in self._kept:
            self._kept[scene] = self._drawn(number, random.Random(f"{self.seed}:scene:{scene}"))
        return self._kept[scene]

    def _drawn(self, number: int, dice: random.Random) -> tuple[Spot, str]:
        spot = self.world.spot(dice)
        return spot, rules.written(self.world.stories[number], spot, self.world.phrases, dice)

    def _echoes(self, filed_at: datetime, dice: random.Random) -> tuple[datetime, ...]:
        count = min(int(dice.expovariate(1.2)) + 1, 5) if dice.random() < ECHOES else 0
        minutes = sorted(dice.randint(5, 240) for _ in range(count))
        return tuple(filed_at + timedelta(minutes=m) for m in minutes)

    def _day_weights(self, day: int) -> list[float]:
        return rules.weights_on(self.world.stories, self._days, day)
