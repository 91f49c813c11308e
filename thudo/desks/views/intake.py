"""The intake desk: name the unsure, merge, settle disputes, file for a caller."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from thudo.accounts.gate import Request, gate, staff
from thudo.base.clock import now
from thudo.base.errors import Invalid, NotAllowed, Refused
from thudo.cases.models import Case
from thudo.desks.forms.intake import (
    FilingForm,
    HidingForm,
    MergeForm,
    PurposeForm,
    SplitForm,
    TriageForm,
)
from thudo.desks.queries.intake import heard_words, kinds_not_taken, proposals_for, waiting_cases
from thudo.desks.queries.sheet import sheet_of
from thudo.desks.queries.similar import merge_candidates
from thudo.desks.views.doors import case_in, is_fragment, private
from thudo.directory.queries import unit_name
from thudo.petitions import actions
from thudo.petitions.rules import Contact, Filing, Receipt


@gate("desk.intake")
@never_cache
@require_GET
def intake(request: Request) -> HttpResponse:
    context = {"waiting": waiting_cases(request.actor, now()), "done": _done(request)}
    template = "desks/_waiting.html" if is_fragment(request) else "desks/intake.html"
    return render(request, template, context)


@staff("case.triage")
@require_GET
def triage(request: Request, pk: UUID) -> HttpResponse:
    """GET /intake/<case>: everything the desk can do with one petition, on one page."""
    return _page(request, case_in(request, pk, "case.triage"))


@staff("case.triage")
@require_POST
def triages(request: Request, pk: UUID) -> HttpResponse:
    case, form = case_in(request, pk, "case.triage"), TriageForm(request.POST)
    if not form.is_valid():
        return _page(request, case, triage=form, status=422)
    typed = form.cleaned_data
    try:
        actions.triage_petition(
            case, service=typed["service"], urgency=typed["urgency"], unit=typed["unit"],
            seen=typed["seen"], actor=request.actor, at=now(),
        )  # fmt: skip
    except NotAllowed:
        raise
    except Refused as refused:
        _tell(form, refused)
        return _page(request, case_in(request, pk), triage=form, status=refused.status)
    return redirect("/intake/?done=triaged")


@staff("petition.merge")
@require_POST
def merges(request: Request, pk: UUID) -> HttpResponse:
    case, form = case_in(request, pk, "petition.merge"), MergeForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Choose another open case."))
    into = case_in(request, form.cleaned_data["into"])
    actions.merge_petition(case, into, actor=request.actor, at=now())
    return redirect("/intake/?done=merged")


@gate("petition.file_on_behalf")
@never_cache
@require_GET
def new_filing(request: Request) -> HttpResponse:
    return render(request, "desks/filing.html", {"form": FilingForm()})


@gate("petition.file_on_behalf")
@never_cache
@require_POST
def filings(request: Request) -> HttpResponse:
    """POST /intake/petitions: files for a caller; the page is read out to him."""
    form = FilingForm(request.POST)
    if not form.is_valid():
        return render(request, "desks/filing.html", {"form": form}, status=422)
    try:
        receipt = actions.file_petition(_filing(form.cleaned_data), actor=request.actor, at=now())
    except Invalid as refused:
        _tell(form, refused)
        return render(request, "desks/filing.html", {"form": form}, status=refused.status)
    return private(render(request, "desks/filed.html", _receipt(receipt), status=201))


def _receipt(receipt: Receipt) -> dict[str, Any]:
    return {"receipt": receipt, "unit": unit_name(receipt.unit)}


def _filing(typed: dict[str, Any]) -> Filing:
    return Filing(
        text=typed["text"], service=typed["service"], longitude=typed["lon"],
        latitude=typed["lat"], area=typed["area"], place=typed["place"],
        contact=Contact(typed["name"], typed["phone"]), is_public=not typed["is_private"],
        channel=typed["channel"],
    )  # fmt: skip


def _page(
    request: Request, case: Case, *, triage: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    at = now()
    sheet = sheet_of(request.actor, case, at)
    petition = sheet.letters[0].petition if sheet.letters else None
    initial = {"seen": case.version, "urgency": case.urgency}
    proposals = proposals_for(case, petition, at)
    guesses = [one.service for one in proposals]
    context = {
        "sheet": sheet,
        "case": case,
        "petition": petition,
        "proposals": proposals,
        "kinds": kinds_not_taken(petition) if "refuse_case" in sheet.steps else [],
        "words": heard_words(petition),
        "triage": triage or TriageForm(initial=initial),
        "candidates": merge_candidates(request.actor, case, at, guesses=guesses[:1]),
        "split": SplitForm(),
        "hiding": HidingForm(),
        "purpose": PurposeForm(),
        "waiting": waiting_cases(request.actor, at),
    }
    return render(request, "desks/triage.html", context, status=status)


def _tell(form: forms.Form, refused: Refused) -> None:
    fields = refused.fields if isinstance(refused, Invalid) else {}
    known = {name: words for name, words in fields.items() if name in form.fields}
    for name, words in known.items():
        form.add_error(name, words)
    if not known:
        form.add_error(None, refused.sentence)


def _done(request: Request) -> str:
    return {
        "triaged": _("The case is with the unit now."),
        "merged": _("The petition goes on in the other case."),
    }.get(request.GET.get("done", ""), "")
