"""Whose drafts they are: a key that one browser holds in a cookie."""

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse

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
