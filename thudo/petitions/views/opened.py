"""Petitions that this browser has opened with their secret link."""

from dataclasses import replace

from django.utils.translation import gettext as _

from thudo.accounts.gate import MOST_OPENED, Request, remember_opened
from thudo.accounts.rules import FOLLOWED, Scope, may
from thudo.base.errors import NotFound
from thudo.petitions.actions.identity import secret_of
from thudo.petitions.models import Follower, Petition, Petitioner
from thudo.petitions.queries.follow import follower_of, follower_secret
from thudo.petitions.queries.reading import opens


def petition_at(number: str) -> Petition:
    """The petition of an address."""
    petition = Petition.objects.filter(number=number).first()
    if petition is None:
        raise NotFound(_("There is no report with this number."))
    return petition


def open_with(request: Request, number: str, secret: str) -> Petition:
    """Check the secret and remember that this browser has shown it. A wrong secret and an unknown
    number look the same."""
    if not opens(number, secret):
        raise NotFound(_("This link opens no report. Please check that it was copied whole."))
    remember_opened(request, number)
    return petition_at(number)


def is_personal(request: Request, petition: Petition) -> bool:
    """Whether the page is for the sender himself."""
    return may(request.actor, "petition.read_own", Scope(numbers=frozenset({petition.number})))


def own_petition(request: Request, number: str) -> Petition:
    """A petition whose secret link this browser has shown; raises NotFound for another."""
    petition = petition_at(number)
    if not is_personal(request, petition):
        raise NotFound(_("Open the secret link of your receipt first; then you can do this."))
    return petition


def follow_with(request: Request, number: str, follower: Follower) -> None:
    """Remember that this browser has shown a follower's link."""
    known = {n: pk for n, pk in request.session.get(FOLLOWED, {}).items() if n != number}
    kept = dict([*known.items(), (number, str(follower.pk))][-MOST_OPENED:])
    request.session[FOLLOWED] = kept
    request.actor = replace(request.actor, followed=frozenset(kept.values()))


def own_follower(request: Request, petition: Petition) -> Follower:
    """The follower that this browser is of a petition; raises NotFound for another."""
    follower = follower_of(request.actor, petition)
    if follower is None:
        raise NotFound(_("Open the link by which you follow this report first."))
    return follower


def follower_link(follower: Follower, number: str) -> str:
    """The path of a follower's own page."""
    return f"/petitions/{number}/followers/{follower_secret(follower)}"


def link_of(petition: Petition) -> str:
    """The path of the secret link; "" once the identity was erased."""
    if not Petitioner.objects.filter(petition=petition).exists():
        return ""
    return f"/petitions/{petition.number}/{secret_of(petition.pk)}"
