"""Middleware: counts a request, tells where its sender stands, turns him away when it is enough."""

import tomllib
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from thudo.base import refusal
from thudo.base.errors import Refused
from thudo.base.limits.counters import Counters
from thudo.base.limits.page import UNREADABLE, kept_page
from thudo.base.limits.rules import (
    Group,
    Limit,
    Standing,
    group_of,
    groups_of,
    is_trusted,
    sender_address,
    tightest,
)

GetResponse = Callable[[HttpRequest], HttpResponseBase]
# A key that was given this scope by name is never counted (benchmarks, the city's own gateways).
FREE = "limits:none"
EXPOSED = "RateLimit, RateLimit-Policy, Retry-After"
_FAILED = 422
counters = Counters(is_shared=settings.LIMITS_SHARED)


class TooMany(Refused):
    """More requests than this sender may make; `retry_after`: seconds until one more may come."""

    status = 429
    code = "too_many_requests"


@lru_cache(maxsize=1)
def groups() -> tuple[Group, ...]:
    """The limits of this installation: the defaults, and what the pack says instead."""
    files = [Path(__file__).with_name("defaults.toml"), settings.PACK_DIR / "limits.toml"]
    return groups_of(*[tomllib.loads(f.read_text("utf-8")) for f in files if f.is_file()])


@lru_cache(maxsize=2048)
def _group(method: str, path: str) -> Group | None:
    return group_of(groups(), method, path)


def limits(get_response: GetResponse) -> GetResponse:
    """Limits by device first, since carriers share addresses; then key; then address."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        group = _group(request.method or "", request.path) if settings.LIMITS else None
        if group is None:
            return get_response(request)
        who = _senders(request, group)
        if group.of_failures:
            standings = counters.look(group.name, who)
            is_in = not any(one.wait for one in standings)
        else:
            # Who is turned away is not counted: he comes back when his window has room.
            standings, is_in = counters.spend(group.name, who)
        request.over = None if is_in else max(standings, key=_wait)  # type: ignore[attr-defined]
        response = get_response(request)
        if group.of_failures and is_in and response.status_code == _FAILED:
            standings, _counted = counters.spend(group.name, who)
        _tell(response, standings)
        return response

    def process_view(request: HttpRequest, view: Any, *_address: Any) -> HttpResponseBase | None:
        over: Standing | None = getattr(request, "over", None)
        return _turned_away(request, view, over) if over else None

    # Here the view is known, which words its refusals as its door does.
    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def _wait(one: Standing) -> int:
    return one.wait


def _senders(request: HttpRequest, group: Group) -> list[tuple[str, Limit]]:
    """Each way in which this request's sender is counted in the group."""
    return [
        (f"{group.name} {way} {told}", group.limits[way])
        for way, told in _ways(request, group)
        if told and way in group.limits
    ]


def _ways(request: HttpRequest, group: Group) -> list[tuple[str, str]]:
    actor = getattr(request, "actor", None)
    key = getattr(actor, "key", "")
    if key.startswith("key:"):
        is_free = FREE in actor.scopes if actor else False
        return [] if is_free else [("key", key)]
    if key.startswith("user:") and not group.of_failures:
        # Staff sit behind one address of their office, and journal all they do.
        return [("device", key)]
    address = sender_address(
        request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For", "")
    )
    if group.is_local_free and is_trusted(address, tuple(settings.LIMITS_TRUSTED)):
        return [("trusted", address)]
    ways = [("device", _device(request)), ("address", address)]
    if "name" in group.limits:
        name = _name(request)
        ways += [("account", f"{name} {address}" if name else ""), ("name", name)]
    return ways


def _device(request: HttpRequest) -> str:
    token = request.headers.get("X-Client-Token", "")[:200]
    return token or next(filter(None, map(request.COOKIES.get, settings.LIMITS_COOKIES)), "")


def _name(request: HttpRequest) -> str:
    try:
        return request.POST.get("username", "").strip().casefold()[:80]
    except UNREADABLE:
        return ""


@lru_cache(maxsize=256)
def _policy(limits: tuple[tuple[str, Limit], ...]) -> str:
    return ", ".join(f'"{name}";q={one.count};w={one.seconds}' for name, one in limits)


def _turned_away(request: HttpRequest, view: Any, over: Standing) -> HttpResponseBase:
    refused = TooMany(
        _("That was a lot in a short time. Please try again in %(seconds)s seconds.")
        % {"seconds": over.wait},
        retry_after=over.wait,
        **{"violated-policies": [over.name]},
    )
    worded = getattr(view, "refusal", None)
    if worded:
        response: HttpResponseBase = worded(request, refused)
    elif refusal.wants_json(request):
        response = refusal.answer(request, refused)
    else:
        response = kept_page(request, refused)
    response["Retry-After"] = str(over.wait)
    response["Cache-Control"] = "no-store"
    if request.path.startswith("/api/"):
        response["Access-Control-Allow-Origin"] = "*"
    return response


def _tell(response: HttpResponseBase, standings: Sequence[Standing]) -> None:
    """draft-ietf-httpapi-ratelimit-headers: every policy, and where the nearest one stands."""
    if not standings:
        return
    response["RateLimit-Policy"] = _policy(tuple((one.name, one.limit) for one in standings))
    near = tightest(standings)
    response["RateLimit"] = f'"{near.name}";r={near.left};t={near.wait or near.reset}'
    if response.has_header("Access-Control-Allow-Origin"):
        shown = response.get("Access-Control-Expose-Headers", "")
        response["Access-Control-Expose-Headers"] = f"{shown}, {EXPOSED}" if shown else EXPOSED
