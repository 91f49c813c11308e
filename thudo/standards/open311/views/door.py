"""What every answer has in common: who asks, for which city, in which format; refusals worded."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from thudo.accounts.gate import Request, gate
from thudo.accounts.queries import actor_of_key
from thudo.accounts.rules import RESIDENT
from thudo.base.clock import now
from thudo.base.errors import Refused
from thudo.directory.queries import directory
from thudo.standards.open311.mapping import errors
from thudo.standards.open311.mapping.formats import JSON, MEDIA, XML, Told, encoded
from thudo.standards.open311.mapping.parameters import Given, given

View = Callable[..., Told]
# The gate of accounts, for functions that return what is told and not yet an HTTP answer.
asks = cast("Callable[[str], Callable[[View], View]]", gate)
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_UNREADABLE = (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError)


class WrongMethod(Refused):
    """There is such a resource, but not for this method."""

    status = 405
    code = "method_not_allowed"


class OpenRequest(Request):
    """A request of this door: its parameters read, its endpoint known. `actor` is that of its key."""

    given: Given
    is_test: bool
    has_key: bool


def door(**methods: View) -> Callable[..., HttpResponse]:
    """The view of one address: the function of the method, its answer or refusal encoded."""

    def view(request: HttpRequest, *, form: str = "", **path: str) -> HttpResponse:
        form = form or _form(request)
        try:
            told, status = _answer(cast("OpenRequest", request), methods, path), 200
        except Refused as refused:
            told, status = errors.told(refused), errors.status_of(refused)
        response = _response(told, form, status)
        if status == WrongMethod.status:
            response["Allow"] = ", ".join([*methods, *(["HEAD"] if "GET" in methods else [])])
        return response

    first: Any = next(iter(methods.values()))
    view.act, view.by_thing = first.act, first.by_thing  # type: ignore[attr-defined]
    # Who is turned away before the door (thudo.base.limits) is told so in its words too.
    view.refusal = _turned_away  # type: ignore[attr-defined]
    return csrf_exempt(view)


def keyed(view: View) -> View:
    """For what needs a key: says whether it is missing or wrong, before rights are asked for."""

    @wraps(view)
    def guarded(request: OpenRequest, **path: str) -> Told:
        if not request.has_key:
            raise errors.NoKey(_("api_key was not provided."))
        if request.actor == RESIDENT:
            raise errors.NoKey(_("api_key is unknown or has ended."))
        return view(request, **path)

    return guarded


def extends(request: OpenRequest) -> bool:
    """Whether more than the standard's own elements is wanted."""
    return request.given["extensions"].lower() in {"true", "1"}


def _turned_away(request: HttpRequest, refused: Refused) -> HttpResponse:
    return _response(errors.told(refused), _form(request), errors.status_of(refused))


def _form(request: HttpRequest) -> str:
    return JSON if request.path.endswith(".json") else XML


def _response(told: Told, form: str, status: int) -> HttpResponse:
    response = HttpResponse(encoded(told, form), _media(told, form), status)
    response["Cache-Control"] = "no-store"
    # What anybody may read, a page of any site may read too.
    response["Access-Control-Allow-Origin"] = "*"
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _answer(request: OpenRequest, methods: dict[str, View], path: dict[str, str]) -> Told:
    # Read even for what is refused: a body left lying ends the connection under the front.
    request.given = _given(request)
    function = methods.get("GET" if request.method == "HEAD" else request.method or "")
    if function is None:
        raise WrongMethod(_("This method is not for this address."))
    request.is_test = path.pop("endpoint", "").startswith("test")
    _identify(request)
    _check_jurisdiction(request.given["jurisdiction_id"])
    return function(request, **path)


def _given(request: HttpRequest) -> Given:
    """Parameters of a POST are heard in its address as well."""
    try:
        if request.content_type not in _FORMS and request.body:
            return given(request.GET)
        return given(request.GET, request.POST if request.method == "POST" else QueryDict())
    except _UNREADABLE as bad:
        raise errors.Wrong(_("The request could not be read.")) from bad


def _identify(request: OpenRequest) -> None:
    """Not the session's actor: only a key counts here."""
    secret = request.given["api_key"] or request.headers.get("X-Api-Key", "")
    request.has_key = bool(secret)
    request.actor = (actor_of_key(secret, now()) if secret else None) or RESIDENT


def _check_jurisdiction(name: str) -> None:
    """One city is served here, so none need be named; another one is not found."""
    if name and name.lower() not in _jurisdictions():
        raise errors.unknown_jurisdiction(name)


def _jurisdictions() -> set[str]:
    city = directory().city
    host = (urlsplit(settings.PUBLIC_URL).hostname or "").removeprefix("www.")
    return {city["code"].lower(), host, *city.get("open311", {}).get("jurisdictions", ())}


def _media(told: Told, form: str) -> str:
    """Readers of discovery compare the bare type; all else names the charset, as the standard does."""
    return MEDIA[form] if told.root == "discovery" else f"{MEDIA[form]}; charset=utf-8"
