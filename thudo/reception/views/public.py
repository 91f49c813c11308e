"""The days on which the city and each unit receive people."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thudo.accounts.gate import Request, gate
from thudo.base.clock import now
from thudo.base.errors import NotFound
from thudo.directory.queries import directory, unit_name
from thudo.reception.forms import UnitForm
from thudo.reception.queries.days import by_date, coming_days, dates_of
from thudo.reception.queries.units import is_receiving, unit_choices


@gate("page.public")
@require_safe
def city(request: Request) -> HttpResponse:
    """GET /reception/: choose a unit, or a date; the head of the city stands first."""
    unit, on = UnitForm(request.GET).chosen()
    if unit:
        return redirect("reception:unit", unit=unit)
    at = now()
    top = directory().city["top_unit"]
    lines = coming_days(at, on=on)
    page = {
        "choices": unit_choices(),
        "top": unit_name(top),
        "on": on,
        "lines": lines,
        # Of a date only its lines are shown.
        "top_lines": [] if on else [line for line in lines if line.day.unit == top],
        "dates": [] if on else dates_of(lines),
        "at": at,
    }
    return render(request, "reception/city.html", page)


@gate("page.public")
@require_safe
def unit(request: Request, unit: str) -> HttpResponse:
    """GET /reception/units/<code>: its days, with what is free."""
    if not is_receiving(unit):
        raise NotFound(_("This unit receives nobody by appointment."))
    at = now()
    page = {
        "unit": directory().units[unit],
        "dates": by_date(coming_days(at, unit=unit)),
        "choices": unit_choices(),
        "at": at,
    }
    return render(request, "reception/unit.html", page)
