"""Advisories for pages, feeds and programs: of a place, of a day, of a unit."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from thudo.advisories.models import Advisory, Revision
from thudo.advisories.queries.near import live_rows
from thudo.advisories.queries.places import chain_of
from thudo.base.errors import NotFound

_LARGEST = 2**63 - 1


def one(pk: int) -> Advisory:
    """An advisory by its number; raises NotFound."""
    row = Advisory.objects.filter(pk=pk).first() if 0 < pk <= _LARGEST else None
    if row is None:
        raise NotFound(_("There is no advisory with this number."))
    return row


def revisions_of(row: Advisory) -> list[Revision]:
    """Its versions, the newest first."""
    return list(Revision.objects.filter(advisory=row).order_by("-version"))


def listed(
    *,
    at: datetime,
    area: str = "",
    about: str = "",
    service: str = "",
    day: tuple[datetime, datetime] | None = None,
    limit: int = 200,
) -> list[Advisory]:
    """Advisories in the order of their beginning.

    Without `day`: what runs or is planned. With one (its two midnights): what touched or will touch
    that day, withdrawn ones left out, ended ones in.
    """
    rows = live_rows(at, timedelta(days=366)) if day is None else _on(day, at)
    if area:
        rows = rows.filter(areas__overlap=sorted(chain_of(area)))
    if about:
        rows = rows.filter(about=about)
    if service:
        rows = rows.filter(services__contains=[service])
    return list(rows.order_by("begins_at", "id")[:limit])


def latest(*, area: str = "", limit: int = 50, at: datetime) -> list[Advisory]:
    """The last ones told or revised, whatever became of them: for feeds."""
    rows = Advisory.objects.filter(purpose="actual", published_at__lte=at)
    if area:
        rows = rows.filter(areas__overlap=sorted(chain_of(area)))
    return list(rows.order_by("-revised_at", "-id")[:limit])


def of_unit(units: Collection[str], at: datetime, *, limit: int = 100) -> list[Advisory]:
    """What these units announced: what still counts first, then the newest."""
    rows = list(Advisory.objects.filter(unit__in=list(units)).order_by("-revised_at")[:limit])
    return sorted(rows, key=lambda row: row.state(at) not in {"running", "planned"})


def by_external_id(unit: str, external_id: str) -> Advisory | None:
    """The advisory that another system calls so."""
    return Advisory.objects.filter(unit=unit, external_id=external_id).first()


def _on(day: tuple[datetime, datetime], at: datetime) -> QuerySet[Advisory]:
    begins, ends = day
    still = Q(ended_at=None) | Q(ended_at__gt=begins)
    return Advisory.objects.filter(
        still, begins_at__lt=ends, closes_at__gt=begins, withdrawn_at=None, published_at__lte=at,
        purpose="actual",
    )  # fmt: skip
