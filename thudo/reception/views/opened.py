"""Bookings that this browser has opened with their secret link."""

from django.utils.translation import gettext as _

from thudo.accounts.gate import Request, remember_opened, require
from thudo.accounts.rules import may
from thudo.base.errors import NotFound
from thudo.reception.models import Booking
from thudo.reception.queries.bookings import opened, opens, scope_of, visible_to
from thudo.reception.rules import link_key


def open_with(request: Request, number: str, secret: str) -> Booking:
    """Check the secret and remember it. A wrong secret and an unknown number look the same."""
    if not opens(number, secret):
        raise NotFound(_("This link opens no booking. Please check that it was copied whole."))
    remember_opened(request, link_key(number))
    return own_booking(request, number)


def own_booking(request: Request, number: str) -> Booking:
    """A booking whose secret link this browser has shown; raises NotFound for another."""
    booking = visible_to(request.actor).filter(number=number).first()
    if booking is None or not may(request.actor, "reception.own", scope_of(booking)):
        raise NotFound(_("Open the secret link of your booking first; then you can do this."))
    return booking


def desk_booking(request: Request, number: str, act: str = "reception.receive") -> Booking:
    """A booking of a unit that this member of staff receives for."""
    booking = visible_to(request.actor).filter(number=number).first()
    if booking is None:
        raise NotFound(_("There is no such booking at your desk."))
    require(request.actor, act, scope_of(booking))
    return booking


def link_of(booking: Booking) -> str:
    """The path of the secret link."""
    return f"/reception/bookings/{booking.number}/{opened(booking).secret}"
