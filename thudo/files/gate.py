"""Whose drafts they are (a key in a cookie), and how a file is handed out once that is allowed."""

import secrets
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from thudo.base.errors import NotFound
from thudo.files.models import Attachment
from thudo.files.rules import DRAFT_COOKIE

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


def send(path: Path, row: Attachment) -> HttpResponse:
    """A file's bytes; public copies may be kept by caches, as their content never changes."""
    if not path.exists():
        raise NotFound(_("There is no such file."))
    media = row.media_type if path.suffix != ".webp" else "image/webp"
    response = FileResponse(path.open("rb"), content_type=media)
    keep = "public, max-age=86400" if row.is_public else "private, no-store"
    response["Cache-Control"] = keep
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = "sandbox"
    return response  # type: ignore[return-value]
