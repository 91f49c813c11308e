"""What is new at a place: petitions filed and answered there, as everybody may see them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from thudo.cases.lifecycle import STATES
from thudo.directory.queries import directory, say, unit_name
from thudo.notices.rules import topics
from thudo.notices.rules.marks import mark_of
from thudo.petitions.models import Petition
from thudo.petitions.queries.public import PublicView, public_views
from thudo.petitions.queries.reading import public_petitions
from thudo.petitions.rules import CELL_RESOLUTION

RECENT = timedelta(days=30)
SHOWN = 8
_PUBLISHED = ("answered", "resolved", "refused")


@dataclass(frozen=True, slots=True)
class Row:
    """A petition of a list. `is_new`: it came, or was answered, since the visit before."""

    number: str
    href: str
    place: str
    service: str
    mark: str
    word: str
    unit: str
    filed_at: datetime
    updated_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    is_late: bool
    is_new: bool


@dataclass(frozen=True, slots=True)
class PlacePetitions:
    """The newest of each; `newer` counts what came since the visit before."""

    filed: list[Row]
    answered: list[Row]

    @property
    def newer(self) -> int:
        return sum(row.is_new for row in (*self.filed, *self.answered))


def petitions_at(topic: str, *, since: datetime | None, at: datetime) -> PlacePetitions:
    """Open petitions and published results of a ward or a cell with its neighbours."""
    here = _here(topic)
    filed = here.filter(
        filed_at__gte=at - RECENT, links__case__closed_at=None, handling="case"
    ).order_by("-filed_at")
    answered = (
        here.filter(links__case__closed_at__gte=at - RECENT, links__case__state__in=_PUBLISHED)
        .annotate(ended_at=Max("links__case__closed_at"))
        .order_by("-ended_at")
    )
    return PlacePetitions(
        _rows(filed.distinct()[:SHOWN], since, at), _rows(answered[:SHOWN], since, at)
    )


def latest_at(topic: str, *, at: datetime, limit: int = 50) -> list[Row]:
    """The newest petitions of a place, whatever became of them, for its feed."""
    return _rows(_here(topic).order_by("-filed_at")[:limit], None, at)


def _here(topic: str) -> QuerySet[Petition]:
    name = topics.name_of(topic)
    if topics.kind_of(topic) == topics.AREA:
        return public_petitions().filter(area=name)
    # A home belongs to its ward only: nobody finds it by walking from cell to cell.
    cells = topics.fine_cells(name, CELL_RESOLUTION)
    return public_petitions().filter(cell__in=cells, is_home=False)


def _rows(petitions: QuerySet[Petition], since: datetime | None, at: datetime) -> list[Row]:
    return [_row(view, since, at) for view in public_views(petitions)]


def _row(view: PublicView, since: datetime | None, at: datetime) -> Row:
    service = directory().services.get(view.service)
    area = directory().areas.get(view.area)
    is_late = view.is_open and view.is_late(at) and view.state != "awaiting_supplement"
    latest = view.closed_at or view.filed_at
    return Row(
        number=view.number,
        href=f"/petitions/{view.number}",
        place=view.place or (say(area.full_name) if area else ""),
        service=say(service.name) if service else _("Kind of matter not yet named"),
        mark=mark_of(view.state, is_late=is_late),
        word=_(STATES[view.state]) if view.state in STATES else "",
        unit=unit_name(view.unit),
        filed_at=view.filed_at,
        updated_at=view.updated_at,
        due_at=view.promised_at if view.is_open else None,
        ended_at=view.closed_at,
        is_late=is_late,
        is_new=since is not None and latest > since,
    )
