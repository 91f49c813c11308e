"""What the page of one's own booking shows."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from thudo.petitions.actions.identity import secret_of
from thudo.petitions.models import Petition, Petitioner
from thudo.reception.models import Booking, Day
from thudo.reception.queries.bookings import opened
from thudo.reception.queries.days import DayLine, Hour, hours_of, lines_of
from thudo.reception.queries.plan import today
from thudo.reception.rules import BOOKED, OUTCOMES, STATES

# Days offered to move to.
_OFFERED = 4


def own_page(booking: Booking, at: datetime) -> dict[str, Any]:
    """The booking, its day, its words, and the hours it may move to."""
    may_change = booking.state == BOOKED and booking.slot.starts_at > at
    return {
        "booking": booking,
        "state": _(STATES[booking.state]),
        "line": lines_of(Day.objects.filter(pk=booking.day_id), at)[0],
        "visitor": opened(booking).visitor,
        "may_change": may_change,
        "offers": _offers(booking, at) if may_change else [],
        "outcome": _(OUTCOMES[booking.outcome]) if booking.outcome else "",
        "filed": _link(booking.filed),
        "at": at,
    }


def _offers(booking: Booking, at: datetime) -> list[tuple[DayLine, list[Hour]]]:
    days = Day.objects.filter(unit=booking.day.unit, on__gte=today(at), called_off_at=None)
    lines = [line for line in lines_of(days, at) if line.free][:_OFFERED]
    return [(line, [hour for hour in hours_of(line.day, at) if hour.free]) for line in lines]


def _link(petition: Petition | None) -> tuple[str, str] | None:
    """(number, secret link) of the petition that was filed at the talk."""
    if petition is None or not Petitioner.objects.filter(petition=petition).exists():
        return None
    return petition.number, f"/petitions/{petition.number}/{secret_of(petition.pk)}"
