"""Puts `request.actor` on every request: who acts, for rights and for the journal."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse

from thudo.accounts import queries
from thudo.accounts.models import User
from thudo.accounts.rules import FOLLOWED, OPENED, RESIDENT, Actor
from thudo.base.clock import now


def actor(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Middleware: a signed-in member of staff, an API key, or a resident."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = _actor(request)  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def _actor(request: HttpRequest) -> Actor:
    key = request.headers.get("X-Api-Key")
    if key:
        return queries.actor_of_key(key, now()) or RESIDENT
    session = _session(request)
    opened = frozenset(session.get(OPENED, ()))
    followed = frozenset(session.get(FOLLOWED, {}).values())
    if isinstance(request.user, User):
        return replace(queries.actor_for(request.user, now(), opened), followed=followed)
    return Actor("resident", opened=opened, followed=followed)


def _session(request: HttpRequest) -> dict[str, Any]:
    # A first visit has no session cookie: no row is read, and none is written, for it.
    has_one = "sessionid" in request.COOKIES
    return request.session if has_one else {}
