"""The gate of every door and deed: who may pass, in one sentence when he may not."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from thudo.accounts.rules import Actor, Thing, may
from thudo.base.errors import NotAllowed


class Request(HttpRequest):
    """A request after thudo.accounts.middleware.actor."""

    actor: Actor


View = Callable[..., HttpResponseBase]


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


def _turned_away(request: HttpRequest, actor: Actor) -> HttpResponse:
    wants_page = request.method == "GET" and not request.path.startswith("/api/")
    if actor.is_staff or not wants_page:
        raise NotAllowed(_("You may not do this here."))
    return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
