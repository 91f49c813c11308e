"""Filing: the form, what is proposed while one types, and the sending."""

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from thudo.accounts.gate import Request, gate
from thudo.advisories.rules import SENT
from thudo.base import phrases
from thudo.base.clock import now
from thudo.base.errors import Invalid
from thudo.directory.queries import Located, begin_locating, directory, say
from thudo.files.actions import keep_upload
from thudo.files.gate import draft_key, new_draft_key, remember_draft
from thudo.files.models import Attachment
from thudo.files.queries import files_from, limits
from thudo.files.rules import SOUNDS
from thudo.petitions.actions import file_petition
from thudo.petitions.actions.filing import KeyReused
from thudo.petitions.forms import FilingForm
from thudo.petitions.forms.filing import service_choices
from thudo.petitions.gate import known_person
from thudo.petitions.queries.spot import Spot, on_the_spot
from thudo.petitions.queries.suggesting import Owner, Suggestion, suggestion
from thudo.petitions.rules import TEXT_LIMIT, Filing, KnownPerson, Receipt, RequestKey
from thudo.petitions.views.opened import open_with
from thudo.petitions.views.spot import count

MOST_PHOTOS, MOST_SOUNDS = 10, 1


@never_cache
@gate("petition.file")
@require_safe
def new(request: Request) -> HttpResponse:
    begin_locating()
    key = draft_key(request) or new_draft_key()
    response = _page(request, FilingForm(initial=_of_known(known_person(request))), [])
    remember_draft(response, key)
    return response


@never_cache
@gate("petition.file")
@require_POST
def petitions(request: Request) -> HttpResponse:
    key = draft_key(request) or new_draft_key()
    photos, problems = _photos(request, key)
    form = FilingForm(request.POST, is_spoken=any(p.media_type in SOUNDS for p in photos))
    reused = False
    step = request.POST.get("step", "")
    # Without a script: "similar" only looks, "announced" looks and sends where nothing is announced.
    spot = _spot(form) if step == "announced" else None
    looks = step == "similar" or bool(spot)
    if form.is_valid() and not problems and not looks:
        try:
            receipt = _file(request, form, photos, key)
            if step == SENT:
                count(request, SENT)
            return _filed(request, receipt)
        except Invalid as wrong:
            form.add_problems(wrong.fields)
        except KeyReused:
            reused = True
    status = 200 if looks else 422
    response = _page(
        request, form, photos, status=status, photo_problems=problems, reused=reused,
        looked=step == "similar", spot=spot,
    )  # fmt: skip
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
    cards = {"similar": _similar(request, found), "similar_cue": _cue(found)}
    return JsonResponse(_as_json(found) | cards)


def _cue(found: Suggestion | None) -> str:
    """One line beside the text that leads to the cards below; "" for none."""
    count = len(found.similar) if found else 0
    words = ngettext("%(n)s similar report nearby", "%(n)s similar reports nearby", count)
    return words % {"n": count} if count else ""


def _spot(form: FilingForm) -> Spot | None:
    """What is announced for a form that could be sent; None while it cannot."""
    if not form.is_valid():
        return None
    given = form.cleaned_data
    lon, lat = given["lon"], given["lat"]
    return on_the_spot(
        given["text"], service=given["service_other"] or given["service"],
        point=(lon, lat) if lon is not None and lat is not None else None, place=given["place"],
        at=now(),
    )  # fmt: skip


def _similar(request: Request, found: Suggestion) -> str:
    """The cards as the page itself draws them; "" for none."""
    if not found.similar:
        return ""
    page = {"similar": found.similar, "at": now()}
    return render_to_string("petitions/_similar.html", page, request)


def _file(request: Request, form: FilingForm, photos: list[Attachment], key: str) -> Receipt:
    filing = form.filing(
        files=tuple(str(photo.pk) for photo in photos),
        digests=tuple(photo.digest for photo in photos),
        draft_key=key,
    )
    given = request.headers.get("Idempotency-Key") or request.POST.get("idempotency_key", "")
    # Whoever comes without a draft, comes without one again when the answer was lost.
    once = RequestKey(f"browser:{draft_key(request)}", given[:200]) if given else None
    filing = _vouched(filing, known_person(request))
    return file_petition(filing, key=once, actor=request.actor, at=now())


def _of_known(person: KnownPerson | None) -> dict[str, str]:
    """What the form already knows of somebody that the app vouches for."""
    return {"name": person.name, "phone": person.phone, "email": person.email} if person else {}


def _vouched(filing: Filing, person: KnownPerson | None) -> Filing:
    """Marked as from the app; as verified only if its number or address was left as it stood."""
    if person is None:
        return filing
    is_same = person.vouches_for(filing.contact)
    return replace(filing, channel="app", verification="app" if is_same else "")


def _filed(request: Request, receipt: Receipt) -> HttpResponse:
    open_with(request, receipt.number, receipt.secret)
    return redirect(f"/petitions/{receipt.number}/{receipt.secret}?filed=1")


def _photos(request: Request, key: str) -> tuple[list[Attachment], list[str]]:
    """Files that were stored before and those that come with the form; and what is wrong."""
    kept = files_from(key, request.POST.getlist("files") + request.POST.getlist("sounds"))
    problems = []
    given = request.FILES.getlist("photos") + request.FILES.getlist("sounds")
    for upload in given[: MOST_PHOTOS + MOST_SOUNDS - len(kept)]:
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
    looked: bool = False,
    spot: Spot | None = None,
) -> HttpResponse:
    """`looked`: asked only for what is similar, before sending (without a script); `spot`: what is
    announced for the place, to be read before sending."""
    at = now()
    found = _found(form, at)
    page = {
        "at": at,
        "looked": looked,
        "spot": spot,
        "form": form,
        "photos": [photo for photo in photos if not photo.subject_kind],
        "photo_problems": photo_problems or [],
        "reused": reused,
        "found": found,
        "similar_cue": _cue(found),
        "groups": service_choices(),
        "units": _units(),
        "name_hint": _name_hint(),
        "idempotency_key": _key(request, reused=reused),
        "most_photos": MOST_PHOTOS,
        "most_sounds": MOST_SOUNDS,
        "limits": limits(),
        "sound_minutes": limits().sound_seconds // 60,
        "text_limit": TEXT_LIMIT,
        "known": known_person(request),
        "app": _app(),
    }
    return render(request, "petitions/new.html", page, status=status)


def _app() -> str:
    """The name of the app that may vouch for the sender; "" where none does."""
    is_open = bool(settings.CHANNELS.get("APP_ISSUER"))
    return phrases.say(settings.CITY.get("city_app", {}).get("name")) if is_open else ""


def _found(form: FilingForm, at: datetime) -> Suggestion | None:
    """What the text says so far, at the point that the form has settled."""
    text = form["text"].value() or ""
    if not text:
        return None
    place = getattr(form, "cleaned_data", {})
    chosen = form["service_other"].value() or form["service"].value() or ""
    return suggestion(text, place.get("lon"), place.get("lat"), chosen, at)


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
        "owner": {"unit": owner.unit, "post": owner.post, "line": _promise(owner)} if owner else None,
        "place": _pin(found.place) if found.place else None,
    }  # fmt: skip


def _pin(place: Located) -> dict[str, Any]:
    label = f"{place.label}, {place.area_name}"
    offer = _("Use this place: %(place)s") % {"place": label}
    return {"label": label, "lon": place.longitude, "lat": place.latitude, "offer": offer}


def _promise(owner: Owner) -> str:
    what = _("The unit confirms intake") if owner.is_sure else _("The intake desk names the unit")
    return f"{what} {phrases.promise(owner.intake_due_at, now())}"
