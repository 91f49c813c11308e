"""The petitions whose secret link this browser has shown: a list without an account."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from thudo.accounts.gate import Request, gate
from thudo.accounts.rules import FOLLOWED, OPENED
from thudo.base.clock import now
from thudo.petitions.models import Petition
from thudo.petitions.queries.follow import followed_petitions
from thudo.petitions.queries.tracking import tracking_of

_SHOWN = 20


@never_cache
@gate("page.public")
@require_safe
def mine(request: Request) -> HttpResponse:
    """GET /petitions/mine: what this browser filed, opened or follows, the newest first."""
    at = now()
    own = Petition.objects.filter(number__in=request.actor.opened).order_by("-filed_at")[:_SHOWN]
    found = [tracking_of(petition, is_personal=True, at=at) for petition in own]
    others = followed_petitions(request.actor, _SHOWN)
    followed = [tracking_of(petition, is_personal=False, at=at) for petition in others]
    page = {"petitions": found, "followed": followed}
    return render(request, "petitions/mine.html", page)


@never_cache
@gate("page.public")
@require_POST
def forgetting(request: Request) -> HttpResponse:
    """On a shared device: the list is emptied; the petitions go on, and the links still open them."""
    request.session.pop(OPENED, None)
    request.session.pop(FOLLOWED, None)
    return redirect("petitions-mine")
