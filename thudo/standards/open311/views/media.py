"""Photos that come with a request: uploaded beside it, or lying at an address of the client's."""

import hashlib
import io
import logging
import time
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from thudo.accounts.rules import Actor
from thudo.base.errors import Invalid
from thudo.base.fetching import Unreachable, fetch
from thudo.files.actions import keep_upload
from thudo.files.rules import IMAGES, media_type
from thudo.standards.open311.mapping.filing import Media
from thudo.standards.open311.views.door import OpenRequest

MOST_URLS, MOST_FILES = 3, 10
# For all addresses of one request together: a person waits for the answer.
_SECONDS = 9.0
_PIECE = 64 * 1024
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sent:
    """What came with a request; `digests` name it (SHA-256 of an address or of a file's bytes)."""

    urls: tuple[str, ...]
    uploads: "tuple[UploadedFile[Any], ...]"
    digests: tuple[str, ...]


def sent(request: OpenRequest) -> Sent:
    """media_url, given once or several times, and files of any name in a multipart body."""
    urls = tuple(dict.fromkeys(request.given.each("media_url", "media_url[]")))[:MOST_URLS]
    files = [one for _name, some in request.FILES.lists() for one in some][:MOST_FILES]
    names = [hashlib.sha256(url.encode()).hexdigest() for url in urls]
    return Sent(urls, tuple(files), (*names, *map(_digest, files)))


def keep(sent: Sent, *, actor: Actor, at: datetime) -> Media:
    """Keep what can be had as drafts of this key; a sentence for each that cannot."""
    ids, sentences, until = [], [], time.monotonic() + _SECONDS
    for source in (*sent.urls, *sent.uploads):
        try:
            content = _fetched(source, until) if isinstance(source, str) else source
            row = keep_upload(content, draft_key=actor.key, actor=actor.key, at=at)  # type: ignore[arg-type]
            ids.append(str(row.pk))
        except Invalid as refused:
            sentences.append(str(refused.sentence))
    return Media(tuple(ids), tuple(sentences))


def _fetched(url: str, until: float) -> IO[bytes]:
    try:
        content = fetch(url, limit=settings.MAX_UPLOAD_BYTES, seconds=until - time.monotonic())
    except Unreachable as why:
        _log.info("media_url at %s was not fetched: %s", _host(url), why)
        sentence = _("The photo at %(host)s could not be fetched; all else was taken.")
        raise Invalid(sentence % {"host": _host(url)}) from why
    if media_type(content[:16]) not in IMAGES:
        raise Invalid(
            _("What lies at %(host)s is not a photo; all else was taken.") % {"host": _host(url)}
        )
    return io.BytesIO(content)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "?")[:100]
    except ValueError:
        return "?"


def _digest(upload: "UploadedFile[Any]") -> str:
    digest = hashlib.sha256()
    for piece in upload.chunks(_PIECE):
        digest.update(piece)
    upload.seek(0)
    return digest.hexdigest()
