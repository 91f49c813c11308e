"""The photos of a petition and of its cases, as far as a reader may see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from thudo.cases.models import Case
from thudo.files.models import Attachment
from thudo.files.rules import shown_as
from thudo.petitions.models import Petition

# Of a petition's files, those that the sender attached himself.
OWN = ("matter", "supplement")


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture, film, recording or document (`kind`) with its words; `url` is a picture's small
    copy."""

    purpose: str
    subject: str
    url: str
    href: str
    alt: str
    at: datetime
    is_image: bool
    kind: str = "photo"
    place: str = ""


def photos_of(petition: Petition, cases: Iterable[Case], *, is_personal: bool) -> list[Photo]:
    """What this reader may see: the sender his own at once, anybody only what was published."""
    mine = Q(subject_kind="petition", subject_id=str(petition.pk))
    work = Q(subject_kind="case", subject_id__in=[str(case.pk) for case in cases], is_public=True)
    if not is_personal:
        mine &= Q(is_public=True)
    rows = Attachment.objects.filter(mine | work).order_by("uploaded_at", "position")
    return [_photo(row, petition.number) for row in rows]


def photo_of(petition: Petition, pk: UUID, *, is_personal: bool) -> Attachment | None:
    """One file of the petition itself, if this reader may see it."""
    row = Attachment.objects.filter(
        pk=pk, subject_kind="petition", subject_id=str(petition.pk)
    ).first()
    return row if row and (is_personal or row.is_public) else None


def _photo(row: Attachment, number: str) -> Photo:
    kind = shown_as(row.media_type)
    is_image = kind == "photo"
    href = f"/files/{row.pk}"
    if row.subject_kind == "petition":
        href = f"/petitions/{number}/files/{row.pk}"
    return Photo(
        purpose=row.purpose,
        subject=row.subject_id,
        url=f"{href}/small" if is_image else href,
        href=href,
        alt=_alt(kind, row.purpose),
        at=row.taken_at or row.uploaded_at,
        is_image=is_image,
        kind=kind,
    )


def _alt(kind: str, purpose: str) -> str:
    if kind in {"film", "sound"}:
        return (
            _("Film sent with the report")
            if kind == "film"
            else _("Recording sent with the report")
        )
    return {
        "matter": _("Photo sent with the report"),
        "supplement": _("Photo added by the sender"),
        "before": _("Photo from before the work"),
        "after": _("Photo from after the work"),
    }.get(purpose, _("Document"))
