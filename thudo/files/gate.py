"""Whose drafts they are (a key in a cookie), and how a file is handed out once that is allowed."""

import secrets
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from thudo.base.errors import NotFound
from thudo.files.models import Attachment
from thudo.files.rules import DRAFT_COOKIE, Unsatisfiable, byte_range

_WEEK = 7 * 86400


def draft_key(request: HttpRequest) -> str:
    """The key of this browser's drafts; "" when it has none yet."""
    return request.COOKIES.get(DRAFT_COOKIE, "")


def new_draft_key() -> str:
    """A key that nobody guesses."""
    return secrets.token_urlsafe(24)


def remember_draft(response: HttpResponse, key: str) -> None:
    """Keep the key of the drafts in the browser for a week, out of reach of scripts."""
    response.set_cookie(
        DRAFT_COOKIE, key, max_age=_WEEK, httponly=True, samesite="Lax", path="/",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def send(request: HttpRequest, path: Path, row: Attachment) -> HttpResponseBase:
    """A file's bytes, or the range that a player asks for; public copies may be kept by caches, as
    their content never changes."""
    if not path.exists():
        raise NotFound(_("There is no such file."))
    size, tag = path.stat().st_size, f'"{row.digest[:32]}"'
    try:
        response = _part(path, size, _range(request, tag, size))
    except Unsatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response["Content-Type"] = row.media_type if path.suffix != ".webp" else "image/webp"
    response["Accept-Ranges"], response["ETag"] = "bytes", tag
    response["Cache-Control"] = "public, max-age=86400" if row.is_public else "private, no-store"
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = "sandbox"
    return response


def _range(request: HttpRequest, tag: str, size: int) -> tuple[int, int] | None:
    """The bytes that are asked for; all of them when the asker knows another file."""
    if request.headers.get("If-Range", tag) != tag:
        return None
    return byte_range(request.headers.get("Range", ""), size)


def _part(path: Path, size: int, part: tuple[int, int] | None) -> HttpResponseBase:
    if part is None:
        return FileResponse(path.open("rb"))
    first, last = part
    response = StreamingHttpResponse(_blocks(path, first, last - first + 1), status=206)
    response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Content-Length"] = str(last - first + 1)
    return response


def _blocks(path: Path, first: int, count: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        while count and (block := file.read(min(count, 64 * 1024))):
            yield block
            count -= len(block)
