"""A letter to an organisation, as an A4 page in the form that the pack lays down."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from thudo.accounts.gate import Request, gate
from thudo.base import phrases
from thudo.base.errors import NotFound
from thudo.petitions.actions.identity import organisation_of
from thudo.petitions.models import Letter
from thudo.petitions.queries.letters import paper_of
from thudo.petitions.views.opened import link_of, open_with


@never_cache
@gate("page.public")
@require_safe
def letter(request: Request, number: str, secret: str, pk: UUID) -> HttpResponse:
    """GET …/letters/<id>: in the city's own language, whatever the reader's."""
    petition = open_with(request, number, secret)
    found = Letter.objects.filter(petition=petition, pk=pk).select_related("petition").first()
    organisation = organisation_of(petition.pk)
    if found is None or organisation is None:
        raise NotFound(_("There is no such letter."))
    with translation.override(settings.LANGUAGE_CODE):
        page = {
            "paper": paper_of(found),
            "organisation": organisation,
            # Read out in pairs, never broken over a line.
            "number": phrases.pairs(petition.number).replace(" ", "\u00a0"),
            "link": link_of(petition),
            "site": settings.PUBLIC_URL,
            "decided": found.decided_at.astimezone(phrases.city_zone()),
            "filed": petition.filed_at.astimezone(phrases.city_zone()),
            "promised": _promised(found),
            "paper_language": settings.LANGUAGE_CODE,
            "demo_label": phrases.say(settings.CITY.get("demo_label", "")),
        }
        response = render(request, "petitions/letter.html", page)
    response["X-Robots-Tag"] = "noindex"
    return response


def _promised(found: Letter) -> str:
    """'before 16:30 Monday 23/02/2026': with its year, as what is kept needs it."""
    if found.promised_at is None:
        return ""
    return _("before %(instant)s") % {"instant": phrases.dated(found.promised_at)}
