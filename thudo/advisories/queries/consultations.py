"""What wards ask their people, and what was answered."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from thudo.advisories.models import Consultation, Reply
from thudo.advisories.queries.places import chain_of
from thudo.base.errors import NotFound
from thudo.directory.queries import directory

_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice with its count; `text` in each language."""

    code: str
    text: dict[str, str]
    count: int


@dataclass(frozen=True, slots=True)
class Results:
    """How many devices answered, and what. Not a vote: a device is not a person."""

    total: int
    choices: list[Choice]


def consultation(pk: int) -> Consultation:
    """One by its number; raises NotFound."""
    row = Consultation.objects.filter(pk=pk).first() if 0 < pk <= _LARGEST else None
    if row is None:
        raise NotFound(_("There is no question with this number."))
    return row


def consultations_open(
    *, area: str = "", point: tuple[float, float] | None = None, at: datetime
) -> list[Consultation]:
    """What is open for answers now in a ward (by code or by a point; neither: in the whole city),
    the one that closes first before the others. One query."""
    if not area and point:
        found = directory().area_at(*point)
        if found is None:
            return []
        area = found.code
    rows = Consultation.objects.filter(opens_at__lte=at, closes_at__gt=at, withdrawn_at=None)
    if area:
        rows = rows.filter(areas__overlap=sorted(chain_of(area)))
    return list(rows.order_by("closes_at", "id"))


def consultations(*, area: str = "", at: datetime, limit: int = 100) -> list[Consultation]:
    """All that were ever opened and not withdrawn, the newest first."""
    rows = Consultation.objects.filter(withdrawn_at=None, published_at__lte=at)
    if area:
        rows = rows.filter(areas__overlap=sorted(chain_of(area)))
    return list(rows.order_by("-closes_at", "-id")[:limit])


def asked_by(units: Collection[str], *, limit: int = 100) -> list[Consultation]:
    """What these units asked, withdrawn ones too, the newest first."""
    rows = Consultation.objects.filter(unit__in=list(units))
    return list(rows.order_by("-published_at", "-id")[:limit])


def results_of(row: Consultation) -> Results:
    """The count of each choice, in the order asked."""
    counts: dict[str, int] = dict(
        Reply.objects.filter(consultation=row).values_list("choice").annotate(n=Count("pk"))
    )
    choices: list[dict[str, Any]] = row.choices
    told = [Choice(c["code"], c["text"], counts.get(c["code"], 0)) for c in choices]
    return Results(sum(one.count for one in told), told)


def reply_of(row: Consultation, device: bytes) -> str:
    """The choice that a device gave; "" for none."""
    found = Reply.objects.filter(consultation=row, device=device)
    return found.values_list("choice", flat=True).first() or ""


def comments_of(row: Consultation, *, limit: int = 500) -> list[tuple[str, str]]:
    """(choice, comment) for the asking unit alone, in no order that tells when."""
    rows = Reply.objects.filter(consultation=row).exclude(comment="").order_by("choice", "device")
    return list(rows.values_list("choice", "comment")[:limit])
