"""What a browser says about its push subscription.

Without a CSRF token: cookies play no part. The grant of the page and the endpoint, which only its
browser and its push service know, are in the body; another site knows neither.
"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thudo.accounts.gate import gate
from thudo.base.clock import now
from thudo.base.errors import NotAllowed, NotFound, Refused
from thudo.base.grants import is_granted
from thudo.base.refusal import problem
from thudo.notices import actions
from thudo.notices.forms import Endpoint, FollowWish, Move, read
from thudo.notices.models import Follow
from thudo.notices.queries import addresses, keys, topics
from thudo.notices.rules.kept import is_place

Door = Callable[[HttpRequest], HttpResponse]


def _for_programs(door: Door) -> Door:
    """Refusals as problem+json whatever the Accept header says."""

    @wraps(door)
    def answered(request: HttpRequest) -> HttpResponse:
        try:
            return door(request)
        except Refused as refused:
            return problem(refused.status, refused.code, str(refused), **refused.extra)

    return answered


@gate("page.public")
@require_safe
def key(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """GET /notices/key: what a browser subscribes with (VAPID, RFC 8292)."""
    response = JsonResponse({"key": keys.public_key()})
    response["Cache-Control"] = "public, max-age=3600"
    return response


@csrf_exempt
@never_cache
@gate("page.public")
@require_POST
@_for_programs
def follows(request: HttpRequest) -> HttpResponse:
    """{"subscription", "topic", "grant"}: this browser wants to hear of a topic."""
    wish = read(request.body, FollowWish)
    if not is_place(wish.topic) and not is_granted(wish.topic, wish.grant):
        raise NotAllowed(_("Open the secret link of your receipt first; then you can do this."))
    subscription = wish.subscription.read()
    actions.follow_topic(subscription, wish.topic, language=get_language() or "", at=now())
    return JsonResponse({"topic": wish.topic}, status=201)


@csrf_exempt
@never_cache
@gate("page.public")
@require_POST
@_for_programs
def endings(request: HttpRequest) -> HttpResponse:
    """{"endpoint", "topic"}: it does not want to any more."""
    wish = read(request.body, Endpoint)
    actions.unfollow_topic(wish.endpoint, wish.topic, at=now())
    return HttpResponse(status=204)


@csrf_exempt
@never_cache
@gate("page.public")
@require_POST
@_for_programs
def lookups(request: HttpRequest) -> HttpResponse:
    """{"endpoint"} -> {"topics"}: what it hears of. The endpoint stays out of addresses and logs."""
    recipient = addresses.recipient_at(read(request.body, Endpoint).endpoint)
    found = recipient.follows.values_list("topic", flat=True) if recipient else []
    return JsonResponse({"topics": sorted(found)})


@csrf_exempt
@never_cache
@gate("page.public")
@require_POST
@_for_programs
def moves(request: HttpRequest) -> HttpResponse:
    """{"endpoint", "subscription"}: the browser was given another address."""
    move = read(request.body, Move)
    actions.move_recipient(move.endpoint, move.subscription.read(), at=now())
    return HttpResponse(status=204)


# The token is the proof; a mail program or a service worker has no other.
@csrf_exempt
@never_cache
@gate("page.public")
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """/notices/stops/<token>: the way out that every message carries. GET asks, POST ends it."""
    name = keys.follow_of(token)
    if name is None:
        raise NotFound(_("This link stops nothing. Please check that it was copied whole."))
    follow = Follow.objects.filter(pk=name).first()
    if request.method == "POST":
        actions.stop_follow(name, at=now())
    page = {
        "topic": topics.words(follow.topic) if follow else "",
        "is_stopped": request.method == "POST" or follow is None,
    }
    return render(request, "notices/stop.html", page)
