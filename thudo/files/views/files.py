"""Uploads by a browser, and public copies to anybody."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from thudo.accounts.gate import Request, gate
from thudo.base.clock import now
from thudo.base.errors import Invalid, NotFound
from thudo.files import actions, queries
from thudo.files.forms import camera_facts
from thudo.files.gate import draft_key, new_draft_key, remember_draft, send
from thudo.files.models import Attachment
from thudo.files.rules import IMAGES, shown_as


@gate("file.upload")
@require_POST
def files(request: Request) -> HttpResponse:
    upload = request.FILES.get("file")
    if upload is None or upload.file is None:
        raise Invalid(_("Choose a file."), {"file": _("Choose a file.")})
    key = draft_key(request) or new_draft_key()
    row = actions.keep_upload(
        upload.file,
        draft_key=key,
        purpose=request.POST.get("purpose", "matter"),
        facts=camera_facts(request.POST),
        actor=request.actor.key,
        at=now(),
    )
    response = JsonResponse(as_json(row), status=201)
    remember_draft(response, key)
    return response


@gate("file.upload", by_thing=True)
@require_GET
def file(request: Request, pk: UUID) -> HttpResponseBase:
    row = _visible(request, pk)
    return send(request, queries.copy_path(row), row)


@gate("file.upload", by_thing=True)
@require_GET
def small(request: Request, pk: UUID) -> HttpResponseBase:
    row = _visible(request, pk)
    return send(request, queries.copy_path(row, "small"), row)


@gate("file.upload")
@require_POST
def removal(request: Request, pk: UUID) -> HttpResponse:
    actions.drop_draft(pk, draft_key=draft_key(request))
    return HttpResponse(status=204)


def as_json(row: Attachment) -> dict[str, object]:
    """What a browser learns of its own upload; its EXIF place is offered, never published."""
    return {
        "id": str(row.pk),
        "url": f"/files/{row.pk}",
        "small": f"/files/{row.pk}/small" if row.media_type in IMAGES else None,
        "kind": shown_as(row.media_type),
        "bytes": row.bytes,
        "taken_at": row.taken_at.isoformat() if row.taken_at else None,
        "lon": row.longitude,
        "lat": row.latitude,
    }


def _visible(request: Request, pk: UUID) -> Attachment:
    row = Attachment.objects.filter(pk=pk).first()
    is_own = row is not None and row.subject_kind == "" and row.draft_key == draft_key(request)
    if row is None or not (row.is_public or is_own):
        raise NotFound(_("There is no such file."))
    return row
