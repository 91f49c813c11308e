"""One row of a list: a case with its shape, its stops and its due instant in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case as Choice
from django.db.models import QuerySet, Value, When
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from thudo.base.phrases import city_zone, hour
from thudo.cases import lifecycle
from thudo.cases.models import Case
from thudo.cases.queries import with_due
from thudo.cases.rules import URGENT
from thudo.desks.rules import GROUPS, LATE, ON_OTHERS, TODAY, WAITING, edges, shape, stops
from thudo.directory.queries import area_name, directory, say, unit_name


@dataclass(frozen=True, slots=True)
class Row:
    """What a list shows of a case; `due` is short ("16:30", "16:30 23/02"), "" when none runs."""

    case: Case
    place: str
    service: str
    unit: str
    word: str
    shape: str
    group: str
    due: str
    due_at: datetime | None
    due_kind: str
    is_late: bool
    is_urgent: bool
    stations: list[dict[str, str]]


def grouped(cases: QuerySet[Any], at: datetime) -> QuerySet[Any]:
    """`cases` with `due_at`, `due_kind` and `rank`: the index in rules.GROUPS."""
    today, week = edges(at, city_zone())
    rank = Choice(
        When(state__in=ON_OTHERS, then=Value(GROUPS.index(WAITING))),
        When(due_at=None, then=Value(GROUPS.index(WAITING))),
        When(due_at__lte=at, then=Value(0)),
        When(due_at__lt=today, then=Value(1)),
        When(due_at__lt=week, then=Value(2)),
        default=Value(3),
    )
    found: QuerySet[Any] = with_due(cases).annotate(rank=rank)
    return found


def rows_of(cases: Iterable[Any], at: datetime) -> list[Row]:
    """Rows of cases that came through `grouped`."""
    return [row_of(case, at) for case in cases]


def row_of(case: Any, at: datetime) -> Row:
    """The row of one case that came through `grouped`."""
    group = GROUPS[case.rank]
    due_at: datetime | None = case.due_at
    kind: str = case.due_kind or ""
    is_late = case.is_open and group == LATE
    return Row(
        case=case,
        place=place_of(case),
        service=service_name(case.service),
        unit=unit_name(case.unit),
        word=_(lifecycle.STATES[case.state]),
        shape=shape(case.state, group, is_open=case.is_open),
        group=group,
        due=short(due_at, at) if due_at else "",
        due_at=due_at,
        due_kind=kind,
        is_late=is_late,
        is_urgent=case.urgency == URGENT,
        stations=stations(case.state, is_late=is_late),
    )


def short(instant: datetime, at: datetime) -> str:
    """'16:30' today, else '16:30 23/02', in the city's zone."""
    local, today = instant.astimezone(city_zone()), at.astimezone(city_zone())
    if local.date() == today.date():
        return hour(instant)
    day = pgettext("day and month, Django date format", "j M")
    return f"{hour(instant)} {date_format(local, day)}"


def stations(state: str, *, is_late: bool) -> list[dict[str, str]]:
    """The stops of the promise line with their words."""
    labels = {
        "filed": _("received"),
        "intake": _("taken in"),
        "work": _("handled"),
        "check": _("result checked"),
        "result": _("result published"),
    }
    return [{"label": labels[code], "state": mark} for code, mark in stops(state, is_late=is_late)]


def place_of(case: Case) -> str:
    """The place in words; the ward where nobody gave a place."""
    return case.place or area_name(case.area) or _("Place not given")


def service_name(code: str) -> str:
    """The name of a service; says so where none is named yet."""
    service = directory().services.get(code)
    return say(service.name) if service else _("Kind of matter not named yet")


def group_words(group: str, closing: str) -> str:
    """The head of a group; `closing`: the hour at which today's work ends, "" when none."""
    words = {
        LATE: _("Overdue"),
        TODAY: _("Before %(hour)s today") % {"hour": closing} if closing else _("Today"),
        "week": _("This week"),
        "later": _("Later"),
        WAITING: _("Waiting for others"),
    }
    return words[group]
