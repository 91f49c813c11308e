"""The gate of every door and deed: who may pass, in one sentence when he may not."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from thudo.accounts.rules import OPENED, Actor, Thing, may
from thudo.base.errors import NotAllowed


class Request(HttpRequest):
    """A request after thudo.accounts.middleware.actor."""

    actor: Actor


View = Callable[..., HttpResponseBase]
# More than anybody files or books; keeps the session's row small.
MOST_OPENED = 50


def require(actor: Actor, act: str, thing: Thing | None = None) -> None:
    """Raise NotAllowed unless `actor` may do `act` to `thing`."""
    if not may(actor, act, thing):
        raise NotAllowed(_("You may not do this here."), act=act)


def gate(act: str, *, by_thing: bool = False) -> Callable[[View], View]:
    """Mark a view with the act it asks for, and ask.

    With `by_thing` the right depends on the thing in the address: the view (or its deed) asks
    again with it, and here only the act's existence is proved. docs/reference/permissions.md
    is made from these marks and compared with what really happens.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = cast("Request", request).actor
            if not by_thing and not may(actor, act):
                return _turned_away(request, actor)
            return view(request, *args, **kwargs)

        guarded.act = act  # type: ignore[attr-defined]
        guarded.by_thing = by_thing  # type: ignore[attr-defined]
        return guarded

    return mark


def staff(act: str) -> Callable[[View], View]:
    """A door to one thing of the desks: strangers sign in first, then `act` is asked of the thing.

    A page that was sent after the session ended leads back to the page it was typed on, where
    <draft-form> still has the words.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def door(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.actor.is_staff:
                return redirect_to_login(request.get_full_path())
            return view(request, *args, **kwargs)

        return gate(act, by_thing=True)(never_cache(door))

    return mark


def remember_opened(request: Request, key: str) -> None:
    """This browser has shown the secret of that thing."""
    known = [one for one in request.session.get(OPENED, []) if one != key]
    request.session[OPENED] = [*known, key][-MOST_OPENED:]
    request.actor = replace(request.actor, opened=request.actor.opened | {key})


def _turned_away(request: HttpRequest, actor: Actor) -> HttpResponse:
    wants_page = request.method == "GET" and not request.path.startswith("/api/")
    if actor.is_staff or not wants_page:
        raise NotAllowed(_("You may not do this here."))
    return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
