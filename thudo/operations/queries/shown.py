"""Rows in the words of the reader: what templates, feeds and the map's labels say of a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from thudo.cases.lifecycle import CLOSED, STATES
from thudo.directory.queries import area_name, directory, say, unit_name
from thudo.operations.queries.listing import Row
from thudo.operations.rules import stops_of


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of a list, in the names that components/_row.html reads."""

    row: Row
    href: str
    title: str
    place: str
    kind: str
    state: str
    word: str
    stations: list[dict[str, Any]]
    due: datetime | None
    late: bool
    ended: datetime | None
    area: str
    unit: str
    service: str
    icon: str
    verdict: str


def shown(rows: Sequence[Row]) -> list[Shown]:
    """The rows in the reader's language."""
    return [one(row) for row in rows]


def one(row: Row) -> Shown:
    """One row in the reader's language; a home tells its ward and nothing nearer."""
    service, area = service_name(row.service), area_name(row.area)
    place = row.place or area or _("Place not yet known")
    is_open = row.state not in CLOSED
    return Shown(
        row=row,
        href=f"/petitions/{row.number}",
        title=row.title,
        place=place,
        kind=" · ".join(part for part in (service, place, area if row.place else "") if part),
        state=row.shape,
        word=state_words(row),
        stations=stations(row),
        due=row.promised_at if is_open else None,
        late=row.is_late,
        ended=None if is_open else row.closed_at,
        area=area,
        unit=unit_name(row.unit),
        service=service,
        icon=icon_of(row.service),
        verdict=verdict_words(row.verdict),
    )


def state_words(row: Row) -> str:
    """The state in plain words; a broken promise comes first."""
    state = _(STATES[row.state])
    return _("Late: %(state)s") % {"state": state[:1].lower() + state[1:]} if row.is_late else state


def stations(row: Row) -> list[dict[str, Any]]:
    """The promise line of a row: received, taken in, handled, checked, result."""
    labels = iter((_("received"), _("taken in"), _("being handled"), _("checked"), _("result")))
    found = []
    for stop in stops_of(row.state, late=row.is_late):
        label = _("the promised instant is over") if stop == "late" else next(labels)
        found.append({"state": stop, "label": label})
    return found


def service_name(code: str) -> str:
    """A kind of matter; one that nobody has named yet says so."""
    service = directory().services.get(code)
    return say(service.name) if service else _("Kind of matter not yet named")


def icon_of(service: str) -> str:
    """The icon of a service's group."""
    row = directory().services.get(service)
    group = directory().groups.get(row.group or "") if row else None
    return group.icon if group else "message-square"


def verdict_words(value: str) -> str:
    """The petitioner's verdict in words; "" while there is none."""
    words = {
        "satisfied": pgettext("verdict", "Satisfied"),
        "acceptable": pgettext("verdict", "Acceptable"),
        "not_satisfied": pgettext("verdict", "Not satisfied"),
    }
    return words.get(value, "")


def label_of(row: Row) -> str:
    """One line that names a case to a screen reader: kind, place, state."""
    told = one(row)
    return f"{told.service}, {told.place}: {told.word}"
