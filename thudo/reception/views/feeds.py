"""Reception days to subscribe to: iCalendar and Atom, of a unit or of the whole city."""

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from thudo.accounts.gate import Request, gate
from thudo.base.clock import now
from thudo.base.errors import NotFound
from thudo.reception.queries.files import days_feed, days_file
from thudo.reception.queries.units import is_receiving


@cache_control(public=True, max_age=600)
@gate("page.public")
@require_safe
def calendar(_request: Request, unit: str = "") -> HttpResponse:
    """GET …/days.ics."""
    written = days_file(_known(unit), settings.PUBLIC_URL, now())
    return HttpResponse(written, content_type="text/calendar; charset=utf-8")


@cache_control(public=True, max_age=600)
@gate("page.public")
@require_safe
def atom(_request: Request, unit: str = "") -> HttpResponse:
    """GET …/days.atom."""
    written = days_feed(_known(unit), settings.PUBLIC_URL, now())
    return HttpResponse(written, content_type="application/atom+xml; charset=utf-8")


def _known(unit: str) -> str:
    if unit and not is_receiving(unit):
        raise NotFound(_("This unit receives nobody by appointment."))
    return unit
