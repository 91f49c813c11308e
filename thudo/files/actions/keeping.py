"""Keeping a file: whole or not at all, once for each content, under the hash of its bytes."""

import hashlib
import os
from datetime import datetime
from pathlib import Path
from typing import IO

from django.db import connection, transaction
from django.utils.translation import gettext as _

from thudo.base.errors import Invalid
from thudo.base.identifiers import new_id
from thudo.files.actions.drawing import complete, draw
from thudo.files.actions.refusing import invalid, kind_of, need_room, need_within
from thudo.files.models import Attachment
from thudo.files.queries import limits, original_path, part_path, public_path, small_path
from thudo.files.rules import FILMS, HEAD, IMAGES, NEVER_PUBLIC, CameraFacts, Torn, film_facts

BLOCK = 64 * 1024


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
    for one that says nothing itself. Raises Invalid for a kind that is not taken or a broken file.
    """
    part = part_path(new_id())
    try:
        _spool(upload, part)
        row = Attachment(
            id=new_id(), draft_key=draft_key, purpose=purpose, uploaded_at=at, uploaded_by=actor
        )
        return keep_part(row, part, facts)
    finally:
        part.unlink(missing_ok=True)


@transaction.atomic
def keep_part(row: Attachment, part: Path, facts: CameraFacts | None) -> Attachment:
    """Keep a whole file that lies at `part`, which the caller removes; see keep_upload()."""
    with part.open("rb") as file:
        row.bytes = os.fstat(file.fileno()).st_size
        row.media_type = kind_of(file.read(HEAD), row.bytes)
        if row.media_type in NEVER_PUBLIC:
            _watch(row, file)
        file.seek(0)
        row.digest = hashlib.file_digest(file, "sha256").hexdigest()
    hold(row.digest)
    _place(part, original_path(row.digest))
    if row.media_type in IMAGES:
        _draw_or_forget(row)
    if facts:
        complete(row, facts)
    row.save(force_insert=True)
    return row


def hold(digest: str) -> None:
    """Until the transaction ends nobody else keeps or forgets this content: what is swept as
    nobody's must not be what another is just being told is kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"file {digest}"])


def forget(digest: str) -> None:
    """Remove a content that no row names; the caller holds it."""
    if not Attachment.objects.filter(digest=digest).exists():
        for path in (original_path(digest), public_path(digest), small_path(digest)):
            path.unlink(missing_ok=True)


def _spool(upload: IO[bytes], part: Path) -> None:
    """Onto the disk, block by block; Invalid as soon as it is too much or no kind that is taken."""
    need_room()
    block, size = upload.read(BLOCK), 0
    head = block[:HEAD]
    with part.open("xb") as out:
        while True:
            size += len(block)
            kind_of(head, size)
            out.write(block)
            if not (block := upload.read(BLOCK)):
                break
        out.flush()
        os.fsync(out.fileno())


def _watch(row: Attachment, file: IO[bytes]) -> None:
    """A film's or recording's true kind and length, within the city's limits."""
    try:
        found = film_facts(file, row.media_type)
    except Torn as torn:
        raise invalid(
            _("This film or recording cannot be read. Please choose another one.")
        ) from torn
    row.media_type, row.seconds = found.media_type, round(found.seconds, 2)
    most = limits()
    seconds = most.film_seconds if row.media_type in FILMS else most.sound_seconds
    # A recorder that was told to stop after so many seconds stops a little later.
    if found.seconds > seconds + 2:
        raise invalid(_("This is longer than %(seconds)s seconds.") % {"seconds": seconds})
    need_within(row.media_type, row.bytes)


def _place(part: Path, path: Path) -> None:
    """Name the bytes by their content; the part stays until the row is there, so that a server
    that is killed in between has lost nothing."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    os.link(part, path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    entry = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(entry)
    finally:
        os.close(entry)


def _draw_or_forget(row: Attachment) -> None:
    """What is refused leaves no bytes behind: else anybody could fill the disk with nonsense."""
    try:
        draw(row, original_path(row.digest))
    except Invalid:
        forget(row.digest)
        raise
