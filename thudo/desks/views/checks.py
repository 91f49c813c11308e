"""The checking desk: one result on one page beside the petition; let it out or send it back."""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from thudo.accounts.gate import Request, gate, staff
from thudo.base.clock import now
from thudo.base.errors import NotAllowed, Refused
from thudo.cases import actions
from thudo.cases.actions.answer import NothingToCheck
from thudo.cases.lifecycle import AWAITING_CHECK, STEPS
from thudo.cases.models import Case
from thudo.desks.forms.cases import ApprovalForm, ReturnForm
from thudo.desks.queries.checks import claims_for, outcome_words, why_words
from thudo.desks.queries.sheet import photos_can_be_shown, sheet_of
from thudo.desks.views.doors import case_in, is_fragment
from thudo.directory.queries import unit_name
from thudo.journal.queries import sentence
from thudo.petitions.actions import approve_result

# Both forms of the page have a note: their fields need ids of their own.
_BACK = "back_%s"


@gate("desk.checking")
@never_cache
@require_GET
def checks(request: Request) -> HttpResponse:
    context = {"claims": claims_for(request.actor, now()), "done": _done(request)}
    template = "desks/_claims.html" if is_fragment(request) else "desks/checks.html"
    return render(request, template, context)


@staff("case.check")
@require_GET
def check(request: Request, pk: UUID) -> HttpResponse:
    case = case_in(request, pk, "case.check")
    if case.state != AWAITING_CHECK:
        return redirect("desks:case", pk=pk)
    return _page(request, case)


@staff("case.check")
@require_POST
def approvals(request: Request, pk: UUID) -> HttpResponse:
    """POST /cases/<id>/approvals: the result goes out in this very step."""
    case, form = case_in(request, pk, "case.check"), ApprovalForm(request.POST)
    if not form.is_valid():
        return _page(request, case, approval=form, status=422)
    try:
        approve_result(
            case, remark=form.cleaned_data["note"], seen=form.cleaned_data["seen"],
            with_photos=form.cleaned_data["with_photos"], actor=request.actor, at=now(),
        )  # fmt: skip
    except NotAllowed:
        raise
    except Refused as refused:
        return _again(request, pk, refused, approval=form)
    return redirect("/checks/?done=approve_answer")


@staff("case.check")
@require_POST
def returns(request: Request, pk: UUID) -> HttpResponse:
    """POST /cases/<id>/returns: back to the unit with what is missing."""
    case, form = case_in(request, pk, "case.check"), ReturnForm(request.POST, auto_id=_BACK)
    if not form.is_valid():
        return _page(request, case, back=form, status=422)
    try:
        actions.send_back_answer(
            case, note=form.cleaned_data["note"], seen=form.cleaned_data["seen"],
            actor=request.actor, at=now(),
        )  # fmt: skip
    except NotAllowed:
        raise
    except Refused as refused:
        return _again(request, pk, refused, back=form)
    return redirect("/checks/?done=send_back_answer")


def _again(
    request: Request,
    pk: UUID,
    refused: Refused,
    *,
    approval: forms.Form | None = None,
    back: forms.Form | None = None,
) -> HttpResponse:
    case = case_in(request, pk)
    if case.state != AWAITING_CHECK:
        raise refused
    return _page(
        request, case, approval=approval, back=back, status=refused.status,
        refused=refused.sentence,
    )  # fmt: skip


def _page(
    request: Request,
    case: Case,
    *,
    approval: forms.Form | None = None,
    back: forms.Form | None = None,
    status: int = 200,
    refused: str = "",
) -> HttpResponse:
    if case.state != AWAITING_CHECK:
        raise NothingToCheck(_("No result waits for the check."))
    sheet = sheet_of(request.actor, case, now())
    answer = sheet.pending
    seen = {"seen": case.version}
    is_own = bool(answer and (answer.unit in request.actor.units))
    context = {
        "sheet": sheet,
        "case": case,
        "answer": answer,
        "outcome": outcome_words(answer.outcome) if answer else "",
        "why": why_words(answer.why_checked) if answer else "",
        "answered_by": unit_name(answer.unit) if answer else "",
        "claims": claims_for(request.actor, now()),
        "approval": approval or ApprovalForm(initial=seen),
        "back": back or ReturnForm(initial=seen, auto_id=_BACK),
        "has_photos": photos_can_be_shown(sheet.letters),
        "version": case.version,
        "is_own": is_own,
        "refused": refused,
    }
    return render(request, "desks/check.html", context, status=status)


def _done(request: Request) -> str:
    deed = request.GET.get("done", "")
    return sentence(STEPS[deed].action) if deed in {"approve_answer", "send_back_answer"} else ""
