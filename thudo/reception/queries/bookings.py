"""Readers of bookings: the visitor's own, and a day's list for those who receive."""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from thudo.accounts.rules import Actor, Scope, may
from thudo.base.sealing import keyed_hash, unseal
from thudo.reception.models import Booking, Day
from thudo.reception.rules import link_key


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who comes and what about, in clear: only ever in memory, for one page."""

    name: str
    phone: str
    matter: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A sealed booking, opened; `secret` is the code of its link."""

    visitor: Visitor
    secret: str


def scope_of(booking: Booking) -> Scope:
    """The booking as rights see it: its unit's, and its link's holder's."""
    return Scope(unit=booking.day.unit, numbers=frozenset({link_key(booking.number)}))


def day_scope(day: Day) -> Scope:
    """A day as rights see it."""
    return Scope(unit=day.unit)


def visible_to(actor: Actor) -> QuerySet[Booking]:
    """The bookings that `actor` may read."""
    rows = Booking.objects.select_related("day", "slot", "petition", "filed")
    if may(actor, "reception.receive"):
        return rows
    own = [key.removeprefix("reception:") for key in actor.opened if key.startswith("reception:")]
    if actor.is_staff and actor.units:
        return rows.filter(day__unit__in=sorted(actor.units)) | rows.filter(number__in=own)
    return rows.filter(number__in=own)


def bookings_on(days: Sequence[Day]) -> list[Booking]:
    """The bookings of these days by hour, those that ended before included."""
    rows = Booking.objects.filter(day__in=days).select_related("day", "slot", "petition", "filed")
    return list(rows.order_by("slot__starts_at", "slot__seat", "booked_at"))


def opens(number: str, secret: str) -> bool:
    """Whether this is the secret of that booking's link; takes the same time either way."""
    row = Booking.objects.filter(number=number).values_list("secret", flat=True).first()
    given = keyed_hash("reception secret", secret)
    return hmac.compare_digest(bytes(row) if row else b"", given) and row is not None


def opened(booking: Booking) -> Opened:
    """The sealed part, for the visitor's own page and for deeds that journal the view."""
    plain = json.loads(unseal(booking.key_id, bytes(booking.sealed), about=booking.pk.bytes))
    return Opened(Visitor(plain["name"], plain["phone"], plain["matter"]), plain["secret"])
