"""The JSON API: decode, one deed or query, encode. No cookie is read here, so no token either."""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, TypeVar, cast

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from thudo.accounts.gate import gate
from thudo.accounts.rules import RESIDENT, Actor, may
from thudo.base import refusal
from thudo.base.clock import now
from thudo.base.errors import Invalid, NotAllowed, NotFound, Refused
from thudo.cases.models import Case
from thudo.directory.queries import directory
from thudo.files.actions import keep_upload
from thudo.operations.queries import counting, listing
from thudo.operations.rules import Filters, filters_of
from thudo.petitions import actions
from thudo.petitions.models import Petition
from thudo.petitions.queries import reading
from thudo.petitions.queries.public import public_view
from thudo.petitions.rules import RequestKey, clean_phone
from thudo.standards.v1.mapping import bodies, openapi, words
from thudo.standards.v1.mapping.operations import Operation

Body = TypeVar("Body")
View = Callable[..., HttpResponseBase]


class Malformed(Refused):
    """It is not JSON, or not of the form that could be checked."""

    status = 400
    code = "malformed"


class UnknownKey(Refused):
    """The key in X-Api-Key is none of ours, or has ended."""

    status = 401
    code = "unknown_key"


def dispatch(operations: Mapping[str, Operation]) -> View:
    """The view of one address: the operation of the method, else 405 with what is allowed."""
    doors = {method: _door(op) for method, op in operations.items()}
    allowed = ", ".join([*doors, *(["HEAD"] if "GET" in doors else []), "OPTIONS"])

    def view(request: HttpRequest, **path: str) -> HttpResponseBase:
        door = doors.get("GET" if request.method == "HEAD" else request.method or "")
        if door is None:
            # OPTIONS too: a caller learns the methods, and nothing else happens.
            response = refusal.problem(
                405, "method_not_allowed", _("This method is not for this address.")
            )
            if request.method == "OPTIONS":
                response = HttpResponse(status=204)
            response["Allow"] = allowed
            return response
        answer: HttpResponseBase = door(request, **path)
        return answer

    view.operations = operations  # type: ignore[attr-defined]
    first = next(iter(doors.values()))
    view.act, view.by_thing = first.act, first.by_thing  # type: ignore[attr-defined]
    return csrf_exempt(view)


def _door(op: Operation) -> Any:
    room = import_module(f"thudo.standards.v1.{op.room}")
    view: Any = gate(op.act, by_thing=op.by_thing)(getattr(room, op.view))

    def door(request: HttpRequest, **path: str) -> HttpResponseBase:
        # Not the session's actor: only a key or a secret in a header counts here.
        request.actor = _actor(request)  # type: ignore[attr-defined]
        answer = view(request, **path)
        if isinstance(answer, HttpResponseBase):
            return answer
        response = HttpResponse(
            msgspec.json.encode(answer), content_type="application/json", status=op.status
        )
        response["Cache-Control"] = "no-store"
        patch_vary_headers(response, ["Accept-Language", "X-Api-Key", "X-Petition-Secret"])
        return _open_to_all(request, response) if _is_public_read(request) else response

    door.act, door.by_thing = op.act, op.by_thing  # type: ignore[attr-defined]
    return door


def _is_public_read(request: HttpRequest) -> bool:
    has_key = bool(request.headers.keys() & {"X-Api-Key", "X-Petition-Secret"})
    return request.method in {"GET", "HEAD"} and not has_key


def _open_to_all(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """What anybody may read, any site's page may read; who has it already is told so (304)."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag"
    response["Cache-Control"] = "no-cache"
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:24]}"'
    response["ETag"] = etag
    answer = get_conditional_response(request, etag=etag, response=response)
    return answer or response


def openapi_json(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The OpenAPI 3.1 document."""
    return HttpResponse(msgspec.json.encode(openapi.document()), content_type="application/json")


openapi_json = gate("page.public")(openapi_json)  # type: ignore[assignment]


def list_petitions(request: HttpRequest) -> bodies.Page:
    """A page of the public list."""
    filters, at = _filters(request), now()
    try:
        limit = min(100, max(1, int(request.GET.get("limit", "20"))))
        page = listing.page_of(filters, at=at, limit=limit, older=request.GET.get("cursor", ""))
    except listing.BadCursor as bad:
        raise wrong("cursor", _("This cursor is none that the list gave out.")) from bad
    except ValueError as bad:
        raise wrong("limit", _("Give a number from 1 to 100.")) from bad
    return words.page(page, counting.count_of(filters, at=at))


def file_petition(request: HttpRequest) -> bodies.Receipt:
    """The one deed of filing, with an answer of the same request."""
    body, actor = decoded(request, bodies.Filing), who(request)
    default = "api" if actor.key.startswith("key:") else "web"
    try:
        filing = words.filing_of(
            body, channel=body.channel or default, draft_key=_draft_key(request, actor)
        )
    except ValueError as bad:
        raise _contact_wrong(body) from bad
    key = _request_key(request, actor)
    return words.receipt(actions.file_petition(filing, key=key, actor=actor, at=now()))


def read_petition(request: HttpRequest, number: str) -> bodies.Petition:
    """What is public; all of it for the holder of its secret, or of a key that may read."""
    petition, actor = _petition(number), _opener(request, number)
    if actor is None:
        raise NotAllowed(_("This secret does not open this petition."))
    return _told(petition, actor)


def add_supplement(request: HttpRequest, number: str) -> bodies.Petition:
    """The petitioner adds words or photos."""
    petition, actor = _own(request, number)
    body = decoded(request, bodies.Supplement)
    actions.supplement_petition(
        petition, text=body.text, files=body.files, draft_key=_draft_key(request, actor),
        actor=actor, at=now(),
    )  # fmt: skip
    return _told(petition, actor)


def give_verdict(request: HttpRequest, number: str) -> bodies.Petition:
    """The petitioner judges the latest result."""
    petition, actor = _own(request, number)
    body = decoded(request, bodies.Judgement)
    case = _case(petition, body.case)
    actions.judge_petition(petition, case, value=body.value, text=body.text, actor=actor, at=now())
    return _told(petition, actor)


def withdraw_petition(request: HttpRequest, number: str) -> bodies.Petition:
    """The petitioner takes it back."""
    petition, actor = _own(request, number)
    if request.body:
        decoded(request, bodies.Withdrawal)
    actions.withdraw_petition(petition, actor=actor, at=now())
    return _told(_petition(number), actor)


def keep_file(request: HttpRequest) -> bodies.Stored:
    """A draft of the key's owner or of the client's token (given, or made here)."""
    upload = request.FILES.get("file")
    if upload is None or upload.file is None:
        raise Invalid(_("Choose a file."), {"file": _("Choose a file.")})
    actor = who(request)
    token = _token(request) or ("" if actor.key != "resident" else secrets.token_urlsafe(24))
    purpose = request.POST.get("purpose", "matter")
    row = keep_upload(
        upload.file, draft_key=_draft_of(token, actor), actor=actor.key, at=now(),
        purpose=purpose if purpose in {"matter", "supplement"} else "matter",
    )  # fmt: skip
    return words.stored(row, token)


def list_services(request: HttpRequest) -> bodies.Services:  # noqa: ARG001
    """The kinds of matter."""
    return words.services()


def list_areas(request: HttpRequest) -> bodies.Areas:  # noqa: ARG001
    """The wards and communes."""
    return words.areas()


def list_units(request: HttpRequest) -> bodies.Units:  # noqa: ARG001
    """The units."""
    return words.units()


def find_area(request: HttpRequest) -> bodies.Area:
    """The ward that holds a point."""
    point = {name: request.GET.get(name) for name in ("lon", "lat")}
    try:
        where = msgspec.convert(point, bodies.Point, strict=False)
    except msgspec.ValidationError as bad:
        sentence = _("Give lon and lat in degrees.")
        raise Invalid(sentence, {"lon": sentence, "lat": sentence}) from bad
    area = directory().area_at(where.lon, where.lat)
    if area is None:
        raise NotFound(_("This point lies outside the city."))
    return words.area_row(area)


def _filters(request: HttpRequest) -> Filters:
    """The filters; a program is told of one that would count as not given."""
    filters = filters_of(request.GET)
    for name in Filters.__dataclass_fields__:
        if request.GET.get(name, "").strip() and not getattr(filters, name):
            needs_month = name in {"promise", "verdict"} and not filters.month
            sentence = (
                _("Give month as well.") if needs_month else _("This is no value of this filter.")
            )
            raise wrong(name, sentence)
    return filters


def _actor(request: HttpRequest) -> Actor:
    if not request.headers.get("X-Api-Key"):
        return RESIDENT
    actor = who(request)
    if not actor.key.startswith("key:"):
        raise UnknownKey(_("This key is unknown or has ended."))
    return actor


def who(request: HttpRequest) -> Actor:
    return cast("Actor", request.actor)  # type: ignore[attr-defined]


def _opener(request: HttpRequest, number: str) -> Actor | None:
    """The actor who has shown the petition's secret; None for a wrong one."""
    actor, secret = who(request), request.headers.get("X-Petition-Secret", "")
    if not secret:
        return actor
    if not reading.opens(number, secret):
        return None
    return Actor(actor.key, scopes=actor.scopes, units=actor.units, opened=frozenset({number}))


def _own(request: HttpRequest, number: str) -> tuple[Petition, Actor]:
    petition, actor = _petition(number), _opener(request, number)
    if actor is None or number not in actor.opened:
        raise NotAllowed(_("This secret does not open this petition."))
    return petition, actor


def _petition(number: str) -> Petition:
    # Digits only: what else an address may hold is none of the database's business.
    plain = number if number.isascii() and number.isdigit() else ""
    petition = Petition.objects.filter(number=plain).first()
    if petition is None:
        raise NotFound(_("There is no petition with this number."))
    return petition


def _told(petition: Petition, actor: Actor) -> bodies.Petition:
    if may(actor, "petition.read", reading.scope_of(petition)) and _is_inside(petition, actor):
        # For its own petitioner, and for systems of the city: as if it were public, never stored.
        petition.is_public, petition.is_hidden, petition.is_home = True, False, False
        petition.handling = petition.handling if petition.handling != "withdrawn" else "case"
    return words.petition(public_view(petition), now())


def _is_inside(petition: Petition, actor: Actor) -> bool:
    return petition.number in actor.opened or may(actor, "petition.read")


def _case(petition: Petition, label: str) -> Case:
    cases = reading.cases_of(petition)
    found = [case for case in cases if case.label == label] if label else cases[-1:]
    if not found:
        raise NotFound(_("This petition has no such case."))
    return found[0]


def decoded(request: HttpRequest, kind: type[Body]) -> Body:
    try:
        return msgspec.json.decode(request.body, type=kind)
    except msgspec.ValidationError as bad:
        told, _at, where = str(bad).partition(" - at `$.")
        field = where.rstrip("`") or (told.split("`")[1] if "field" in told else "body")
        sentence = _("“%(field)s” is not what is expected here.") % {"field": field}
        raise Invalid(sentence, {field: sentence}, detail=str(bad)) from bad
    except (msgspec.DecodeError, UnicodeDecodeError) as bad:
        raise Malformed(_("This is not JSON that can be read."), detail=str(bad)) from bad


def _contact_wrong(body: bodies.Filing) -> Invalid:
    try:
        clean_phone(body.contact.phone)
    except ValueError:
        return _invalid("contact.phone", _("This is not a phone number."))
    return _invalid("contact.email", _("This is not an e-mail address."))


def _request_key(request: HttpRequest, actor: Actor) -> RequestKey | None:
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return None
    if len(key) > 200:
        raise wrong("Idempotency-Key", _("At most 200 characters."))
    token = _token(request)
    if actor.key == "resident" and not token:
        raise wrong(
            "X-Client-Token",
            _("Without a key, send X-Client-Token: it says whose Idempotency-Key it is."),
        )
    return RequestKey(_draft_of(token, actor), key)


def _draft_key(request: HttpRequest, actor: Actor) -> str:
    token = _token(request)
    return _draft_of(token, actor) if token or actor.key != "resident" else ""


def _draft_of(token: str, actor: Actor) -> str:
    """Whose drafts and repeated requests: the key's, or those of the client that holds the token."""
    if actor.key != "resident":
        return actor.key
    return f"api:{hashlib.sha256(token.encode()).hexdigest()[:40]}"


def _token(request: HttpRequest) -> str:
    token = request.headers.get("X-Client-Token", "")
    if token and not 16 <= len(token) <= 200:
        raise wrong("X-Client-Token", _("Give 16 to 200 characters."))
    return token


def wrong(field: str, sentence: str) -> Malformed:
    return Malformed(sentence, fields={field: sentence})


def _invalid(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, {field: sentence})
