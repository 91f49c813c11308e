"""The doors of deeds on one case: GET shows the page with the form open, POST does the deed."""

import random
import secrets
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from thudo.accounts.gate import Request, View, staff
from thudo.base.clock import now
from thudo.base.errors import Invalid, NotAllowed, Refused
from thudo.base.phrases import say
from thudo.cases import actions
from thudo.cases.actions import Claim
from thudo.cases.actions.steps import CaseChanged
from thudo.cases.lifecycle import STEPS
from thudo.cases.models import Case
from thudo.desks.queries.hours import end_of
from thudo.desks.queries.people import post_choices
from thudo.desks.queries.wording import wordings
from thudo.desks.rules import PURPOSES
from thudo.desks.views.acts import ACTS, Act, fields_of
from thudo.desks.views.case import new_form, page
from thudo.desks.views.doors import case_in, kept_query
from thudo.directory.queries import directory
from thudo.files.actions import keep_upload
from thudo.files.rules import DRAFT_COOKIE

Typed = dict[str, Any]
Deed = Callable[[Request, Case, Typed, datetime], object]
_dice = random.SystemRandom()


def _door(noun: str, deed: Deed) -> View:
    """The view of one act: refusals come back to the page with everything typed."""
    act = ACTS[noun]

    @require_http_methods(["GET", "POST"])
    def view(request: Request, pk: UUID) -> HttpResponse:
        case = case_in(request, pk, STEPS[act.deed].act)
        if request.method == "GET":
            return page(request, case, act=act, form=_begun(request, case, act))
        if "wording" in request.POST:
            return _worded(request, case, act)
        return _do(request, case, act, deed)

    view.__name__ = noun
    return staff(STEPS[act.deed].act)(view)


def _begun(request: Request, case: Case, act: Act) -> forms.Form | None:
    """A refusal of a kind that is not taken begins with the pack's words; else None."""
    kind = directory().services.get(request.GET.get("kind", ""))
    if act.noun != "refusals" or kind is None or kind.is_admissible:
        return None
    form = new_form(act, case, [], now())
    form.initial["text"] = say(kind.reason)
    return form


def _do(request: Request, case: Case, act: Act, deed: Deed) -> HttpResponse:
    at = now()
    form = act.form(request.POST, **fields_of(act, case, post_choices(case.unit, at), at))
    draft = _keep_uploads(request, at)
    if not form.is_valid():
        return _shown(request, case, act, form, draft, status=422)
    try:
        deed(request, case, {**form.cleaned_data, **draft}, at)
    except NotAllowed:
        raise
    except Refused as refused:
        return _refused(request, case, act, form, draft, refused)
    return HttpResponseRedirect(_after(request, case, act))


def _refused(
    request: Request, case: Case, act: Act, form: forms.Form, draft: Typed, refused: Refused
) -> HttpResponse:
    """The page as it is now, with what was typed, and why it was not done."""
    seen = form.cleaned_data.get("seen")
    fields = refused.fields if isinstance(refused, Invalid) else {}
    for name, sentence in fields.items():
        target = {"due_at": "due_on"}.get(name, name)
        form.add_error(target if target in form.fields else None, sentence)
    fresh = case_in(request, case.pk)
    is_stale = isinstance(refused, CaseChanged)
    return _shown(
        request, fresh, act, form, draft,
        status=refused.status,
        stale_since=seen if is_stale else None,
        refused="" if fields or is_stale else refused.sentence,
    )  # fmt: skip


def _shown(
    request: Request, case: Case, act: Act, form: forms.Form, draft: Typed, **more: Any
) -> HttpResponse:
    # The next press is meant for the case as this page shows it.
    form.data = _with(form.data, seen=str(case.version))
    kept = [(f"files_{purpose}", pk) for purpose in PURPOSES for pk in draft["files"][purpose]]
    response = page(request, case, act=act, form=form, kept_files=kept, **more)
    if draft["draft_key"] and draft["draft_key"] != request.COOKIES.get(DRAFT_COOKIE):
        response.set_cookie(
            DRAFT_COOKIE, draft["draft_key"], max_age=7 * 86400, httponly=True, samesite="Lax"
        )
    return response


def _worded(request: Request, case: Case, act: Act) -> HttpResponse:
    """A ready answer put behind what is typed already; nothing is done yet."""
    form = new_form(act, case, [], now())
    chosen = next((one for one in wordings() if one.code == request.POST["wording"]), None)
    text = request.POST.get("text", "").rstrip()
    if chosen:
        text = f"{text}\n\n{say(chosen.text)}".lstrip()
    typed = {name: request.POST.get(name, "") for name in form.fields}
    form.initial = {**typed, "text": text, "seen": request.POST.get("seen", case.version)}
    draft = _keep_uploads(request, now())
    return _shown(request, case, act, form, draft)


def _keep_uploads(request: Request, at: datetime) -> Typed:
    """Ids by purpose of what <photo-field> sent before and of plain uploads without a script."""
    key = request.COOKIES.get(DRAFT_COOKIE, "")
    files = {purpose: request.POST.getlist(f"files_{purpose}") for purpose in PURPOSES}
    for purpose in PURPOSES:
        for upload in request.FILES.getlist(f"upload_{purpose}"):
            key = key or secrets.token_urlsafe(24)
            row = keep_upload(
                upload.file or upload,
                draft_key=key,
                purpose=purpose,
                actor=request.actor.key,
                at=at,
            )
            files[purpose].append(str(row.pk))
    return {"files": files, "draft_key": key}


def _after(request: Request, case: Case, act: Act) -> str:
    query = kept_query(request)
    return f"{reverse('desks:case', args=[case.pk])}?{query}{'&' if query else ''}done={act.noun}"


def _with(data: Any, **changes: str) -> Any:
    copy = QueryDict(mutable=True)
    copy.update(data)
    for name, value in changes.items():
        copy[name] = value
    return copy


def _end(case: Case, day: date | None) -> datetime | None:
    return end_of(case.unit, day) if day else None


def _seen(request: Request, typed: Typed, at: datetime) -> dict[str, Any]:
    return {"seen": typed["seen"], "actor": request.actor, "at": at}


def _conclude(request: Request, case: Case, typed: Typed, at: datetime) -> None:
    deed = actions.order_redo if typed["finding"] == "redo" else actions.uphold_result
    deed(case, text=typed["text"], **_seen(request, typed, at))


def _answer(request: Request, case: Case, typed: Typed, at: datetime) -> None:
    claim = Claim(
        typed["outcome"], typed["text"], remaining=typed["remaining"],
        next_step=typed["next_step"], next_at=_end(case, typed["next_on"]),
    )  # fmt: skip
    actions.answer_case(
        case, claim, draw=_dice.random(), files=typed["files"], draft_key=typed["draft_key"],
        **_seen(request, typed, at),
    )  # fmt: skip


def _refuse(request: Request, case: Case, typed: Typed, at: datetime) -> None:
    claim = Claim(
        "refused", typed["text"], ground=typed["ground"], right_office=typed["right_office"]
    )
    actions.refuse_case(case, claim, **_seen(request, typed, at))


acknowledgements = _door(
    "acknowledgements", lambda r, c, _t, at: actions.acknowledge_case(c, actor=r.actor, at=at)
)
acceptances = _door("acceptances", lambda r, c, t, at: actions.accept_case(c, **_seen(r, t, at)))
beginnings = _door("beginnings", lambda r, c, t, at: actions.begin_case(c, **_seen(r, t, at)))
notes = _door(
    "notes",
    lambda r, c, t, at: actions.note_progress(
        c, text=t["text"], next_step=t["next_step"], next_at=_end(c, t["next_on"]),
        **_seen(r, t, at),
    ),
)  # fmt: skip
questions = _door(
    "questions", lambda r, c, t, at: actions.ask_petitioner(c, text=t["text"], **_seen(r, t, at))
)
transfers = _door(
    "transfers",
    lambda r, c, t, at: actions.transfer_case(
        c, unit=t["unit"], ground=t["ground"], text=t["text"], **_seen(r, t, at)
    ),
)
arbitrations = _door(
    "arbitrations",
    lambda r, c, t, at: actions.arbitrate_case(
        c, unit=t["unit"], text=t["text"], **_seen(r, t, at)
    ),
)
assignments = _door(
    "assignments", lambda r, c, t, at: actions.assign_case(c, post=t["post"], **_seen(r, t, at))
)
extensions = _door(
    "extensions",
    lambda r, c, t, at: actions.extend_deadline(
        c, text=t["text"], due_at=end_of(c.unit, t["due_on"]), **_seen(r, t, at)
    ),
)
answers = _door("answers", _answer)
refusals = _door("refusals", _refuse)
conclusions = _door("conclusions", _conclude)
