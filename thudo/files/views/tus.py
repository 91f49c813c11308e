"""tus 1.0: uploads that go on after a lost network, a reload or a killed server.

No token against forgery is asked for: another site cannot send the header Tus-Resumable without
this one's leave (it makes a request that browsers ask about first), nor this site's cookies.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from thudo.accounts.gate import Request, View, gate
from thudo.base import refusal
from thudo.base.clock import now
from thudo.base.errors import Invalid, NotFound, Refused
from thudo.files import actions, queries
from thudo.files.forms import camera_facts
from thudo.files.gate import draft_key, new_draft_key, remember_draft
from thudo.files.models import Upload
from thudo.files.rules import is_uuid, tus

_LONGEST_PURPOSE = 40


class _Unsupported(Refused):
    """The client speaks another version."""

    status = 412
    code = "tus_version"


class _WrongBody(Refused):
    """A piece of another media type."""

    status = 415
    code = "media_type"


class _NoLength(Refused):
    """A piece that does not say how long it is."""

    status = 411
    code = "length_required"


class _Malformed(Invalid):
    """A header that the protocol asks for is missing or is none."""

    status = 400
    code = "tus_header"


def _speaks(*methods: str) -> Callable[[View], View]:
    """What holds for each request and answer of the protocol."""

    def mark(view: View) -> View:
        @wraps(view)
        def spoken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            # For clients whose network lets through GET and POST only.
            if request.method == "POST":
                request.method = request.headers.get("X-HTTP-Method-Override", "POST").upper()
            response: HttpResponseBase
            if request.method not in methods:
                response = HttpResponse(status=405, headers={"Allow": ", ".join(methods)})
            else:
                response = _answered(request, lambda: view(request, *args, **kwargs))
            response.headers["Tus-Resumable"] = tus.VERSION
            return response

        return spoken

    return mark


def _answered(request: HttpRequest, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    try:
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != tus.VERSION:
            raise _Unsupported(_("This place speaks tus 1.0.0 only."))
        return answer()
    except Refused as refused:
        response = refusal.problem(refused.status, refused.code, str(refused.sentence))
        if refused.status == 412:
            response.headers["Tus-Version"] = tus.VERSION
        if refused.status == 460:
            response.reason_phrase = "Checksum Mismatch"
        return response


@csrf_exempt
@never_cache
@_speaks("OPTIONS", "POST")
@gate("file.upload")
def uploads(request: Request) -> HttpResponse:
    """OPTIONS says what is spoken; POST announces a file, and may bring its beginning."""
    return _offer() if request.method == "OPTIONS" else _create(request)


@csrf_exempt
@never_cache
@_speaks("OPTIONS", "HEAD", "PATCH", "DELETE")
@gate("file.upload", by_thing=True)
def upload(request: Request, pk: UUID) -> HttpResponse:
    """HEAD: how much has arrived; PATCH: a piece more; DELETE: forget it. For its browser only."""
    if request.method == "OPTIONS":
        return _offer()
    found = queries.upload_of(draft_key(request), pk)
    if found is None:
        raise NotFound(_("There is no such upload."))
    if request.method == "PATCH":
        return _patch(request, found)
    return _head(found) if request.method == "HEAD" else _delete(found)


def _offer() -> HttpResponse:
    headers = {
        "Tus-Version": tus.VERSION,
        "Tus-Extension": ",".join(tus.EXTENSIONS),
        "Tus-Max-Size": str(queries.limits().most_bytes),
        "Tus-Checksum-Algorithm": ",".join(tus.CHECKSUMS),
    }
    return HttpResponse(status=204, headers=headers)


def _create(request: Request) -> HttpResponse:
    length = tus.whole_number(request.headers.get("Upload-Length"))
    if length is None or "Upload-Defer-Length" in request.headers:
        raise _Malformed(_("The header %(name)s is missing or wrong.") % {"name": "Upload-Length"})
    text = request.headers.get("Upload-Metadata", "")
    given = _metadata(text)
    key = draft_key(request) or new_draft_key()
    # A client that names the id itself can ask after it when the answer to this was lost.
    pk = UUID(given["id"]) if is_uuid(given.get("id", "")) else uuid4()
    made = actions.create_upload(pk, length, text, draft_key=key, actor=request.actor.key, at=now())
    headers = {"Location": f"/files/uploads/{pk}"}
    if request.content_type == tus.BODY:
        headers["Upload-Offset"] = str(_append(request, made, 0))
    response = HttpResponse(status=201, headers=headers | _expiry(made))
    remember_draft(response, key)
    return response


def _head(found: Upload) -> HttpResponse:
    offset = actions.offset_of(found, now())
    if offset == found.length:
        _finish(found)  # the server was killed, or the answer lost, after the last byte
    headers = {"Upload-Offset": str(offset), "Upload-Length": str(found.length)}
    if found.metadata:
        headers["Upload-Metadata"] = found.metadata
    return HttpResponse(headers=headers | _expiry(found))


def _patch(request: Request, found: Upload) -> HttpResponse:
    if request.content_type != tus.BODY:
        raise _WrongBody(_("A piece of a file travels as %(kind)s.") % {"kind": tus.BODY})
    offset = tus.whole_number(request.headers.get("Upload-Offset"))
    if offset is None:
        raise _Malformed(_("The header %(name)s is missing or wrong.") % {"name": "Upload-Offset"})
    if offset != actions.offset_of(found, now()):
        raise actions.WrongOffset(_("The file goes on at another place."))
    headers = {"Upload-Offset": str(_append(request, found, offset))}
    return HttpResponse(status=204, headers=headers | _expiry(found))


def _delete(found: Upload) -> HttpResponse:
    actions.drop_upload(found)
    actions.drop_draft(found.pk, draft_key=found.draft_key)
    return HttpResponse(status=204)


def _append(request: Request, found: Upload, offset: int) -> int:
    if "Transfer-Encoding" in request.headers:
        raise _NoLength(_("The header %(name)s is missing or wrong.") % {"name": "Content-Length"})
    size = tus.whole_number(request.META.get("CONTENT_LENGTH")) or 0
    end = offset
    if not found.is_finished:
        end = actions.append_piece(
            found, request.read, size, offset=offset, checksum=_checksum(request)
        )
    if end == found.length:
        _finish(found)
    return end


def _finish(found: Upload) -> None:
    given = _metadata(found.metadata)
    purpose = given.get("purpose", "matter")[:_LONGEST_PURPOSE]
    actions.finish_upload(found, camera_facts(given), purpose, at=now())


def _metadata(text: str) -> dict[str, str]:
    try:
        return tus.metadata(text)
    except ValueError as wrong:
        name = {"name": "Upload-Metadata"}
        raise _Malformed(_("The header %(name)s is missing or wrong.") % name) from wrong


def _checksum(request: Request) -> tuple[str, bytes] | None:
    given = request.headers.get("Upload-Checksum")
    try:
        return None if given is None else tus.checksum(given)
    except ValueError as wrong:
        name = {"name": "Upload-Checksum"}
        raise _Malformed(_("The header %(name)s is missing or wrong.") % name) from wrong


def _expiry(found: Upload) -> dict[str, str]:
    if found.is_finished:
        return {}
    return {"Upload-Expires": http_date(found.expires_at.timestamp())}
