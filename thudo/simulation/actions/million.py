"""A city's worth of petitions for measuring: one week's lives, copied into every week."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from thudo.simulation.actions.copies import Copied, Numbers, Original, Weeks
from thudo.simulation.actions.history import Lived, Stage, on_stage, write_copied
from thudo.simulation.actions.plan import Plan
from thudo.simulation.queries import World
from thudo.simulation.rules import Matter

# Lives in one transaction; with a dozen weeks that is about a thousand petitions.
CHUNK = 80


class Repeated:
    """About `petitions` over the whole weeks of `days` before `until`."""

    def __init__(self, world: World, petitions: int, days: int, until: datetime, seed: int) -> None:
        self.until = until
        last = until.astimezone(ZoneInfo(settings.TIME_ZONE)).date() - timedelta(days=1)
        count = max(days // 7, 1)
        first = last - timedelta(days=7 * count - 1)
        self.weeks = Weeks(first - timedelta(days=7), last)
        base = self._base(first, count)
        self.shifts = [week - base for week in range(count)]
        self.plan = Plan(
            world, -(-petitions // count), 7, until, seed,
            last=first + timedelta(days=7 * base + 6),
        )  # fmt: skip

    def chunks(self) -> list[tuple[int, int]]:
        """The indexes of lives, cut into transactions."""
        lives = self.plan.petitions
        return [(at, min(at + CHUNK, lives)) for at in range(0, lives, CHUNK)]

    def matters(self, first: int, last: int) -> Iterator[Matter]:
        """Every matter of these lives in every week: what deeds would have to do."""
        for matter in self.plan.matters(first, last):
            yield from (later(matter, weeks) for weeks in self.shifts)

    def _base(self, first: date, count: int) -> int:
        """The week with the longest stretch of ordinary days behind it: most lives fit in there."""
        return max(range(count), key=lambda week: (self._stretch(first, week, count), -week))

    def _stretch(self, first: date, week: int, count: int) -> int:
        start = first + timedelta(days=7 * week)
        weeks = 0
        while week + weeks < count and self.weeks.are_ordinary(
            start, start + timedelta(days=7 * weeks + 6)
        ):
            weeks += 1
        return weeks


def copy_weeks(repeated: Repeated, first: int, last: int, numbers: Numbers) -> tuple[int, int]:
    """These lives in every week, in one transaction; how many petitions and entries were written."""
    with transaction.atomic():
        with on_stage(repeated.plan) as stage:
            copied = [
                one
                for matter in repeated.plan.matters(first, last)
                for one in _all_weeks(repeated, stage, matter, numbers)
            ]
        write_copied(copied)
    return sum(c.petitions for c in copied), sum(len(c.entries) for c in copied)


def _all_weeks(
    repeated: Repeated, stage: Stage, matter: Matter, numbers: Numbers
) -> Iterator[Copied]:
    family = list(stage.family(matter))
    for weeks in repeated.shifts:
        for lived in family:
            moved = later(lived.matter, weeks)
            if moved.filed_at > repeated.plan.until:
                break
            if not _fits(repeated, lived, weeks):
                # A holiday lies in one of the two stretches, or the history ends first.
                for other in stage.family(moved):
                    yield other.original.copy(0, numbers)
                break
            yield lived.original.copy(weeks, numbers)


def _fits(repeated: Repeated, lived: Lived, weeks: int) -> bool:
    original, shift = lived.original, timedelta(weeks=weeks)
    if weeks == 0:
        return True
    if not lived.is_whole or original.ends + shift > repeated.plan.until:
        return False
    a, b = _days(original)
    ordinary = repeated.weeks.are_ordinary
    return ordinary(a, b) and ordinary(a + shift, b + shift)


def _days(original: Original) -> tuple[date, date]:
    """The days that its reckoning may have looked at."""
    zone = ZoneInfo(settings.TIME_ZONE)
    day = timedelta(days=1)
    return original.starts.astimezone(zone).date() - day, original.last.astimezone(
        zone
    ).date() + day


def later(matter: Matter, weeks: int) -> Matter:
    """The same matter some weeks later."""
    shift = timedelta(weeks=weeks)
    echoes = tuple(at + shift for at in matter.echoes)
    return replace(matter, filed_at=matter.filed_at + shift, echoes=echoes)
