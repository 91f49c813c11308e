"""What the desk does to one petition: split, hide, show, look at who filed it."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thudo.accounts.gate import Request, require, staff
from thudo.base.clock import now
from thudo.base.errors import Invalid, NotFound
from thudo.desks.forms.intake import HidingForm, PurposeForm, SplitForm
from thudo.desks.views.doors import private
from thudo.petitions import actions
from thudo.petitions.models import Petition
from thudo.petitions.queries.reading import cases_of, scope_of, visible_to


@staff("petition.split")
@require_POST
def splits(request: Request, number: str) -> HttpResponse:
    """POST /petitions/<number>/splits: a second matter becomes a case of its own."""
    petition, form = _petition(request, number, "petition.split"), SplitForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Describe the second matter."), _sentences(form))
    case = actions.split_petition(petition, **form.cleaned_data, actor=request.actor, at=now())
    return redirect("desks:case", pk=case.pk)


@staff("petition.moderate")
@require_POST
def hidings(request: Request, number: str) -> HttpResponse:
    """POST /petitions/<number>/hidings: out of public sight, with the reason."""
    petition, form = _petition(request, number, "petition.moderate"), HidingForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Say why."), _sentences(form))
    actions.hide_petition(petition, **form.cleaned_data, actor=request.actor, at=now())
    return _back(petition)


@staff("petition.moderate")
@require_POST
def showings(request: Request, number: str) -> HttpResponse:
    """POST /petitions/<number>/showings: public again."""
    petition = _petition(request, number, "petition.moderate")
    actions.show_petition(petition, actor=request.actor, at=now())
    return _back(petition)


@staff("petition.read_identity")
@require_POST
def identity_views(request: Request, number: str) -> HttpResponse:
    """POST /petitions/<number>/identity-views: shown once on this page, and journalled."""
    petition, form = _petition(request, number, "petition.read_identity"), PurposeForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Say for which purpose."), _sentences(form))
    identity = actions.read_identity(
        petition, purpose=form.cleaned_data["purpose"], actor=request.actor, at=now()
    )
    purpose = dict(form.fields["purpose"].choices)[form.cleaned_data["purpose"]]  # type: ignore[attr-defined]
    context = {"petition": petition, "identity": identity, "purpose": purpose,
               "cases": cases_of(petition),
               "city_app": settings.CITY.get("city_app", {}).get("name")}  # fmt: skip
    return private(render(request, "desks/identity.html", context))


def _petition(request: Request, number: str, act: str) -> Petition:
    # Digits only: what else an address may hold is none of the database's business.
    plain = number if number.isascii() and number.isdigit() else ""
    found = visible_to(request.actor).filter(number=plain).first()
    if found is None:
        raise NotFound(_("There is no such petition."))
    require(request.actor, act, scope_of(found))
    return found


def _back(petition: Petition) -> HttpResponse:
    cases = cases_of(petition)
    return redirect("desks:triage", pk=cases[0].pk) if cases else redirect("desks:intake")


def _sentences(form: HidingForm | PurposeForm | SplitForm) -> dict[str, str]:
    return {name: str(errors[0]) for name, errors in form.errors.items()}
