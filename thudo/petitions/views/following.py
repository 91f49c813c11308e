"""What a sender does later with his own petition. Each is a noun and a deed."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from thudo.accounts.gate import Request, gate
from thudo.base.clock import now
from thudo.base.errors import Invalid, NotFound
from thudo.cases.models import Case
from thudo.files.actions import keep_upload
from thudo.files.gate import draft_key, new_draft_key
from thudo.petitions import actions
from thudo.petitions.forms import SupplementForm, VerdictForm
from thudo.petitions.models import Petition
from thudo.petitions.queries.reading import cases_of
from thudo.petitions.views.opened import link_of, own_petition
from thudo.petitions.views.tracking import page_of


@never_cache
@gate("petition.supplement", by_thing=True)
@require_POST
def supplements(request: Request, number: str) -> HttpResponse:
    petition = own_petition(request, number)
    form = SupplementForm(request.POST)
    key = draft_key(request) or new_draft_key()
    if not form.is_valid():
        return page_of(request, petition, form=form, status=422)
    try:
        files = [*request.POST.getlist("files"), *_uploads(request, key)]
        text = form.cleaned_data["text"]
        actions.supplement_petition(
            petition, text=text, files=files, draft_key=key, actor=request.actor, at=now()
        )
    except Invalid as wrong:
        form.add_error("text", wrong.sentence)
        return page_of(request, petition, form=form, status=422)
    # In the address, not in the session: a script that sends the form fetches the page once first.
    return redirect(f"{_back(petition).url}?added=1")


@never_cache
@gate("petition.judge", by_thing=True)
@require_POST
def verdicts(request: Request, number: str) -> HttpResponse:
    petition = own_petition(request, number)
    form = VerdictForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Choose one of the three answers."))
    actions.judge_petition(
        petition,
        _case(petition, str(form.cleaned_data["case"])),
        value=form.cleaned_data["value"],
        text=form.cleaned_data["text"],
        actor=request.actor,
        at=now(),
    )
    return _back(petition)


@never_cache
@gate("petition.withdraw", by_thing=True)
@require_POST
def withdrawals(request: Request, number: str) -> HttpResponse:
    petition = own_petition(request, number)
    actions.withdraw_petition(petition, actor=request.actor, at=now())
    return _back(petition)


@never_cache
@gate("petition.supplement", by_thing=True)
@require_POST
def reviews(request: Request, number: str) -> HttpResponse:
    petition = own_petition(request, number)
    actions.review_petition(petition, actor=request.actor, at=now())
    return _back(petition)


def _back(petition: Petition) -> HttpResponseRedirect:
    return redirect(link_of(petition) or f"/petitions/{petition.number}")


def _case(petition: Petition, pk: str) -> Case:
    found = next((case for case in cases_of(petition) if str(case.pk) == pk), None)
    if found is None:
        raise NotFound(_("There is no such matter in this report."))
    return found


def _uploads(request: Request, key: str) -> list[str]:
    """Photos that came with the form itself, where no script had sent them before."""
    rows = [
        keep_upload(upload, draft_key=key, actor=request.actor.key, at=now())
        for upload in request.FILES.getlist("photos")
    ]
    return [str(row.pk) for row in rows]
