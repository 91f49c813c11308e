"""Readers: where a file lies, what is taken, and which files belong to a subject."""

from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Sum

from thudo.files.models import Attachment, Upload
from thudo.files.rules import IMAGES, Limits, is_uuid, limits_of


def limits() -> Limits:
    """How much of each kind the city takes (its pack's [files])."""
    return limits_of(settings.CITY.get("files", {}), still_bytes=settings.MAX_UPLOAD_BYTES)


def original_path(digest: str) -> Path:
    """The private original as it arrived."""
    return _folder("originals", digest) / digest


def public_path(digest: str) -> Path:
    """The public copy: pixels only, longest side 1,600."""
    return _folder("public", digest) / f"{digest}.webp"


def small_path(digest: str) -> Path:
    """The small public copy for lists: longest side 480."""
    return _folder("public", digest) / f"{digest}.small.webp"


def part_path(pk: UUID | str) -> Path:
    """What has arrived so far of an upload."""
    return parts_folder() / f"{pk}.part"


def parts_folder() -> Path:
    """Where files lie until they are whole."""
    return Path(settings.FILES_DIR) / "uploads"


def copy_path(row: Attachment, size: str = "large") -> Path:
    """What may be handed out: a picture's redrawn copy ("large" or "small"), else the original."""
    if row.media_type not in IMAGES:
        return original_path(row.digest)
    return small_path(row.digest) if size == "small" else public_path(row.digest)


def drafts_of(key: str, ids: Iterable[str]) -> list[Attachment]:
    """Drafts of this browser among `ids`, in that order; what is not its own is left out."""
    wanted = [text for text in dict.fromkeys(ids) if is_uuid(text)]
    rows = Attachment.objects.filter(pk__in=wanted, draft_key=key, subject_kind="")
    found = {str(row.pk): row for row in rows}
    return [found[text] for text in wanted if text in found] if key else []


def files_from(key: str, ids: Iterable[str]) -> list[Attachment]:
    """What this browser sent among `ids`, in that order, also what has its subject by now: a
    request that is repeated must name the same files."""
    wanted = [text for text in dict.fromkeys(ids) if is_uuid(text)]
    rows = Attachment.objects.filter(pk__in=wanted, draft_key=key)
    found = {str(row.pk): row for row in rows}
    return [found[text] for text in wanted if text in found] if key else []


def upload_of(key: str, pk: UUID) -> Upload | None:
    """An upload of this browser."""
    return Upload.objects.filter(pk=pk, draft_key=key).first() if key else None


def unsent(key: str) -> tuple[int, int]:
    """How many files wait in this browser's drafts, on the way or whole, and their bytes."""
    ways = Upload.objects.filter(draft_key=key, is_finished=False)
    kept = Attachment.objects.filter(draft_key=key, subject_kind="")
    coming = ways.aggregate(n=Count("pk"), size=Sum("length", default=0))
    there = kept.aggregate(n=Count("pk"), size=Sum("bytes", default=0))
    return coming["n"] + there["n"], coming["size"] + there["size"]


def files_of(kind: str, subject: str) -> list[Attachment]:
    """The files of a subject, in the order given."""
    return list(
        Attachment.objects.filter(subject_kind=kind, subject_id=subject).order_by(
            "uploaded_at", "position"
        )
    )


def _folder(kind: str, digest: str) -> Path:
    return Path(settings.FILES_DIR) / kind / digest[:2]
