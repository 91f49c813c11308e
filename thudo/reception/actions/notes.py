"""How every deed on a booking changes its row and is journalled."""

from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from thudo.accounts.rules import Actor
from thudo.base.errors import Refused
from thudo.journal.actions import record
from thudo.journal.rules import Subject
from thudo.reception.models import Booking
from thudo.reception.rules import STATES


class BookingChanged(Refused):
    """The booking is in a state from which this does not start, or somebody changed it just now."""

    code = "booking_changed"


def change(
    booking: Booking, action: str, changes: dict[str, Any], *, before: tuple[str, ...],
    actor: Actor, at: datetime, more: dict[str, Any] | None = None, is_new_hour: bool = False,
) -> None:  # fmt: skip
    """Compare and swap on state and version, then journal. `is_new_hour`: a calendar must know."""
    if booking.state not in before:
        sentence = _("This cannot be done now: the booking is “%(state)s”.")
        raise BookingChanged(sentence % {"state": _(STATES[booking.state])})
    moved = Booking.objects.filter(pk=booking.pk, version=booking.version).update(
        version=F("version") + 1,
        sequence=F("sequence") + (1 if is_new_hour else 0),
        changed_at=at,
        **changes,
    )
    if moved != 1:
        raise BookingChanged(_("Somebody else has just changed this booking."))
    booking.refresh_from_db()
    note(booking, action, actor=actor, at=at, more=more)


def note(
    booking: Booking, action: str, *, actor: Actor, at: datetime, more: dict[str, Any] | None = None
) -> None:
    """One entry about a booking: its hour and state; never who, never what about."""
    data: dict[str, Any] = {
        **(more or {}),
        "booking": booking.number,
        "day": str(booking.day_id),
        "slot": booking.slot_id,
        "starts_at": booking.slot.starts_at.isoformat(),
        "unit": booking.day.unit,
        "state": booking.state,
        "sequence": booking.sequence,
        "public": False,
    }
    subject = Subject("booking", str(booking.pk), booking.version)
    record(action, subject=subject, actor=actor.key, at=at, data=data)
