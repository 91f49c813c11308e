"""An advisory in words: what a clerk says to a caller."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from thudo.advisories.models import Advisory
from thudo.advisories.queries.near import live_rows
from thudo.advisories.rules import INCIDENT, RUNNING, UNTIL_TOLD
from thudo.base import phrases
from thudo.directory.queries import directory, say

_RANK = {"extreme": 0, "severe": 1, "moderate": 2, "minor": 3, "unknown": 4}


@dataclass(frozen=True, slots=True)
class Told:
    """An advisory with its state and the sentence to say."""

    advisory: Advisory
    state: str
    sentence: str


def running(at: datetime, *, kinds: Collection[str] = ()) -> list[Told]:
    """What runs now in the city: incidents first, then warnings, then the others; the gravest and
    those with the most voices first. One query."""
    rows = live_rows(at).filter(begins_at__lte=at)
    if kinds:
        rows = rows.filter(kind__in=list(kinds))
    return [told(row, at) for row in sorted(rows, key=_order)]


def told(row: Advisory, at: datetime) -> Told:
    """One advisory in words."""
    return Told(row, row.state(at), sentence(row, at))


def sentence(row: Advisory, at: datetime) -> str:
    """What to say on the telephone: what, where, since or from when, until when, what to do, and
    the hour of the source."""
    parts = [
        _("%(title)s, %(place)s.") % {"title": say(row.title).rstrip("."), "place": place_of(row)},
        _time(row, at),
        say(row.instruction),
        _("According to %(source)s at %(hour)s.")
        % {"source": row.source_name, "hour": phrases.instant(row.source_at, at)},
    ]
    return " ".join(part for part in parts if part)


def place_of(row: Advisory) -> str:
    """Streets, then wards, at most three of each: "Mill Lane; Ward 1"."""
    areas = directory().areas
    wards = [say(areas[code].full_name) for code in row.areas if code in areas]
    return "; ".join(part for part in (_few(list(row.streets)), _few(wards)) if part)


def _few(names: list[str]) -> str:
    if len(names) <= 3:
        return ", ".join(names)
    return _("%(names)s and %(count)s more") % {
        "names": ", ".join(names[:3]), "count": len(names) - 3
    }  # fmt: skip


def _time(row: Advisory, at: datetime) -> str:
    begins = phrases.instant(row.begins_at, at)
    if row.ends_at is None:
        words = _("Since %(begins)s; nobody can say yet until when.")
        return words % {"begins": begins} if row.begins_at <= at else ""
    words = _("From %(begins)s to %(ends)s, as expected.")
    if row.state(at) == RUNNING and row.ends_at <= at:
        words = _("Since %(begins)s; it was to end at %(ends)s, which nobody has confirmed yet.")
    return words % {"begins": begins, "ends": phrases.instant(row.ends_at, at)}


def _order(row: Advisory) -> tuple[bool, bool, int, int, datetime]:
    return (
        row.kind != INCIDENT, row.kind not in UNTIL_TOLD, _RANK.get(row.severity, 4),
        -row.voices, row.begins_at,
    )  # fmt: skip
