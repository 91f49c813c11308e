"""The petitions whose secret link this browser has shown: a list without an account."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from thudo.accounts.gate import Request, gate
from thudo.accounts.rules import OPENED
from thudo.base.clock import now
from thudo.petitions.models import Petition
from thudo.petitions.queries.tracking import tracking_of

_SHOWN = 20


@never_cache
@gate("page.public")
@require_safe
def mine(request: Request) -> HttpResponse:
    """GET /petitions/mine: what this browser filed or opened, the newest first."""
    at = now()
    own = Petition.objects.filter(number__in=request.actor.opened).order_by("-filed_at")[:_SHOWN]
    found = [tracking_of(petition, is_personal=True, at=at) for petition in own]
    return render(request, "petitions/mine.html", {"petitions": found})


@never_cache
@gate("page.public")
@require_POST
def forgetting(request: Request) -> HttpResponse:
    """On a shared device: the list is emptied; the petitions go on, and the links still open them."""
    request.session.pop(OPENED, None)
    return redirect("petitions-mine")
