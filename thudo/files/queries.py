"""Readers: where a file lies, and which files belong to a subject."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from thudo.files.models import Attachment
from thudo.files.rules import IMAGES, is_uuid


def original_path(digest: str) -> Path:
    """The private original as it arrived."""
    return _folder("originals", digest) / digest


def public_path(digest: str) -> Path:
    """The public copy: pixels only, longest side 1,600."""
    return _folder("public", digest) / f"{digest}.webp"


def small_path(digest: str) -> Path:
    """The small public copy for lists: longest side 480."""
    return _folder("public", digest) / f"{digest}.small.webp"


def copy_path(row: Attachment, size: str = "large") -> Path:
    """What may be handed out: a picture's redrawn copy ("large" or "small"), else the document."""
    if row.media_type not in IMAGES:
        return original_path(row.digest)
    return small_path(row.digest) if size == "small" else public_path(row.digest)


def drafts_of(key: str, ids: Iterable[str]) -> list[Attachment]:
    """Drafts of this browser among `ids`, in that order; what is not its own is left out."""
    wanted = [text for text in dict.fromkeys(ids) if is_uuid(text)]
    rows = Attachment.objects.filter(pk__in=wanted, draft_key=key, subject_kind="")
    found = {str(row.pk): row for row in rows}
    return [found[text] for text in wanted if text in found] if key else []


def files_of(kind: str, subject: str) -> list[Attachment]:
    """The files of a subject, in the order given."""
    return list(
        Attachment.objects.filter(subject_kind=kind, subject_id=subject).order_by(
            "uploaded_at", "position"
        )
    )


def _folder(kind: str, digest: str) -> Path:
    return Path(settings.FILES_DIR) / kind / digest[:2]
