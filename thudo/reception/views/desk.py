"""The desk that receives: the day's list, one visitor, and what came of it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from thudo.accounts.gate import Request, gate, require, staff
from thudo.accounts.rules import Scope
from thudo.base.clock import now
from thudo.base.errors import Invalid, NotAllowed, NotFound, Refused
from thudo.reception import actions
from thudo.reception.actions.days import Opening
from thudo.reception.forms import CallOffForm, FilingForm, OpeningForm, ResultForm, UnitForm, tell
from thudo.reception.models import Booking, Day
from thudo.reception.queries.bookings import bookings_on, day_scope
from thudo.reception.queries.desk import day_page, desk_page, sheet_page, units_of
from thudo.reception.queries.units import is_receiving
from thudo.reception.views.opened import desk_booking


@gate("reception.list")
@never_cache
@require_GET
def desk(request: Request) -> HttpResponse:
    """GET /reception/desk: the days of one's unit; today's list, if there is one, in full."""
    unit, _on = UnitForm(request.GET).chosen()
    return _desk(request, unit)


@staff("reception.receive")
@require_GET
def day(request: Request, pk: UUID) -> HttpResponse:
    """GET /reception/desk/days/<id>: who comes when, without names."""
    return _day_page(request, _day(request, pk, "reception.receive"))


@staff("reception.read_identity")
@require_POST
def day_views(request: Request, pk: UUID) -> HttpResponse:
    """POST /reception/days/<id>/identity-views: the list with names, once; each is journalled."""
    found = _day(request, pk, "reception.read_identity")
    names = actions.read_visitors(
        bookings_on([found]), purpose="receive", actor=request.actor, at=now()
    )
    return _day_page(request, found, names=names)


@staff("reception.plan")
@require_POST
def call_offs(request: Request, pk: UUID) -> HttpResponse:
    found, form = _day(request, pk, "reception.plan"), CallOffForm(request.POST)
    if form.is_valid():
        actions.call_off_day(
            found, reason=form.cleaned_data["reason"], actor=request.actor, at=now()
        )
        return redirect("reception:desk-day", pk=pk)
    return _day_page(request, found, call_off=form, status=422)


@staff("reception.plan")
@require_POST
def openings(request: Request, unit: str) -> HttpResponse:
    """POST /reception/units/<code>/days: an extra day."""
    if not is_receiving(unit):
        raise NotFound(_("This unit receives nobody by appointment."))
    require(request.actor, "reception.plan", Scope(unit=unit))
    form = OpeningForm(request.POST, unit=unit)
    if not form.is_valid():
        return _desk(request, unit, opening=form, status=422)
    given = form.cleaned_data
    opening = Opening(
        unit, given["post"], given["on"], form.hours(), given["slot_minutes"], given["seats"]
    )
    try:
        made = actions.open_day(opening, actor=request.actor, at=now())
    except NotAllowed:
        raise
    except Refused as refused:
        tell(form, refused.sentence, refused.extra.get("fields") or {})
        return _desk(request, unit, opening=form, status=refused.status)
    return redirect("reception:desk-day", pk=made.pk)


@staff("reception.receive")
@require_GET
def sheet(request: Request, number: int) -> HttpResponse:
    """GET /reception/desk/bookings/<number>: one visitor, without his name."""
    return _sheet(request, desk_booking(request, str(number)))


@staff("reception.read_identity")
@require_POST
def views(request: Request, number: int) -> HttpResponse:
    """POST …/identity-views: name, number and matter, once, and journalled."""
    booking = desk_booking(request, str(number), "reception.read_identity")
    purpose = request.POST.get("purpose", "receive")
    found = actions.read_visitors([booking], purpose=purpose, actor=request.actor, at=now())
    return _sheet(request, booking, visitor=found[booking.pk])


@staff("reception.receive")
@require_POST
def arrivals(request: Request, number: int) -> HttpResponse:
    booking = desk_booking(request, str(number))
    actions.mark_arrival(booking, actor=request.actor, at=now())
    return _back(booking)


@staff("reception.receive")
@require_POST
def absences(request: Request, number: int) -> HttpResponse:
    booking = desk_booking(request, str(number))
    actions.mark_absence(booking, actor=request.actor, at=now())
    return _back(booking)


@staff("reception.receive")
@require_POST
def results(request: Request, number: int) -> HttpResponse:
    booking, form = desk_booking(request, str(number)), ResultForm(request.POST)
    if not form.is_valid():
        return _sheet(request, booking, result=form, status=422)
    try:
        actions.hold_booking(booking, **form.cleaned_data, actor=request.actor, at=now())
    except Invalid as wrong:
        tell(form, wrong.sentence, wrong.fields)
        return _sheet(request, booking, result=form, status=422)
    return _back(booking)


@staff("reception.receive")
@require_POST
def petitions(request: Request, number: int) -> HttpResponse:
    """POST …/petitions: what he said becomes his petition."""
    booking, form = desk_booking(request, str(number)), FilingForm(request.POST)
    if not form.is_valid():
        return _sheet(request, booking, filing=form, status=422)
    try:
        actions.file_from_booking(booking, **form.cleaned_data, actor=request.actor, at=now())
    except Invalid as wrong:
        tell(form, wrong.sentence, wrong.fields)
        return _sheet(request, booking, filing=form, status=422)
    return _back(booking)


def _day(request: Request, pk: UUID, act: str) -> Day:
    found = Day.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such reception day."))
    require(request.actor, act, day_scope(found))
    return found


def _back(booking: Booking) -> HttpResponse:
    return redirect("reception:desk-booking", number=booking.number)


def _desk(
    request: Request, unit: str, *, opening: OpeningForm | None = None, status: int = 200
) -> HttpResponse:
    units = units_of(request.actor)
    chosen = unit if unit in units else next(iter(units), "")
    context = desk_page(request.actor, chosen, units, now())
    if chosen and context["may_plan"]:
        context["opening"] = opening or OpeningForm(unit=chosen)
    return render(request, "reception/desk.html", context, status=status)


def _day_page(request: Request, found: Day, **more: Any) -> HttpResponse:
    context = day_page(request.actor, found, now(), names=more.pop("names", None))
    context["call_off"] = more.pop("call_off", None) or CallOffForm()
    return render(request, "reception/desk_day.html", context, status=more.get("status", 200))


def _sheet(request: Request, booking: Booking, **more: Any) -> HttpResponse:
    context = sheet_page(request.actor, booking, now())
    context["result"] = more.get("result") or ResultForm()
    context["filing"] = more.get("filing") or FilingForm()
    context["visitor"] = more.get("visitor")
    return render(request, "reception/desk_booking.html", context, status=more.get("status", 200))
