"""Advisories and consultations by the API: read by anybody, written by the systems of units."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from thudo.advisories import actions, queries
from thudo.advisories.models import Advisory as Row
from thudo.advisories.rules import ABOUT
from thudo.base.clock import now
from thudo.base.errors import Invalid, NotFound
from thudo.directory.queries import directory
from thudo.standards.v1.mapping import announcing as told
from thudo.standards.v1.views import decoded, who, wrong

_MOST = 200


def list_advisories(request: HttpRequest) -> told.Advisories:
    """What runs or is planned; for a place the nearest first."""
    at, asked = now(), request.GET
    area, service = asked.get("area", ""), asked.get("service", "")
    if area and area not in directory().areas:
        raise wrong("area", _("This is no value of this filter."))
    if service and service not in directory().services:
        raise wrong("service", _("This is no value of this filter."))
    point, street = _point(request), asked.get("street", "")[:300]
    if point or street:
        found = queries.near(area=area, point=point, street=street, service=service, at=at)
        return told.Advisories([told.advisory(one.advisory, at, how=one.how) for one in found])
    about = asked.get("about", "")
    if about and about not in ABOUT:
        raise wrong("about", _("This is no value of this filter."))
    rows = queries.listed(at=at, area=area, about=about, service=service, limit=_MOST)
    return told.Advisories([told.advisory(row, at) for row in rows])


def read_advisory(request: HttpRequest, number: str) -> told.Advisory:  # noqa: ARG001
    """One, with its versions."""
    return _told(_row(number))


def publish_advisory(request: HttpRequest) -> told.Advisory:
    """Publish, or amend what the same unit's system already calls so."""
    body = decoded(request, told.Announcement)
    row = actions.keep_advisory(
        told.content_of(body), unit=body.unit, external_id=body.external_id,
        origin=("key", who(request).key), actor=who(request), at=now(),
    )  # fmt: skip
    return _told(row)


def amend_advisory(request: HttpRequest, number: str) -> told.Advisory:
    """What it says from now on."""
    row, body = _row(number), decoded(request, told.Announcement)
    if body.unit != row.unit:
        sentence = _("An advisory stays with its unit.")
        raise Invalid(sentence, {"unit": sentence})
    content = told.content_of(body)
    return _told(actions.amend_advisory(row, content, note=body.note, actor=who(request), at=now()))


def end_advisory(request: HttpRequest, number: str) -> told.Advisory:
    """It is over."""
    row, body = _row(number), decoded(request, told.Ending)
    return _told(actions.end_advisory(row, note=body.note, actor=who(request), at=now()))


def take_back_advisory(request: HttpRequest, number: str) -> told.Advisory:
    """It will not be, or was wrong."""
    row, body = _row(number), decoded(request, told.Ending)
    return _told(actions.withdraw_advisory(row, note=body.note, actor=who(request), at=now()))


def list_consultations(request: HttpRequest) -> told.Consultations:
    """What wards ask or asked."""
    at, area = now(), request.GET.get("area", "")
    if area and area not in directory().areas:
        raise wrong("area", _("This is no value of this filter."))
    rows = queries.consultations(area=area, at=at)
    return told.Consultations([told.consultation(row, at) for row in rows])


def _row(number: str) -> Row:
    if not (number.isascii() and number.isdecimal()) or len(number) > 18:
        raise NotFound(_("There is no advisory with this number."))
    return queries.one(int(number))


def _told(row: Row) -> told.Advisory:
    return told.advisory(row, now(), revisions=queries.revisions_of(row))


def _point(request: HttpRequest) -> tuple[float, float] | None:
    given = [request.GET.get(name, "") for name in ("lon", "lat")]
    if not any(given):
        return None
    try:
        longitude, latitude = (float(text) for text in given)
    except ValueError:
        raise wrong("lon", _("Give lon and lat in degrees.")) from None
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise wrong("lon", _("Give lon and lat in degrees."))
    return longitude, latitude
