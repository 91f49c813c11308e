"""An advisory as a page shows it: its state, its time and its place in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from thudo.advisories.models import Advisory
from thudo.advisories.queries.near import Near
from thudo.advisories.queries.told import place_of
from thudo.advisories.rules import (
    ABOUT,
    ELSEWHERE,
    ENDED,
    HERE,
    KINDS,
    NEAR,
    RUNNING,
    STATES,
    STREET,
    WITHDRAWN,
    shape,
)
from thudo.base import phrases
from thudo.directory.queries import unit_name


@dataclass(frozen=True, slots=True)
class Shown:
    """`kind`, `about`, `word` (of the state), `when`, `place`, `unit`, `how` in words; `how` is
    "" where no place was asked about."""

    row: Advisory
    state: str
    shape: str
    word: str
    kind: str
    about: str
    when: str
    place: str
    unit: str
    how: str

    @property
    def href(self) -> str:
        return f"/advisories/{self.row.pk}"


def shown(rows: Iterable[Advisory | Near], at: datetime) -> list[Shown]:
    """Advisories, or what near() found, in the same order."""
    return [_one(one, at) for one in rows]


def when(row: Advisory, at: datetime) -> str:
    """Its time in words, as it stands at an instant."""
    state = row.state(at)
    if state == WITHDRAWN:
        return _("taken back at %(at)s") % {"at": _instant(row.withdrawn_at, at)}
    if state == ENDED:
        return _over(row, at)
    if row.ends_at is None:
        return _("from %(begins)s, end not known yet") % {"begins": _instant(row.begins_at, at)}
    if state == RUNNING and row.ends_at <= at:
        words = _("expected to end at %(ends)s; not confirmed yet")
        return words % {"ends": _instant(row.ends_at, at)}
    return span(row.begins_at, row.ends_at, at)


def span(begins: datetime, ends: datetime, at: datetime) -> str:
    """'08:00–14:00 Thursday 26 Nov', or from an instant to another."""
    day = phrases.day(begins, at)
    if day == phrases.day(ends, at):
        return f"{phrases.hour(begins)}–{phrases.hour(ends)} {day}"
    return _("from %(begins)s to %(ends)s") % {
        "begins": phrases.instant(begins, at), "ends": phrases.instant(ends, at)
    }  # fmt: skip


def _one(one: Advisory | Near, at: datetime) -> Shown:
    row, how = (one.advisory, one.how) if isinstance(one, Near) else (one, "")
    state = row.state(at)
    return Shown(
        row=row, state=state, shape=shape(row.kind, state),
        word=_(STATES[state]), kind=_(KINDS[row.kind]), about=_(ABOUT[row.about]),
        when=when(row, at), place=place_of(row), unit=unit_name(row.unit),
        how=_how(how),
    )  # fmt: skip


def _over(row: Advisory, at: datetime) -> str:
    if row.ended_at is not None:
        return _("ended at %(at)s") % {"at": _instant(row.ended_at, at)}
    if row.ends_at is not None:
        words = _("its time was over at %(at)s; the unit has not confirmed the end")
        return words % {"at": _instant(row.ends_at, at)}
    return _("no news since %(at)s") % {"at": _instant(row.revised_at, at)}


def _instant(moment: datetime | None, at: datetime) -> str:
    return phrases.instant(moment, at) if moment else ""


def _how(how: str) -> str:
    return {
        HERE: _("at this place"),
        STREET: _("on this street"),
        NEAR: _("in this ward"),
        ELSEWHERE: _("in this ward, at another spot"),
    }.get(how, "")
