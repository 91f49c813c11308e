"""Pure choices of the invented city: who files what when, how units behave, how people write."""

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from thudo.base.folding import fold

# Filings by hour of the local day (weights) and by weekday, Monday first.
HOURS = (2, 1, 1, 1, 2, 5, 14, 30, 46, 44, 36, 30, 22, 24, 32, 34, 36, 44, 46, 44, 40, 28, 14, 6)
WEEKDAYS = (1.2, 1.1, 1.05, 1.05, 1.0, 0.8, 0.75)
# How strongly each matter depends on the month, January first, by the story's `season`.
SEASONS: dict[str, tuple[float, ...]] = {
    "rain": (0.2, 0.2, 0.4, 0.7, 1.4, 2.0, 2.4, 2.6, 1.9, 1.0, 0.5, 0.2),
    "heat": (0.5, 0.5, 0.6, 0.9, 1.4, 2.0, 2.0, 1.6, 1.1, 0.8, 0.6, 0.5),
    "dry": (1.7, 1.5, 1.2, 0.9, 0.7, 0.5, 0.5, 0.5, 0.7, 1.1, 1.5, 1.8),
    "school": (0.8, 0.7, 0.8, 0.8, 1.0, 1.0, 0.9, 1.8, 2.2, 1.2, 0.8, 0.8),
}
# A storm day brings so many times more of what depends on rain.
STORM = 5.0
STORM_SHARE = {"rain": 0.14}


@dataclass(frozen=True, slots=True)
class Story:
    """One kind of invented matter: what people write, what units write back.

    `weight`: its share among all stories; `season`: a key of SEASONS or ""; `answered`: text,
    what remains, next step. A story of a kind that the channel does not take has only texts.
    """

    service: str
    picture: str
    texts: tuple[str, ...]
    progress: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    answered: tuple[str, str, str] = ("", "", "")
    weight: float = 1.0
    season: str = ""
    is_taken: bool = True


@dataclass(frozen=True, slots=True)
class Phrases:
    """What all stories share: how people begin and end, what desks and units say again and again."""

    greetings: tuple[str, ...]
    places: tuple[str, ...]
    details: tuple[str, ...]
    endings: tuple[str, ...]
    question: tuple[str, ...]
    replies: tuple[str, ...]
    transfer: tuple[str, ...]
    refusal: tuple[str, ...]
    extension: tuple[str, ...]
    missing: tuple[str, ...]
    upheld: tuple[str, ...]
    redo: tuple[str, ...]
    glad: tuple[str, ...]
    sorry: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Manner:
    """How a unit behaves: planted, so that scorecards can be judged by whether they find it.

    `intake`, `work`: the median share of the term that it uses; the others are shares of its
    cases: never taken in, taken in and left lying, closed on paper only, handed on, refused,
    extended, answered without being resolved, sent back by the checking desk. `notes`: mean
    number of progress reports.
    """

    intake: float = 0.35
    work: float = 0.55
    silent: float = 0.01
    stalled: float = 0.02
    paper: float = 0.03
    handed_on: float = 0.04
    refused: float = 0.03
    extended: float = 0.05
    unresolved: float = 0.15
    sent_back: float = 0.06
    notes: float = 1.2


@dataclass(frozen=True, slots=True)
class Spot:
    """A real place at which something invented happens; degrees of EPSG:4326."""

    name: str
    detail: str
    area: str
    longitude: float
    latitude: float

    @property
    def named(self) -> str:
        return f"{self.name}, {self.detail}" if self.detail else self.name


@dataclass(frozen=True, slots=True)
class Matter:
    """One invented petition to be: `depth` counts relapses; `echoes`: when others file the same."""

    index: int
    depth: int
    story: Story
    spot: Spot
    text: str
    filed_at: datetime
    echoes: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Days:
    """A stretch of local days and how many petitions fall on each."""

    first: date
    counts: tuple[int, ...]
    zone: ZoneInfo
    seed: int
    starts: tuple[int, ...] = field(default=())

    def day_of(self, index: int) -> int:
        """The place of the day on which the petition of this index is filed."""
        low, high = 0, len(self.starts) - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.starts[middle] <= index else (low, middle - 1)
        return low

    def instants(self, day: int) -> list[datetime]:
        """When the petitions of a day are filed, in order: rush hours are likelier."""
        dice = random.Random(f"{self.seed}:instants:{day}")
        hours = dice.choices(range(24), HOURS, k=self.counts[day])
        midnight = datetime.combine(self.first + timedelta(days=day), time(0), self.zone)
        return sorted(midnight + timedelta(seconds=h * 3600 + dice.randrange(3600)) for h in hours)

    def is_stormy(self, day: int, season: str) -> bool:
        """Whether it rains hard on this day."""
        month = (self.first + timedelta(days=day)).month - 1
        likely = STORM_SHARE.get(season, 0.0) * SEASONS[season][month] if season in SEASONS else 0
        return random.Random(f"{self.seed}:storm:{day}").random() < likely


def spread(petitions: int, days: int, last: date, zone: ZoneInfo, seed: int) -> Days:
    """Petitions over the days up to `last`: weekdays, a slow growth, chance."""
    first = last - timedelta(days=days - 1)
    dice = random.Random(f"{seed}:days")
    weights = [
        WEEKDAYS[(first + timedelta(days=d)).weekday()]
        * (0.85 + 0.3 * d / days)
        * dice.uniform(0.85, 1.15)
        for d in range(days)
    ]
    total, reached, counts, starts, sum_so_far = sum(weights), 0.0, [], [], 0
    for weight in weights:
        reached += weight / total * petitions
        starts.append(sum_so_far)
        counts.append(round(reached) - sum_so_far)
        sum_so_far += counts[-1]
    return Days(first, tuple(counts), zone, seed, tuple(starts))


def weights_on(stories: Sequence[Story], days: Days, day: int) -> list[float]:
    """How likely each story is on a day: its share, the season, a storm."""
    month = (days.first + timedelta(days=day)).month - 1
    return [
        story.weight
        * (SEASONS[story.season][month] if story.season else 1.0)
        * (STORM if story.season == "rain" and days.is_stormy(day, "rain") else 1.0)
        for story in stories
    ]


def share_of(term: tuple[datetime, datetime], median: float, dice: random.Random) -> datetime:
    """An instant within (or after) a term: log-normal around `median` of its length."""
    start, end = term
    return start + (end - start) * (median * math.exp(dice.gauss(0, 0.6)))


def written(story: Story, spot: Spot, phrases: Phrases, dice: random.Random) -> str:
    """One petition's text: a phrasing at a place, in one of the ways in which people write."""
    text = dice.choice(story.texts)
    if "{place}" in text:
        text = text.replace("{place}", spot.name)
    elif story.is_taken:
        text = dice.choice(phrases.places).format(text=text.rstrip("."), place=spot.name)
    parts = [text]
    if story.is_taken and dice.random() < 0.35:
        parts.append(dice.choice(phrases.details))
    if dice.random() < 0.2:
        parts.insert(0, dice.choice(phrases.greetings))
    if dice.random() < 0.45:
        parts.append(dice.choice(phrases.endings))
    return _in_manner(" ".join(parts), dice.random())


_SHORT = {"không": "ko", "được": "dc", "phường": "p.", "những": "n~", "với": "vs", "trước": "trc"}


def _in_manner(text: str, draw: float) -> str:
    """As typed: carefully, in lower case, without accents, abbreviated."""
    if draw < 0.58:
        return text
    if draw < 0.72:
        return text.lower()
    if draw < 0.9:
        return fold(text)
    return " ".join(_SHORT.get(word, word) for word in text.lower().split(" "))


def manners(
    rows: Mapping[str, Mapping[str, float]], units: Mapping[str, Iterable[str]]
) -> dict[str, Manner]:
    """unit code -> its planted manner; units that are not named are ordinary (Manner())."""
    made = {name: Manner(**values) for name, values in rows.items()}
    return {unit: made[name] for name, codes in units.items() for unit in codes}
