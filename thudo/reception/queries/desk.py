"""The desk's lists: the days of a unit, the visitors of a day, one visitor."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from thudo.accounts.rules import Actor, Scope, may
from thudo.cases.models import Case
from thudo.directory.queries import post_title, say, unit_name
from thudo.petitions.models import Petition
from thudo.petitions.queries.reading import cases_of, scope_of, visible_to
from thudo.reception.models import Booking, Day
from thudo.reception.queries.bookings import Visitor, bookings_on, day_scope
from thudo.reception.queries.days import DayLine, coming_days, lines_of
from thudo.reception.queries.plan import receiving_units
from thudo.reception.rules import (
    ARRIVED,
    BOOKED,
    CALLED_OFF,
    CANCELLED,
    HELD,
    HOLDING,
    MISSED,
    OUTCOMES,
    STATES,
)

# The shape that goes with a state.
_SHAPES = {
    BOOKED: "wait", ARRIVED: "ok", HELD: "done", MISSED: "late", CANCELLED: "unknown",
    CALLED_OFF: "unknown",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class VisitorLine:
    """One booking in a list; `visitor` only where the view was journalled."""

    booking: Booking
    shape: str
    word: str
    visitor: Visitor | None
    may_arrive: bool
    may_miss: bool


@dataclass(frozen=True, slots=True)
class Linked:
    """A petition beside a booking, with the case that this actor may open."""

    petition: Petition
    case: Case | None


def units_of(actor: Actor) -> dict[str, str]:
    """code -> name of the receiving units whose days this actor keeps."""
    everywhere = may(actor, "reception.receive") or "leader" in actor.roles
    units = receiving_units()
    return {u.code: say(u.name) for u in units if everywhere or u.code in actor.units}


def desk_page(actor: Actor, unit: str, units: dict[str, str], at: datetime) -> dict[str, Any]:
    """The coming days of a unit with how many are expected."""
    lines = coming_days(at, unit=unit) if unit else []
    held = Count("bookings", filter=Q(bookings__state__in=HOLDING))
    days = Day.objects.filter(pk__in=[line.day.pk for line in lines])
    expected = dict(days.annotate(expected=held).values_list("pk", "expected"))
    return {
        "units": units,
        "unit": unit,
        "unit_name": unit_name(unit) if unit else "",
        "rows": [(line, expected.get(line.day.pk, 0)) for line in lines],
        "may_plan": bool(unit) and may(actor, "reception.plan", Scope(unit=unit)),
        "may_receive": bool(unit) and may(actor, "reception.receive", Scope(unit=unit)),
        "at": at,
    }


def day_page(
    actor: Actor, day: Day, at: datetime, *, names: Mapping[UUID, Visitor] | None
) -> dict[str, Any]:
    """The visitors of a day by hour."""
    line: DayLine = lines_of(Day.objects.filter(pk=day.pk), at)[0]
    rows = [_row(booking, at, names) for booking in bookings_on([day])]
    return {
        "line": line,
        "day": day,
        "rows": rows,
        "shows_names": names is not None,
        "may_plan": may(actor, "reception.plan", day_scope(day)) and not line.is_called_off,
        "at": at,
    }


def sheet_page(actor: Actor, booking: Booking, at: datetime) -> dict[str, Any]:
    """One visitor: his hour, the petitions beside it, what may be done."""
    row = _row(booking, at, None)
    return {
        "booking": booking,
        "row": row,
        "host": post_title(booking.day.host),
        "unit_name": unit_name(booking.day.unit),
        "linked": _linked(actor, booking.petition),
        "filed": _linked(actor, booking.filed),
        "outcome": _(OUTCOMES[booking.outcome]) if booking.outcome else "",
        "may_hold": booking.state in {ARRIVED, BOOKED},
        "may_file": booking.state in {ARRIVED, HELD} and booking.filed is None,
        "at": at,
    }


def _row(booking: Booking, at: datetime, names: Mapping[UUID, Visitor] | None) -> VisitorLine:
    return VisitorLine(
        booking=booking,
        shape=_SHAPES[booking.state],
        word=_(STATES[booking.state]),
        visitor=(names or {}).get(booking.pk),
        may_arrive=booking.state in {BOOKED, MISSED},
        may_miss=booking.state == BOOKED and booking.slot.starts_at <= at,
    )


def _linked(actor: Actor, petition: Petition | None) -> Linked | None:
    if petition is None:
        return None
    readable = visible_to(actor).filter(pk=petition.pk).exists()
    allowed = readable and may(actor, "case.read", scope_of(petition))
    cases = cases_of(petition) if allowed else []
    return Linked(petition, cases[-1] if cases else None)
