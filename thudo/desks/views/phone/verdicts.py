"""Verdicts by telephone: taken down, and asked for again by another clerk."""

import random
from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from thudo.accounts.gate import Request, gate
from thudo.base.clock import now
from thudo.base.errors import Invalid, NotFound
from thudo.desks import actions
from thudo.desks.forms.phone import VERDICT_WORDS, CheckForm, VerdictForm
from thudo.desks.models import PhoneVerdict
from thudo.desks.queries.callbacks import checks_due, verdicts_by_phone
from thudo.desks.queries.finding import case_numbered
from thudo.desks.queries.phone import phone_desk
from thudo.petitions.models import Petition

_MONTH = timedelta(days=30)


@gate("verdict.check")
@never_cache
@require_http_methods(["GET", "POST"])
def verdicts(request: Request) -> HttpResponse:
    """GET: which verdicts another clerk asks for again. POST: one is taken down."""
    if request.method == "POST":
        return _taken(request)
    page = {
        "checks": checks_due(request.actor),
        "words": dict(VERDICT_WORDS),
        "counts": verdicts_by_phone(now() - _MONTH),
        "share": round(100 * phone_desk().check_share),
        "done": _("Noted.") if request.GET.get("done") else "",
    }
    return render(request, "desks/phone/verdicts.html", page)


@gate("verdict.check")
@require_POST
def checks(request: Request, pk: UUID) -> HttpResponse:
    """POST /phone/verdicts/<id>/checks: what the second clerk heard."""
    row = PhoneVerdict.objects.select_related("verdict__petition").filter(pk=pk).first()
    if row is None:
        raise NotFound(_("There is no such check."))
    form = CheckForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Say what came of it."))
    actions.check_verdict(row, outcome=form.cleaned_data["outcome"], actor=request.actor, at=now())
    return redirect("/phone/verdicts?done=1")


def _taken(request: Request) -> HttpResponse:
    form = VerdictForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Choose one of the three answers."))
    given = form.cleaned_data
    case = case_numbered(request.actor, given["number"])
    petition = Petition.objects.get(number=given["number"])
    actions.take_verdict(
        petition, case, phone=given["phone"], value=given["value"], text=given["text"],
        draw=random.random(),  # noqa: S311  # a sample, not a secret
        actor=request.actor, at=now(),
    )  # fmt: skip
    return redirect(f"/phone/?{urlencode({'caller': given['phone'], 'done': 'verdict'})}")
