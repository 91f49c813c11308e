"""Booking an hour, and the page of one's own booking: move it, give it back, take it along."""

import secrets
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from thudo.accounts.gate import Request, gate, remember_opened
from thudo.base.clock import now
from thudo.base.errors import NotAllowed, NotFound, Refused
from thudo.reception import actions
from thudo.reception.actions.booking import KeyReused
from thudo.reception.forms import BookingForm, HourForm, tell
from thudo.reception.models import Booking, Day
from thudo.reception.queries.bookings import Visitor
from thudo.reception.queries.days import hours_of, lines_of
from thudo.reception.queries.files import booking_file
from thudo.reception.queries.own import own_page
from thudo.reception.rules import link_key
from thudo.reception.views.opened import link_of, open_with, own_booking


@never_cache
@gate("reception.book")
@require_safe
def day(request: Request, pk: UUID) -> HttpResponse:
    """GET /reception/days/<id>: its hours, and the form to book one."""
    found = _day(pk)
    form = BookingForm(hours=hours_of(found, now()))
    form.initial["idempotency_key"] = secrets.token_urlsafe(16)
    return _day_page(request, found, form)


@never_cache
@gate("reception.book")
@require_POST
def bookings(request: Request, pk: UUID) -> HttpResponse:
    """POST /reception/days/<id>/bookings."""
    found = _day(pk)
    form = BookingForm(request.POST, hours=hours_of(found, now()))
    if not form.is_valid():
        return _day_page(request, found, form, status=422)
    try:
        done = actions.book_hour(found, _wish(form), actor=request.actor, at=now())
    except Refused as refused:
        tell(form, refused.sentence, refused.extra.get("fields") or _field_of(refused))
        form.hours = hours_of(found, now())
        if isinstance(refused, KeyReused):
            form.data = request.POST.copy()
            form.data["idempotency_key"] = secrets.token_urlsafe(16)
        return _day_page(request, found, form, status=refused.status)
    remember_opened(request, link_key(done.booking.number))
    return redirect(f"/reception/bookings/{done.booking.number}/{done.secret}?booked=1")


@never_cache
@gate("page.public")
@require_safe
def secret(request: Request, number: int, secret: str) -> HttpResponse:
    """GET /reception/bookings/<number>/<secret>: one's own page."""
    return _page(request, open_with(request, str(number), secret))


@never_cache
@gate("reception.own", by_thing=True)
@require_safe
def show(request: Request, number: int) -> HttpResponse:
    """GET /reception/bookings/<number>: the same for a browser that opened the link before."""
    return _page(request, own_booking(request, str(number)))


@never_cache
@gate("reception.own", by_thing=True)
@require_safe
def calendar(request: Request, number: int) -> HttpResponse:
    """The booking for a calendar; one that ended takes itself out of it (METHOD:CANCEL)."""
    booking = own_booking(request, str(number))
    written, method = booking_file(booking, settings.PUBLIC_URL)
    response = HttpResponse(written, content_type=f"text/calendar; method={method}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="tiep-cong-dan-{booking.number}.ics"'
    return response


@never_cache
@gate("reception.change", by_thing=True)
@require_POST
def moves(request: Request, number: int) -> HttpResponse:
    """POST …/moves: another hour of the same unit."""
    booking = own_booking(request, str(number))
    day = _day_named(request.POST.get("day", "")) or booking.day
    form = HourForm(request.POST, hours=hours_of(day, now()))
    if not form.is_valid():
        return _page(request, booking, move=form, status=422)
    try:
        actions.move_booking(
            booking, day, form.cleaned_data["starts_at"], actor=request.actor, at=now()
        )
    except NotAllowed:
        raise
    except Refused as refused:
        tell(form, refused.sentence, refused.extra.get("fields") or {})
        return _page(request, own_booking(request, str(number)), move=form, status=refused.status)
    return redirect(f"{link_of(booking)}?moved=1")


@never_cache
@gate("reception.change", by_thing=True)
@require_POST
def cancellations(request: Request, number: int) -> HttpResponse:
    """POST …/cancellations: the hour is free again."""
    booking = own_booking(request, str(number))
    actions.cancel_booking(booking, actor=request.actor, at=now())
    return redirect(f"{link_of(booking)}?cancelled=1")


def _day(pk: UUID) -> Day:
    found = Day.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such reception day."))
    return found


def _day_named(text: str) -> Day | None:
    try:
        return Day.objects.filter(pk=UUID(text)).first()
    except ValueError:
        return None


def _wish(form: BookingForm) -> actions.Wish:
    given = form.cleaned_data
    petition = given["petition_link"]
    return actions.Wish(
        Visitor(given["name"], given["phone"], given["matter"]), given["starts_at"],
        petition.pk if petition else None, given["idempotency_key"],
    )  # fmt: skip


def _field_of(refused: Refused) -> dict[str, str]:
    """Beside which field the sentence of a refusal belongs."""
    field = {"hour_taken": "starts_at", "booked_already": "phone"}.get(refused.code)
    return {field: refused.sentence} if field else {}


def _day_page(request: Request, found: Day, form: BookingForm, status: int = 200) -> HttpResponse:
    at = now()
    lines = lines_of(Day.objects.filter(pk=found.pk), at)
    context = {"line": lines[0] if lines else None, "day": found, "form": form, "at": at}
    return render(request, "reception/day.html", context, status=status)


def _page(
    request: Request, booking: Booking, *, move: HourForm | None = None, status: int = 200
) -> HttpResponse:
    link = link_of(booking)
    context = own_page(booking, now()) | {
        "move": move,
        "link": link,
        "address": f"{settings.PUBLIC_URL}{link}",
        "done": next((one for one in ("booked", "moved", "cancelled") if one in request.GET), ""),
    }
    response = render(request, "reception/booking.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response
