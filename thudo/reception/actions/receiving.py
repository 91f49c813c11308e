"""What those who receive do: look at who comes, check in, note the result, file what was said."""

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from thudo.accounts.gate import require
from thudo.accounts.rules import Actor
from thudo.base.errors import Invalid
from thudo.base.folding import clean
from thudo.journal.rules import seal
from thudo.petitions.actions import file_petition
from thudo.petitions.models import Petition
from thudo.petitions.rules import Contact, Filing, Receipt, RequestKey
from thudo.reception.actions.notes import BookingChanged, change, note
from thudo.reception.models import Booking
from thudo.reception.queries.bookings import Visitor, opened, scope_of
from thudo.reception.queries.plan import today
from thudo.reception.rules import ARRIVED, BOOKED, HELD, MISSED, OUTCOMES

NOTE_LIMIT = 2000
PURPOSES = ("receive", "call_back")


@transaction.atomic
def read_visitors(
    bookings: Sequence[Booking], *, purpose: str, actor: Actor, at: datetime
) -> Mapping[UUID, Visitor]:
    """Who comes and what about; every view is journalled with its purpose, booking by booking."""
    if purpose not in PURPOSES:
        raise Invalid(_("Say for which purpose."), {"purpose": _("Say for which purpose.")})
    found = {}
    for booking in bookings:
        require(actor, "reception.read_identity", scope_of(booking))
        note(booking, "reception.identity_read", actor=actor, at=at, more={"purpose": purpose})
        found[booking.pk] = opened(booking).visitor
    return found


@transaction.atomic
def mark_arrival(booking: Booking, *, actor: Actor, at: datetime) -> None:
    """The person is here; also one who was thought absent and came late."""
    require(actor, "reception.receive", scope_of(booking))
    _require_day_come(booking, at)
    change(
        booking,
        "reception.arrived",
        {"state": ARRIVED},
        before=(BOOKED, MISSED),
        actor=actor,
        at=at,
    )


@transaction.atomic
def mark_absence(booking: Booking, *, actor: Actor, at: datetime) -> None:
    """The hour has begun and nobody came."""
    require(actor, "reception.receive", scope_of(booking))
    if booking.slot.starts_at > at:
        raise BookingChanged(_("The hour has not begun yet."))
    change(booking, "reception.missed", {"state": MISSED}, before=(BOOKED,), actor=actor, at=at)


@transaction.atomic
def hold_booking(booking: Booking, *, outcome: str, text: str, actor: Actor, at: datetime) -> None:
    """What came of the talk: one of three, and words that the visitor reads on his page too."""
    require(actor, "reception.receive", scope_of(booking))
    _require_day_come(booking, at)
    text = clean(text).strip()[:NOTE_LIMIT]
    problems = {}
    if outcome not in OUTCOMES:
        problems["outcome"] = _("Choose one.")
    if len(text) < 10:
        problems["text"] = _("Write down what was answered, in a sentence.")
    if problems:
        raise Invalid(_("Something is still missing."), problems)
    salt = os.urandom(16)
    changes = {"state": HELD, "outcome": outcome, "note": text, "salt": salt}
    more = {"outcome": outcome, "seal": seal(text, salt)}
    change(
        booking, "reception.held", changes, before=(ARRIVED, BOOKED), actor=actor, at=at, more=more
    )


@transaction.atomic
def file_from_booking(
    booking: Booking, *, text: str, place: str, service: str, is_public: bool, actor: Actor, at: datetime
) -> Receipt:  # fmt: skip
    """File what the visitor said as his petition, under his name, without showing it to anybody."""
    require(actor, "reception.receive", scope_of(booking))
    if booking.state not in {ARRIVED, HELD} or booking.filed_id:
        raise BookingChanged(_("A petition is filed once, for a person who came."))
    visitor = opened(booking).visitor
    filing = Filing(
        text=text, service=service, place=place, contact=Contact(visitor.name, visitor.phone),
        is_public=is_public, channel="reception",
    )  # fmt: skip
    once = RequestKey(f"reception:{booking.pk}", str(booking.version))
    receipt = file_petition(filing, key=once, actor=actor, at=at)
    filed = Petition.objects.get(number=receipt.number)
    change(
        booking, "reception.filed", {"filed": filed}, before=(ARRIVED, HELD), actor=actor, at=at,
        more={"petition": receipt.number},
    )  # fmt: skip
    return receipt


def _require_day_come(booking: Booking, at: datetime) -> None:
    if booking.day.on > today(at):
        raise BookingChanged(_("The day of this booking has not come yet."))
