"""The door people know: its app opens our pages in its web view, and vouches for who comes."""

import logging
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from thudo.accounts.gate import Request, gate
from thudo.base.clock import now
from thudo.base.errors import NotFound
from thudo.channels.queries.settings import provider
from thudo.channels.queries.waiting import number_known_as
from thudo.channels.rules import APP
from thudo.channels.rules.person import person_of
from thudo.connectors import openid
from thudo.connectors.failures import Failed
from thudo.petitions.gate import forget_known, remember_known

_ATTEMPT = "app_sign_in"
_log = logging.getLogger(__name__)


@never_cache
@gate("page.public")
@require_safe
def opened(request: Request) -> HttpResponse:
    """GET /app?to=/petitions/new: the app's link into our pages. They come without a second header;
    who is signed in at the app is known here without being asked."""
    to = _inside(request.GET.get("to", "/"))
    client = provider()
    if client is None:
        return _embedded(redirect(to))
    return _embedded(_sent(request, client, to, is_silent=True))


@never_cache
@gate("page.public")
@require_safe
def sign_in(request: Request) -> HttpResponse:
    """GET /app/sign-in?to=: somebody on our own page lets the app vouch for him."""
    client = provider()
    if client is None:
        raise NotFound(_("This door is closed."))
    return _sent(request, client, _inside(request.GET.get("to", "/")), is_silent=False)


@never_cache
@gate("page.public")
@require_safe
def callback(request: Request) -> HttpResponse:
    """GET /app/callback?code=&state=: back from the app's sign-in; without one, on all the same."""
    client, kept = provider(), request.session.pop(_ATTEMPT, None)
    if client is None or not kept or request.GET.get("state") != kept["state"]:
        return redirect("/")
    to = kept.pop("to")
    if code := request.GET.get("code", ""):
        _remember(request, client, openid.Attempt(**kept), code)
    return redirect(to)


@gate("page.public")
@require_POST
def sign_out(request: Request) -> HttpResponse:
    """POST /app/sign-outs: on this browser nobody is vouched for any more."""
    forget_known(request)
    return redirect(_inside(request.POST.get("to", "/")))


@never_cache
@gate("page.public")
@require_safe
def petition(_request: Request, code: str) -> HttpResponse:
    """GET /app/petitions/<code>: a petition by the code that the app knows it under."""
    number = number_known_as(APP, code)
    if not number:
        raise NotFound(_("There is no report with this code."))
    return redirect("petition", number=number)


def _sent(request: Request, client: openid.Provider, to: str, *, is_silent: bool) -> HttpResponse:
    attempt = openid.new_attempt()
    try:
        there = openid.address(client, attempt, back=_back(), is_silent=is_silent)
    except Failed as why:
        # The app's sign-in is down: nobody is kept from filing by that.
        _log.warning("the sign-in of the app: %s", why)
        return redirect(to)
    request.session[_ATTEMPT] = {**asdict(attempt), "to": to}
    return redirect(there)


def _remember(
    request: Request, client: openid.Provider, attempt: openid.Attempt, code: str
) -> None:
    try:
        claims = openid.claims_of(client, attempt, code, back=_back(), at=now())
    except Failed as why:
        _log.warning("the sign-in of the app: %s", why)
        return
    given: dict[str, Any] = settings.CITY.get("city_app", {})
    remember_known(request, person_of(claims, given, settings.CITY.get("numbers", {})))


def _back() -> str:
    return f"{settings.PUBLIC_URL}/app/callback"


def _inside(to: str) -> str:
    """A path of this site, whatever was asked for."""
    is_ours = url_has_allowed_host_and_scheme(to, allowed_hosts=None) and to.startswith("/")
    return quote(to, safe="/?&=%#+:,;@-._~") if is_ours else "/"


def _embedded(response: HttpResponse) -> HttpResponse:
    response.set_cookie(
        settings.EMBED_COOKIE, "1", samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )  # fmt: skip
    return response
