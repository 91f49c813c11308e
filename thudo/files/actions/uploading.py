"""Uploads that can be broken off and go on (tus): announced, filled piece by piece, kept.

The part's size on the disk is the offset. It is on the disk before it is acknowledged, so a killed
server has lost nothing that a client counts on, and needs no repair when it comes back.
"""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from functools import partial
from io import FileIO
from pathlib import Path
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thudo.base.errors import Invalid
from thudo.base.identifiers import new_id
from thudo.files.actions.drafts import DRAFT_DAYS
from thudo.files.actions.keeping import BLOCK, keep_part
from thudo.files.actions.refusing import (
    AlreadyThere,
    ChecksumMismatch,
    Gone,
    TooLarge,
    WrongOffset,
    invalid,
    kind_of,
    need_room,
)
from thudo.files.models import Attachment, Upload
from thudo.files.queries import limits, part_path, unsent
from thudo.files.rules import HEAD, MOST_DRAFT_BYTES, MOST_DRAFTS, CameraFacts

# Reads at most so many bytes of a piece; b"" at its end. An OSError is a network that broke.
Read = Callable[[int], bytes]


@transaction.atomic
def create_upload(
    pk: UUID, length: int, metadata: str, *, draft_key: str, actor: str, at: datetime
) -> Upload:
    """Announce a file of `length` bytes; `pk` becomes the id of its attachment."""
    _need_length(length, draft_key)
    if Attachment.objects.filter(pk=pk).exists():
        raise AlreadyThere(_("This file has already been sent."))
    upload = Upload(
        id=pk, draft_key=draft_key, length=length, metadata=metadata, created_at=at,
        created_by=actor, expires_at=at + timedelta(days=DRAFT_DAYS),
    )  # fmt: skip
    try:
        with transaction.atomic():
            upload.save(force_insert=True)
    except IntegrityError as twice:
        raise AlreadyThere(_("This file is already on its way.")) from twice
    part_path(pk).touch()
    return upload


def offset_of(upload: Upload, at: datetime) -> int:
    """How many bytes have arrived; Gone when it has expired or its bytes are lost."""
    if upload.is_finished:
        return upload.length
    if upload.expires_at < at:
        raise _gone()
    try:
        return part_path(upload.pk).stat().st_size
    except FileNotFoundError as lost:
        raise _gone() from lost


def append_piece(
    upload: Upload, read: Read, size: int, *, offset: int, checksum: tuple[str, bytes] | None = None
) -> int:
    """Append what `read` gives, at most `size` bytes, from `offset`; the new offset.

    What arrived before a network broke is kept. Nobody holds the part while waiting for the
    network: each block is written under a lock and only where the part ends, so of two clients
    (one of them cut off without knowing it) the later one goes on and the other is told 409.
    A piece with a checksum is kept whole or not at all.
    """
    if offset + size > upload.length:
        raise TooLarge(_("This is more than was announced."))
    need_room()
    path = part_path(upload.pk)
    with _open(path) as part:
        _need_end(part, offset)
        source = partial(_until_it_breaks, read)
        with _verified(source, checksum) if checksum else nullcontext(source) as piece:
            end = _fill(part, piece, offset, offset + size)
        os.fsync(part.fileno())
    _need_kind(upload, path, offset, end)
    return end


def finish_upload(upload: Upload, facts: CameraFacts, purpose: str, *, at: datetime) -> None:
    """Keep a whole file as a draft, once however often it is asked for. What is not taken goes."""
    try:
        _finish(upload, facts, purpose, at)
    except Invalid:
        drop_upload(upload)
        raise
    part_path(upload.pk).unlink(missing_ok=True)


@transaction.atomic
def drop_upload(upload: Upload) -> None:
    """Forget an upload and what has arrived of it; a finished one stays as the draft it became."""
    Upload.objects.filter(pk=upload.pk).delete()
    part_path(upload.pk).unlink(missing_ok=True)


@transaction.atomic
def _finish(upload: Upload, facts: CameraFacts, purpose: str, at: datetime) -> None:
    held = Upload.objects.select_for_update().filter(pk=upload.pk).first()
    if held is None:
        raise _gone()
    if not held.is_finished:
        row = Attachment(
            id=held.pk, draft_key=held.draft_key, purpose=purpose, uploaded_at=at,
            uploaded_by=held.created_by,
        )  # fmt: skip
        try:
            keep_part(row, part_path(held.pk), facts)
        except FileNotFoundError as lost:
            raise _gone() from lost
        Upload.objects.filter(pk=held.pk).update(is_finished=True)
    upload.is_finished = True


def _gone() -> Gone:
    return Gone(_("This upload has expired. Please send the file again."))


def _need_length(length: int, draft_key: str) -> None:
    if not length:
        raise invalid(_("This file is empty."))
    most = limits().most_bytes
    if length > most:
        size = most // (1024 * 1024)
        raise TooLarge(_("This file is larger than %(size)s MB.") % {"size": size})
    count, bytes_ = unsent(draft_key)
    if count >= MOST_DRAFTS or bytes_ + length > MOST_DRAFT_BYTES:
        raise TooLarge(_("Too many files wait here unsent. Remove some, or send the report first."))
    need_room()


def _open(path: Path) -> FileIO:
    try:
        return path.open("r+b", buffering=0)
    except FileNotFoundError as lost:
        raise _gone() from lost


@contextmanager
def _alone(part: FileIO) -> Iterator[None]:
    """Nobody else writes."""
    fcntl.flock(part, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(part, fcntl.LOCK_UN)


def _need_end(part: FileIO, offset: int) -> None:
    if part.seek(0, os.SEEK_END) != offset:
        raise WrongOffset(_("The file goes on at another place."))


def _fill(part: FileIO, read: Read, at: int, end: int) -> int:
    while at < end and (block := read(min(BLOCK, end - at))):
        with _alone(part):
            _need_end(part, at)
            _write(part, block)
        at += len(block)
    return at


def _write(part: FileIO, block: bytes) -> None:
    left = memoryview(block)
    while left:
        left = left[part.write(left) or 0 :]


def _until_it_breaks(read: Read, count: int) -> bytes:
    try:
        return read(count)
    except OSError:
        return b""


@contextmanager
def _verified(read: Read, checksum: tuple[str, bytes]) -> Iterator[Read]:
    """The piece from a file of its own, once its checksum is right."""
    path = part_path(new_id())
    try:
        with path.open("x+b") as whole:
            digest = hashlib.new(checksum[0], usedforsecurity=False)
            for block in iter(partial(read, BLOCK), b""):
                digest.update(block)
                whole.write(block)
            if digest.digest() != checksum[1]:
                raise ChecksumMismatch(_("This piece arrived damaged. Please send it again."))
            whole.seek(0)
            yield whole.read
    finally:
        path.unlink(missing_ok=True)


def _need_kind(upload: Upload, path: Path, before: int, after: int) -> None:
    """As soon as the beginning is there: what is not taken need not travel to its end."""
    if after <= before or not (before < HEAD <= after or after == upload.length):
        return
    with path.open("rb") as part:
        head = part.read(HEAD)
    try:
        kind_of(head, upload.length)
    except Invalid:
        drop_upload(upload)
        raise
