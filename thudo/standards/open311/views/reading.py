"""What anybody may read: discovery, services, public requests and the steps of their work."""

from datetime import timedelta

from django.utils.translation import gettext as _

from thudo.base.clock import now
from thudo.base.errors import NotFound
from thudo.standards.open311 import queries
from thudo.standards.open311.mapping import discovery as discoveries
from thudo.standards.open311.mapping import requests, services, updates
from thudo.standards.open311.mapping.errors import Wrong
from thudo.standards.open311.mapping.formats import Told
from thudo.standards.open311.mapping.parameters import pages, wanted, window
from thudo.standards.open311.views.door import OpenRequest, asks, extends

# What a poller sees that names no time.
_SPAN = timedelta(days=1)


@asks("page.public")
def discovery(_request: OpenRequest) -> Told:
    """Which endpoints there are."""
    return discoveries.discovery(queries.changed_at())


@asks("page.public")
def list_services(_request: OpenRequest) -> Told:
    """The kinds of matter that may be filed."""
    return services.service_list()


@asks("page.public")
def define(_request: OpenRequest, service: str) -> Told:
    """The questions of one kind of matter."""
    return services.definition(service)


@asks("page.public")
def list_requests(request: OpenRequest) -> Told:
    """Public petitions: those named, else those filed within at most 90 days."""
    asked, at = request.given, now()
    numbers = asked.some("service_request_id")
    found = queries.requests_of(numbers) if numbers else queries.requests_in(wanted(asked, at))
    return requests.request_list(found, at, extensions=extends(request))


@asks("page.public")
def show(request: OpenRequest, number: str) -> Told:
    """One public petition."""
    found = queries.requests_of([number])
    if not found:
        raise NotFound(_("service_request_id was not found."))
    return requests.request_list(found, now(), extensions=extends(request))


@asks("page.public")
def resolve(_request: OpenRequest, token: str) -> Told:
    """The number behind a token: we answer at once, so a number is its own token."""
    if queries.petition_of(token) is None:
        raise NotFound(_("token was not found."))
    return Told("service_requests", [{"service_request_id": token, "token": token}])


@asks("page.public")
def list_updates(request: OpenRequest) -> Told:
    """Steps of the work, oldest first."""
    start, end = window(request.given, now(), default=_SPAN)
    page, size = pages(request.given)
    try:
        found = queries.updates_in(start, end, page=page, size=size)
    except queries.TooMuch as much:
        raise Wrong(_("These are too many; please ask for a shorter time.")) from much
    return updates.update_list(found, extensions=extends(request))


@asks("page.public")
def nothing(_request: OpenRequest, **_path: str) -> Told:
    """Whatever else is asked for."""
    raise NotFound(_("There is no such resource; addresses end in .xml or .json."))
