"""Filing: the form, what is proposed while one types, and the sending."""

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from thudo.accounts.gate import Request, gate
from thudo.base import phrases
from thudo.base.clock import now
from thudo.base.errors import Invalid
from thudo.directory.queries import Located, begin_locating, directory, say
from thudo.files.actions import keep_upload
from thudo.files.gate import draft_key, new_draft_key, remember_draft
from thudo.files.models import Attachment
from thudo.files.queries import drafts_of
from thudo.petitions.actions import file_petition
from thudo.petitions.actions.filing import KeyReused
from thudo.petitions.forms import FilingForm
from thudo.petitions.forms.filing import service_choices
from thudo.petitions.queries.nearby import Similar
from thudo.petitions.queries.suggesting import Owner, Suggestion, suggestion
from thudo.petitions.rules import Receipt, RequestKey
from thudo.petitions.views.opened import open_with

MOST_PHOTOS = 10


@never_cache
@gate("petition.file")
@require_safe
def new(request: Request) -> HttpResponse:
    begin_locating()
    key = draft_key(request) or new_draft_key()
    response = _page(request, FilingForm(), [])
    remember_draft(response, key)
    return response


@never_cache
@gate("petition.file")
@require_POST
def petitions(request: Request) -> HttpResponse:
    form = FilingForm(request.POST)
    key = draft_key(request) or new_draft_key()
    photos, problems = _photos(request, key)
    reused = False
    if form.is_valid() and not problems:
        try:
            return _filed(request, _file(request, form, photos, key))
        except Invalid as wrong:
            form.add_problems(wrong.fields)
        except KeyReused:
            reused = True
    response = _page(request, form, photos, status=422, photo_problems=problems, reused=reused)
    remember_draft(response, key)
    return response


@never_cache
@gate("petition.file")
@require_POST
def suggestions(request: Request) -> HttpResponse:
    """What the text so far seems to be, for the island <service-suggest>."""
    given = {name: request.POST.get(name, "") for name in ("text", "lon", "lat", "service")}
    found = suggestion(
        given["text"], _number(given["lon"]), _number(given["lat"]), given["service"], now()
    )
    return JsonResponse(_as_json(found))


def _file(request: Request, form: FilingForm, photos: list[Attachment], key: str) -> Receipt:
    filing = form.filing(
        files=tuple(str(photo.pk) for photo in photos),
        digests=tuple(photo.digest for photo in photos),
        draft_key=key,
    )
    given = request.headers.get("Idempotency-Key") or request.POST.get("idempotency_key", "")
    once = RequestKey(f"browser:{key}", given[:200]) if given else None
    return file_petition(filing, key=once, actor=request.actor, at=now())


def _filed(request: Request, receipt: Receipt) -> HttpResponse:
    open_with(request, receipt.number, receipt.secret)
    return redirect(f"/petitions/{receipt.number}/{receipt.secret}?filed=1")


def _photos(request: Request, key: str) -> tuple[list[Attachment], list[str]]:
    """Photos that were stored before and those that come with the form; and what is wrong."""
    kept = drafts_of(key, request.POST.getlist("files"))
    problems = []
    for upload in request.FILES.getlist("photos")[: MOST_PHOTOS - len(kept)]:
        try:
            kept.append(keep_upload(upload, draft_key=key, actor=request.actor.key, at=now()))
        except Invalid as wrong:
            problems.append(f"{upload.name}: {wrong.sentence}")
    return kept, problems


def _page(
    request: HttpRequest,
    form: FilingForm,
    photos: list[Attachment],
    *,
    status: int = 200,
    photo_problems: list[str] | None = None,
    reused: bool = False,
) -> HttpResponse:
    text = form["text"].value() or ""
    found = suggestion(text, None, None, form["service"].value() or "", now()) if text else None
    page = {
        "form": form,
        "photos": photos,
        "photo_problems": photo_problems or [],
        "reused": reused,
        "found": found,
        "groups": service_choices(),
        "units": _units(),
        "name_hint": _name_hint(),
        "idempotency_key": _key(request, reused=reused),
        "most_photos": MOST_PHOTOS,
    }
    return render(request, "petitions/new.html", page, status=status)


def _key(request: HttpRequest, *, reused: bool) -> str:
    """The key that makes a repeated sending one petition; a script puts its own in its place."""
    given = request.POST.get("idempotency_key", "")
    return given if given and not reused else secrets.token_urlsafe(16)


def _name_hint() -> str:
    """Which streams ask for a name, in one sentence; "" when none does."""
    named = [say(s.name) for s in directory().streams.values() if s.identity == "required"]
    return _("Only needed for: %(streams)s.") % {"streams": "; ".join(named)} if named else ""


def _units() -> list[tuple[str, str]]:
    return [(unit.code, say(unit.name)) for unit in directory().units.values() if not unit.valid_to]


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _as_json(found: Suggestion) -> dict[str, Any]:
    owner = found.owner
    return {
        "service": {"code": found.service, "name": found.name, "words": found.words} if found.service else None,
        "alternatives": [{"code": code, "name": name} for code, name in found.alternatives],
        "danger": found.danger,
        "urgency": found.urgency,
        "notice": found.notice,
        "questions": [
            {"code": q.code, "text": q.text, "options": [{"code": c, "text": t} for c, t in q.options]}
            for q in found.questions
        ],
        "similar": [
            {"href": f"/petitions/{one.number}", "place": one.place, "kind": _sent(one)}
            for one in found.similar
        ],
        "owner": {"unit": owner.unit, "post": owner.post, "line": _promise(owner)} if owner else None,
        "place": _pin(found.place) if found.place else None,
    }  # fmt: skip


def _pin(place: Located) -> dict[str, Any]:
    label = f"{place.label}, {place.area_name}"
    offer = _("Use this place: %(place)s") % {"place": label}
    return {"label": label, "lon": place.longitude, "lat": place.latitude, "offer": offer}


def _sent(one: Similar) -> str:
    return _("%(service)s, sent %(day)s") % {
        "service": one.service,
        "day": phrases.day(one.filed_at, now()),
    }


def _promise(owner: Owner) -> str:
    what = _("The unit confirms intake") if owner.is_sure else _("The intake desk names the unit")
    return f"{what} {phrases.promise(owner.intake_due_at, now())}"
