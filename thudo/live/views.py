"""Grants: which topics a page may follow, signed for the live process."""

from typing import cast
from urllib.parse import urlencode

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from thudo.accounts.gate import Request, gate
from thudo.base.clock import now
from thudo.base.errors import Invalid, NotAllowed, Refused
from thudo.base.refusal import problem
from thudo.base.sealing import keyed_hash
from thudo.journal.queries import latest_position
from thudo.live import queries, rules


class Wish(msgspec.Struct):
    """What a page asks for; `secrets`: petition number -> secret, for private petitions."""

    topics: list[str]
    secrets: dict[str, str] = {}


# Without a CSRF token: nothing is changed, and another site cannot read the answer.
@csrf_exempt
@require_POST
@never_cache
@gate("page.public")
def grants(request: HttpRequest) -> HttpResponse:
    """{"topics", "secrets"} -> {"url", "position"}: the stream's address, good for a minute."""
    try:
        return _granted(cast("Request", request))
    except Refused as refused:
        # Only programs call: problem+json whatever the Accept header says.
        return problem(refused.status, refused.code, str(refused), **refused.extra)


def _granted(request: Request) -> HttpResponse:
    wish = _wish(request.body)
    actor = queries.with_opened(request.actor, wish.secrets)
    refused = [topic for topic in wish.topics if not queries.may_follow(actor, topic)]
    if refused:
        raise NotAllowed(_("You may not follow this."), topics=refused)
    # Read before the page fetches anything: what comes later is replayed, nothing is missed.
    position = latest_position()
    grant = rules.new_grant(wish.topics, _session(request), int(now().timestamp()))
    token = rules.signed(grant, rules.grant_key(settings.SECRET_KEY))
    url = "/live/stream?" + urlencode({"grant": token, "after": position})
    return JsonResponse({"url": url, "position": position})


def _wish(body: bytes) -> Wish:
    try:
        wish = msgspec.json.decode(body, type=Wish)
    except msgspec.DecodeError as error:
        raise Invalid(_("This cannot be read."), detail=str(error)) from error
    if not 0 < len(wish.topics) <= rules.MOST_TOPICS or len(wish.secrets) > rules.MOST_TOPICS:
        raise Invalid(_("Name between 1 and %(most)s topics.") % {"most": rules.MOST_TOPICS})
    return wish


def _session(request: HttpRequest) -> str:
    """The hash by which `session.revoked` names this session; empty for a visitor without one."""
    key = request.session.session_key if settings.SESSION_COOKIE_NAME in request.COOKIES else None
    return keyed_hash("session", key).hex() if key else ""
