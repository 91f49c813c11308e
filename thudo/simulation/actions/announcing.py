"""Invented announcements of the pack, kept alive while the city is shown; and invented answers."""

import random
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from thudo.advisories.actions import answer_consultation, keep_advisory, publish_consultation
from thudo.advisories.actions.consulting import Asked
from thudo.advisories.models import Advisory, Consultation
from thudo.advisories.queries import consultations_open, results_of
from thudo.advisories.rules import Content
from thudo.simulation import queries
from thudo.simulation.actions.people import SIMULATED, officer, opener

Row = Mapping[str, Any]
# What names no length is played so long.
_UNKNOWN_HOURS = 6
# Invented answers to one question, so that its page shows something.
MOST_ANSWERS = 60


def announce(*, at: datetime) -> int:
    """Publish what the pack's demo/advisories.toml has begun or announces by now; how many."""
    given = queries.announcements()
    wanted = {
        f"{SIMULATED}:{row['code']}:{begins:%Y%m%d}": (row, begins)
        for row in given.get("advisory", ())
        for begins in _begun(row, at)
    }
    known = set(
        Advisory.objects.filter(external_id__in=list(wanted)).values_list("external_id", flat=True)
    )
    missing = {name: one for name, one in wanted.items() if name not in known}
    for name, (row, begins) in missing.items():
        keep_advisory(
            _content(row, begins, given["source"], at), unit=row["unit"], external_id=name,
            origin=("simulation", row["code"]), is_invented=True, actor=officer(row["unit"]), at=at,
        )  # fmt: skip
    return len(missing)


def consult(*, at: datetime) -> None:
    """Ask the pack's invented questions that are not open, and answer one of the open ones."""
    opened = [one for one in consultations_open(at=at) if one.is_invented]
    given = queries.announcements().get("consultation", ())
    for row in given:
        if not any(one.question == row["question"] for one in opened):
            _ask(row, at)
    dice = random.Random()
    weights = {row["question"]["vi"]: row["weights"] for row in given}
    for one in opened:
        if one.question["vi"] in weights and results_of(one).total < MOST_ANSWERS:
            _answer(one, weights[one.question["vi"]], dice, at)


def _begun(row: Row, at: datetime) -> Iterator[datetime]:
    """The beginnings that lie between `lasts` before now and `ahead` after it."""
    zone = ZoneInfo(settings.TIME_ZONE)
    lasts = timedelta(hours=row.get("lasts", _UNKNOWN_HOURS))
    first, last = at - lasts, at + timedelta(hours=row.get("ahead", 0))
    day = first.astimezone(zone).date()
    while day <= last.astimezone(zone).date():
        begins = datetime.combine(day, time.fromisoformat(row["at"]), zone)
        if _is_its_day(row, day) and first < begins <= last:
            yield begins
        day += timedelta(days=1)


def _is_its_day(row: Row, day: date) -> bool:
    return bool(day.toordinal() % row["every"] == row.get("shift", 0))


def _content(row: Row, begins: datetime, source: str, at: datetime) -> Content:
    lasts = row.get("lasts")
    return Content(
        kind=row["kind"], about=row["about"], title=row["title"], text=row.get("text", {}),
        instruction=row.get("instruction", {}), severity=row.get("severity", "unknown"),
        certainty=row.get("certainty", "unknown"), services=tuple(row.get("services", ())),
        areas=tuple(row.get("areas", ())), streets=tuple(row.get("streets", ())),
        geometry=row.get("geometry"), radius=row.get("radius"), begins_at=begins,
        ends_at=begins + timedelta(hours=lasts) if lasts else None,
        source_name=source, source_at=min(begins, at),
    )  # fmt: skip


def _ask(row: Row, at: datetime) -> None:
    asked = Asked(
        question=row["question"], choices=row["choices"], detail=row.get("detail", {}),
        opens_at=at, closes_at=at + timedelta(days=row["days"]),
        takes_comments=row.get("takes_comments", False),
    )  # fmt: skip
    publish_consultation(
        asked, unit=row["unit"], is_invented=True, actor=officer(row["unit"]), at=at
    )


def _answer(one: Consultation, weights: list[float], dice: random.Random, at: datetime) -> None:
    choice = dice.choices([choice["code"] for choice in one.choices], weights)[0]
    answer_consultation(one, choice=choice, device=dice.randbytes(32), actor=opener(""), at=at)
