"""Deeds about files: a draft is kept at once, a public copy made, a subject given."""

import hashlib
import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import IO
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from thudo.base.errors import Invalid
from thudo.base.identifiers import new_id
from thudo.files.models import Attachment
from thudo.files.queries import original_path, public_path, small_path
from thudo.files.rules import (
    IMAGES,
    MAX_PIXELS,
    PUBLIC_SIDE,
    SMALL_SIDE,
    CameraFacts,
    is_uuid,
    media_type,
)

_ONE_AT_A_TIME = Lock()


@transaction.atomic
def keep_upload(
    upload: IO[bytes],
    *,
    draft_key: str,
    purpose: str = "matter",
    facts: CameraFacts | None = None,
    actor: str,
    at: datetime,
) -> Attachment:
    """Keep an upload as a draft of one browser: the private original and its public copies.

    The public copies are drawn anew from the pixels, so nothing of the EXIF (place, device,
    owner) can be left in them. `facts`: what the browser read from a photo before it scaled it,
    for one that says nothing itself. Raises Invalid for a kind that is not taken or a broken picture.
    """
    content = _read(upload)
    media = media_type(content[:16])
    if media is None:
        raise _invalid(_("Only photos (JPEG, PNG, WebP) and PDF documents can be attached."))
    digest = hashlib.sha256(content).hexdigest()
    row = Attachment(
        id=new_id(), draft_key=draft_key, purpose=purpose, media_type=media, bytes=len(content),
        digest=digest, uploaded_at=at, uploaded_by=actor,
    )  # fmt: skip
    _write(original_path(digest), content)
    if media in IMAGES:
        _draw_or_forget(row, original_path(digest))
    if facts:
        _complete(row, facts)
    row.save(force_insert=True)
    return row


def bind_files(
    ids: Sequence[str], *, draft_key: str, kind: str, subject: str, public: bool, purpose: str = ""
) -> list[Attachment]:
    """Give drafts of this browser to a subject, in order; unknown ids are left out.

    Called inside the deed that creates or moves the subject.
    """
    wanted = list(dict.fromkeys(str(i) for i in ids if is_uuid(str(i))))
    rows = Attachment.objects.select_for_update().filter(
        pk__in=wanted, draft_key=draft_key, subject_kind=""
    )
    found = {str(row.pk): row for row in rows}
    bound = [found[i] for i in wanted if i in found]
    for position, row in enumerate(bound):
        row.subject_kind, row.subject_id, row.position = kind, subject, position
        row.is_public = public
        row.purpose = purpose or row.purpose
        row.save()
    return bound


@transaction.atomic
def publish_files(kind: str, subject: str, *, purposes: Sequence[str]) -> None:
    """Let the public copies of a subject's files be seen: called when a result is published."""
    Attachment.objects.filter(
        subject_kind=kind, subject_id=subject, purpose__in=list(purposes)
    ).update(is_public=True)


@transaction.atomic
def conceal_files(kind: str, subject: str) -> None:
    """Nobody but those who may read the subject sees its files any more."""
    Attachment.objects.filter(subject_kind=kind, subject_id=subject).update(is_public=False)


@transaction.atomic
def drop_draft(pk: UUID, *, draft_key: str) -> None:
    """Forget a draft that its own browser removed."""
    Attachment.objects.filter(pk=pk, draft_key=draft_key, subject_kind="").delete()


@transaction.atomic
def sweep_drafts(*, at: datetime, days: int = 7) -> int:
    """Forget drafts that nobody sent within `days`, and files that no row names any more."""
    old = Attachment.objects.filter(subject_kind="", uploaded_at__lt=at - timedelta(days=days))
    digests = set(old.values_list("digest", flat=True))
    gone, _kinds = old.delete()
    kept = set(Attachment.objects.filter(digest__in=digests).values_list("digest", flat=True))
    for digest in digests - kept:
        for path in (original_path(digest), public_path(digest), small_path(digest)):
            path.unlink(missing_ok=True)
    return gone


def _read(upload: IO[bytes]) -> bytes:
    content = upload.read(settings.MAX_UPLOAD_BYTES + 1)
    if len(content) > settings.MAX_UPLOAD_BYTES:
        size = settings.MAX_UPLOAD_BYTES // (1024 * 1024)
        raise _invalid(_("This file is larger than %(size)s MB.") % {"size": size})
    if not content:
        raise _invalid(_("This file is empty."))
    return content


def _write(path: Path, content: bytes) -> None:
    """Write whole or not at all, and to disk before the row is: an acknowledged file is there."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{new_id()}.part")
    with part.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)


def _draw_or_forget(row: Attachment, path: Path) -> None:
    """What is refused leaves no bytes behind: else anybody could fill the disk with nonsense."""
    try:
        _draw(row, path)
    except Invalid:
        if not Attachment.objects.filter(digest=row.digest).exists():
            path.unlink(missing_ok=True)
        raise


def _draw(row: Attachment, path: Path) -> None:
    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise _invalid(_("This picture has too many pixels."))
            _remember_exif(row, picture)
            row.width, row.height = _upright_size(picture)
            if not _is_drawn(row.digest):
                _draw_copies(row.digest, picture)
    except Image.DecompressionBombError as bomb:
        raise _invalid(_("This picture has too many pixels.")) from bomb
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as broken:
        raise _invalid(_("This picture cannot be read. Please choose another one.")) from broken


def _is_drawn(digest: str) -> bool:
    """The same bytes came before: their public copies are there."""
    return public_path(digest).exists() and small_path(digest).exists()


def _upright_size(picture: Image.Image) -> tuple[int, int]:
    lies = picture.getexif().get(ExifTags.Base.Orientation, 1) >= 5
    width, height = picture.size
    return (height, width) if lies else (width, height)


def _draw_copies(digest: str, picture: Image.Image) -> None:
    # Sixty megapixels are 240 MB as pixels: one picture at a time in a process, a JPEG (which
    # phones send) read at the size wanted, and the small copy made from the large one.
    with _ONE_AT_A_TIME:
        picture.draft("RGB", (PUBLIC_SIDE, PUBLIC_SIDE))
        picture.thumbnail((PUBLIC_SIDE, PUBLIC_SIDE))
        copy = ImageOps.exif_transpose(picture).convert("RGB")
        _save(copy, public_path(digest))
        copy.thumbnail((SMALL_SIDE, SMALL_SIDE))
        _save(copy, small_path(digest))


def _save(picture: Image.Image, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{new_id()}.part")
    picture.save(part, "WEBP", quality=80)
    part.replace(path)


def _remember_exif(row: Attachment, picture: Image.Image) -> None:
    exif = picture.getexif()
    row.taken_at = _taken_at(exif)
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    row.latitude = _degrees(gps.get(2), gps.get(1) == "S")
    row.longitude = _degrees(gps.get(4), gps.get(3) == "W")


def _complete(row: Attachment, facts: CameraFacts) -> None:
    row.taken_at = row.taken_at or facts.taken_at
    if row.longitude is None or row.latitude is None:
        row.longitude, row.latitude = facts.longitude, facts.latitude


def _taken_at(exif: Image.Exif) -> datetime | None:
    text = exif.get_ifd(ExifTags.IFD.Exif).get(36867) or exif.get(306)
    try:
        # A camera's clock shows the city's time and names no zone.
        zone = ZoneInfo(settings.TIME_ZONE)
        return datetime.strptime(str(text), "%Y:%m:%d %H:%M:%S").replace(tzinfo=zone)
    except ValueError:
        return None


def _degrees(parts: object, negative: bool) -> float | None:  # noqa: FBT001
    if not isinstance(parts, tuple) or len(parts) != 3:
        return None
    try:
        value = float(parts[0]) + float(parts[1]) / 60 + float(parts[2]) / 3600
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return -value if negative else value


def _invalid(sentence: str) -> Invalid:
    return Invalid(sentence, {"file": sentence})
