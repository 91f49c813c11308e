"""What a resident does: book an hour, move it, give it back. Nobody needs an account."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thudo.accounts.gate import require
from thudo.accounts.rules import Actor
from thudo.base.errors import Invalid, Refused
from thudo.base.folding import clean
from thudo.base.identifiers import new_id, public_number, secret_code
from thudo.base.sealing import keyed_hash, seal
from thudo.petitions.queries.callers import spelled
from thudo.reception.actions.notes import change, note
from thudo.reception.models import Booking, Day, Slot
from thudo.reception.queries.bookings import Visitor, opened, scope_of
from thudo.reception.queries.days import closing
from thudo.reception.queries.plan import reception_rules
from thudo.reception.rules import BOOKED, CANCELLED, HOLDING

MATTER_LEAST, MATTER_LIMIT = 5, 300
_SEAT, _PERSON = "reception_seat_once", "reception_person_once_a_day"


class HourTaken(Refused):
    """Nothing is free at that hour any more."""

    code = "hour_taken"


class BookedAlready(Refused):
    """This telephone number holds an hour of that day, or as many as one may hold at once."""

    code = "booked_already"


class KeyReused(Refused):
    """The form that was answered came again with another hour or another person."""

    status = 422
    code = "idempotency_key_reused"


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants to come, when, and what about; `petition`: one that he opened by its secret."""

    visitor: Visitor
    starts_at: datetime
    petition: UUID | None = None
    request_key: str = ""


@dataclass(frozen=True, slots=True)
class Booked:
    """A booking with the secret of its link; a repeated request gets the same."""

    booking: Booking
    secret: str
    is_replay: bool = False


def book_hour(day: Day, wish: Wish, *, actor: Actor, at: datetime) -> Booked:
    """Book one seat at one hour. Raises Invalid, HourTaken, BookedAlready, KeyReused.

    Two at once for the last seat: the database lets one through, and the other one hears it.
    """
    require(actor, "reception.book")
    wish = _checked(wish)
    # What was answered is answered again, also when the hour has come near meanwhile.
    if answered := _answered(day, wish):
        return answered
    _require_open(day, wish.starts_at, at)
    # Every seat may be lost to somebody quicker once; then nothing is free.
    for _attempt in range(20):
        try:
            with transaction.atomic():
                return _book(day, wish, actor, at)
        except IntegrityError as wrong:
            if answered := _answered(day, wish):
                return answered
            _raise_if_person(wrong)
    raise HourTaken(_("This hour has just been taken. Please choose another one."))


@transaction.atomic
def move_booking(
    booking: Booking, day: Day, starts_at: datetime, *, actor: Actor, at: datetime
) -> None:
    """Another hour, of the same unit; the old one is free again at once."""
    require(actor, "reception.change", scope_of(booking))
    if day.unit != booking.day.unit:
        raise Invalid(_("Choose an hour of the same unit."), {"starts_at": _("Choose an hour.")})
    _require_begins_later(booking, at)
    _require_open(day, starts_at, at)
    before = {"from_day": str(booking.day_id), "from_slot": booking.slot_id}
    try:
        with transaction.atomic():
            _hold_open(day)
            changes = {"day": day, "slot": _free_seat(day, starts_at)}
            change(
                booking, "reception.moved", changes, before=(BOOKED,), actor=actor, at=at,
                more=before, is_new_hour=True,
            )  # fmt: skip
    except IntegrityError as wrong:
        _raise_if_person(wrong)
        raise HourTaken(_("This hour has just been taken. Please choose another one.")) from wrong


@transaction.atomic
def cancel_booking(booking: Booking, *, actor: Actor, at: datetime) -> None:
    """Give the hour back, until it begins."""
    require(actor, "reception.change", scope_of(booking))
    _require_begins_later(booking, at)
    change(
        booking, "reception.cancelled", {"state": CANCELLED}, before=(BOOKED,), actor=actor, at=at,
        is_new_hour=True,
    )  # fmt: skip


def _book(day: Day, wish: Wish, actor: Actor, at: datetime) -> Booked:
    _hold_open(day)
    slot = _free_seat(day, wish.starts_at)
    hashed = _hash_of(wish.visitor.phone)
    _require_few(hashed, at)
    pk, secret = new_id(), secret_code()
    known = {"name": wish.visitor.name, "phone": wish.visitor.phone, "matter": wish.visitor.matter}
    key_id, sealed = seal(json.dumps({**known, "secret": secret}).encode(), about=pk.bytes)
    booking = Booking.objects.create(
        id=pk, number=public_number(), secret=keyed_hash("reception secret", secret), day=day,
        slot=slot, key_id=key_id, sealed=sealed, phone_hash=hashed, petition_id=wish.petition,
        request_key=wish.request_key, booked_at=at, changed_at=at,
    )  # fmt: skip
    note(booking, "reception.booked", actor=actor, at=at, more={"linked": bool(wish.petition)})
    return Booked(booking, secret)


def _hold_open(day: Day) -> None:
    """Nobody calls the day off between this look and the booking's commit."""
    if (
        not Day.objects.select_for_update(no_key=True)
        .filter(pk=day.pk, called_off_at=None)
        .exists()
    ):
        raise HourTaken(_("This reception day was called off. Please choose another one."))


def _free_seat(day: Day, starts_at: datetime) -> Slot:
    taken = Booking.objects.filter(day=day, state__in=HOLDING).values("slot")
    free = Slot.objects.filter(day=day, starts_at=starts_at).exclude(pk__in=taken)
    slot = free.order_by("seat").first()
    if slot is None:
        raise HourTaken(_("This hour has just been taken. Please choose another one."))
    return slot


def _answered(day: Day, wish: Wish) -> Booked | None:
    if not wish.request_key:
        return None
    known = Booking.objects.filter(request_key=wish.request_key).select_related("day", "slot")
    row = known.first()
    if row is None:
        return None
    # Who has moved it since stands at another hour than his first form said.
    is_same_hour = bool(row.sequence) or (row.day_id, row.slot.starts_at) == (
        day.pk,
        wish.starts_at,
    )
    if not is_same_hour or bytes(row.phone_hash) != _hash_of(wish.visitor.phone):
        raise KeyReused(_("This form was sent before, for another booking. Send it once more."))
    return Booked(row, opened(row).secret, is_replay=True)


def _hash_of(phone: str) -> bytes:
    return keyed_hash("reception phone", spelled(phone)[0])


def _raise_if_person(wrong: IntegrityError) -> None:
    diagnosed = getattr(wrong.__cause__, "diag", None)
    if diagnosed is not None and diagnosed.constraint_name == _PERSON:
        raise BookedAlready(
            _("This number already holds an hour on that day. Move it with its secret link.")
        ) from wrong


def _require_few(phone_hash: bytes, at: datetime) -> None:
    most = int(reception_rules().get("most_open", 3))
    held = Booking.objects.filter(phone_hash=phone_hash, state=BOOKED, slot__starts_at__gt=at)
    if held.count() >= most:
        raise BookedAlready(
            _("This number already holds %(count)s hours to come; cancel one of them first.")
            % {"count": most}
        )


def _require_open(day: Day, starts_at: datetime, at: datetime) -> None:
    if day.called_off_at:
        raise HourTaken(_("This reception day was called off. Please choose another one."))
    if starts_at <= closing(at):
        raise HourTaken(_("This hour is too near to be booked. Please choose a later one."))


def _require_begins_later(booking: Booking, at: datetime) -> None:
    if booking.slot.starts_at <= at:
        raise HourTaken(_("The hour has begun; it can no longer be changed."))


def _checked(wish: Wish) -> Wish:
    visitor = Visitor(
        clean(wish.visitor.name).strip(), wish.visitor.phone, clean(wish.visitor.matter).strip()
    )
    problems = {}
    if len(visitor.name) < 2:
        problems["name"] = _("Please give your name, so that you can be called in.")
    if not visitor.phone:
        problems["phone"] = _("Please give a phone number, in case the hour changes.")
    if not MATTER_LEAST <= len(visitor.matter) <= MATTER_LIMIT:
        problems["matter"] = _("Please say in one sentence what it is about.")
    if problems:
        raise Invalid(_("Something is still missing."), problems)
    return Wish(visitor, wish.starts_at, wish.petition, wish.request_key[:200])
