"""What every answer passes through: its security headers, and refusals turned into pages."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from thudo.base import refusal
from thudo.base.errors import Refused

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def security_headers(get_response: GetResponse) -> GetResponse:
    """A strict content policy without inline code, and headers that keep secret links secret."""
    headers = {
        "Content-Security-Policy": content_policy(settings.TILE_URL, settings.FRAMES),
        # A secret link lives in the address: it must never reach another site as a referrer.
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(self), payment=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    if not settings.FRAMES:
        # Where frames are allowed, the content policy alone says whose: this header knows no lists.
        headers["X-Frame-Options"] = settings.X_FRAME_OPTIONS

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response

    return middleware


def addresses(get_response: GetResponse) -> GetResponse:
    """No address holds a NUL: no text of PostgreSQL does, so nothing is kept under it."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path_info:
            raise Http404
        return get_response(request)

    return middleware


def embedding(get_response: GetResponse) -> GetResponse:
    """Remembers ?embed=1 (pages for a web view) until the app is closed, or ?embed=0 says stop."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        asked = request.GET.get("embed") if request.META.get("QUERY_STRING") else None
        if asked == "1":
            response.set_cookie(
                settings.EMBED_COOKIE, "1", samesite="Lax", httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
        elif asked == "0":
            response.delete_cookie(settings.EMBED_COOKIE)
        return response

    return middleware


def refusals(get_response: GetResponse) -> GetResponse:
    """Answers a Refused with its sentence, as a page or as problem+json."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return refusal.answer(request, exception)
        return None

    # Django turns a view's exception into an answer below this middleware; only this hook sees it.
    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def content_policy(tile_url: str, frames: str = "") -> str:
    """The Content-Security-Policy; the host of `tile_url` (may be empty) may send map tiles, the
    origins in `frames` (with spaces between them) may show our pages in a frame."""
    tiles = f" {_origin(tile_url)}" if tile_url else ""
    rules = {
        "default-src": "'self'",
        "img-src": f"'self' data: blob:{tiles}",
        # A recording is heard, a film measured, before it is sent.
        "media-src": "'self' blob:",
        "connect-src": f"'self'{tiles}",
        "worker-src": "'self' blob:",
        "style-src": "'self'",
        "script-src": "'self'",
        "object-src": "'none'",
        "frame-ancestors": frames or "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
