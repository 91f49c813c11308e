"""One call on one page: who calls, what runs, what he says; everything by keyboard."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from thudo.accounts.gate import Request, gate
from thudo.advisories.queries import Told, one, running
from thudo.advisories.rules import CUT, INCIDENT, WARNING
from thudo.base import refusal
from thudo.base.clock import now
from thudo.base.errors import Invalid, Refused
from thudo.base.phrases import city_zone
from thudo.desks import actions
from thudo.desks.forms.phone import VERDICT_WORDS, CallbackForm, CallerForm, CallForm
from thudo.desks.queries.callbacks import answered_since, checks_due, waiting_callers
from thudo.desks.queries.callers import Caller
from thudo.desks.queries.phone import phone_desk
from thudo.desks.views.doors import is_fragment, private
from thudo.directory.queries import begin_locating, say, unit_name
from thudo.petitions.actions import file_petition
from thudo.petitions.rules import RequestKey

_MOST_INCIDENTS = 9


@gate("desk.phone")
@never_cache
@require_GET
def desk(request: Request) -> HttpResponse:
    """GET /phone/: the page of a call; ?caller= comes from the clerk or the telephone system."""
    at = now()
    if is_fragment(request):
        return render(request, "desks/phone/_incidents.html", {"incidents": _incidents(at)})
    begin_locating()
    form = CallerForm(request.GET) if "caller" in request.GET else CallerForm()
    caller = None
    if form.is_bound and form.is_valid():
        caller = actions.look_up_caller(form.cleaned_data["caller"], actor=request.actor, at=at)
    call = CallForm(initial={"phone": caller.phone if caller else ""})
    return _page(request, at, form, caller, call)


@gate("desk.phone")
@never_cache
@require_POST
def petitions(request: Request) -> HttpResponse:
    """POST /phone/petitions: files what was dictated; the next page is read out."""
    at, form = now(), CallForm(request.POST)
    if form.is_valid():
        try:
            receipt = file_petition(
                form.filing(), key=_request_key(request), actor=request.actor, at=at
            )
        except Invalid as wrong:
            _tell(form, wrong)
        else:
            page = {"receipt": receipt, "unit": unit_name(receipt.unit), "draft": _draft(request)}
            return private(render(request, "desks/phone/filed.html", page, status=201))
    phone = str(form.cleaned_data.get("phone", ""))
    # The number in the form need not be the one that the call began with.
    caller = actions.look_up_caller(phone, actor=request.actor, at=at) if phone else None
    return _page(request, at, CallerForm({"caller": phone}), caller, form, status=422)


@gate("desk.phone")
@never_cache
@require_POST
def voices(request: Request) -> HttpResponse:
    """POST /phone/voices: the caller is affected too; what to read out comes back."""
    at, phone = now(), _phone(request)
    text = request.POST.get("incident", "")
    advisory = one(int(text) if text.isascii() and text.isdigit() else 0)
    count = actions.add_caller(advisory, phone=phone, actor=request.actor, at=at)
    said = _("Counted: %(count)s callers so far. Read out: incident %(number)s.") % {
        "count": count, "number": advisory.pk
    }  # fmt: skip
    return _said(request, said, phone, f"voice-{advisory.pk}")


@gate("desk.phone")
@never_cache
@require_POST
def answers(request: Request) -> HttpResponse:
    """POST /phone/answers: a question was answered; counted, no petition."""
    at = now()
    actions.answer_question(request.POST.get("code", ""), actor=request.actor, at=at)
    today = sum(answered_since(_midnight(at)).values())
    said = _("Counted: %(count)s questions answered today.") % {"count": today}
    return _said(request, said, _phone(request), "answer")


def _incidents(at: datetime) -> list[Told]:
    return running(at, kinds=(INCIDENT, WARNING, CUT))[:_MOST_INCIDENTS]


def _page(
    request: Request, at: datetime, form: CallerForm, caller: Caller | None, call: CallForm, *,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    counts = answered_since(_midnight(at))
    # Where the clerk types next; nothing that comes later moves the focus.
    first = call.fields["text"] if caller else form.fields["caller"]
    first.widget.attrs["autofocus"] = True
    context: dict[str, Any] = {
        "form": form,
        "caller": caller,
        "call": call,
        "callback": CallbackForm(initial={"phone": caller.phone if caller else ""}),
        "incidents": _incidents(at),
        "questions": [
            {
                "code": q.code,
                "name": say(q.name),
                "text": say(q.text),
                "count": counts.get(q.code, 0),
            }
            for q in phone_desk().questions
        ],
        "verdicts": VERDICT_WORDS,
        "waiting": len([one for one in waiting_callers(request.actor, at) if not one.clerk]),
        "checks": len([one for one in checks_due(request.actor) if not one.is_own]),
        "said": _done(request),
        "draft": _draft(request, caller.phone if caller else ""),
        "idempotency_key": request.POST.get("idempotency_key") or secrets.token_urlsafe(16),
    }
    return private(render(request, "desks/phone/call.html", context, status=status))


def _said(request: Request, said: str, phone: str, done: str) -> HttpResponse:
    """For the island a sentence; without scripts the page of the call again."""
    if refusal.wants_json(request):
        return JsonResponse({"said": said})
    query = {"caller": phone, "done": done} if phone else {"done": done}
    return redirect(f"/phone/?{urlencode(query)}")


def _done(request: Request) -> str:
    """What was done, in words of this page alone: an address must not put others into it."""
    what, _dash, number = request.GET.get("done", "").partition("-")
    if what == "voice" and number.isascii() and number.isdigit():
        return _("Counted. Read out: incident %(number)s.") % {"number": number[:19]}
    return {
        "answer": _("Counted."),
        "verdict": _("The verdict is noted, marked as given by telephone."),
    }.get(what, "")


def _phone(request: Request) -> str:
    form = CallerForm({"caller": request.POST.get("phone", "")})
    if request.POST.get("phone") and not form.is_valid():
        raise Invalid(_("This is not a telephone number."))
    return form.cleaned_data.get("caller", "") if form.is_valid() else ""


def _draft(request: Request, phone: str = "") -> str:
    """What is typed belongs to this caller alone: the next one's page must not bring it back."""
    return f"call-{request.POST.get('phone') or phone}"


def _request_key(request: Request) -> RequestKey | None:
    given = request.headers.get("Idempotency-Key") or request.POST.get("idempotency_key", "")
    return RequestKey(f"clerk:{request.actor.key}", given[:200]) if given else None


def _midnight(at: datetime) -> datetime:
    local = at.astimezone(city_zone())
    return local - timedelta(
        hours=local.hour, minutes=local.minute, seconds=local.second,
        microseconds=local.microsecond,
    )  # fmt: skip


def _tell(form: CallForm, refused: Refused) -> None:
    fields = refused.fields if isinstance(refused, Invalid) else {}
    known = {name: words for name, words in fields.items() if name in form.fields}
    for name, words in known.items():
        form.add_error(name, words)
    if not known:
        form.add_error(None, " ".join(fields.values()) or refused.sentence)
