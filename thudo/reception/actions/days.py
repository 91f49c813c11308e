"""Deeds on days: published by the pack's rules, opened by hand, called off with a reason."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from thudo.accounts.gate import require
from thudo.accounts.rules import CLOCK, Actor, Scope
from thudo.base.errors import Invalid, Refused
from thudo.base.identifiers import new_id
from thudo.directory.queries import directory
from thudo.journal.actions import Record, record, record_all
from thudo.journal.rules import Subject
from thudo.reception.actions.notes import change
from thudo.reception.models import Booking, Day, Slot
from thudo.reception.queries.bookings import day_scope
from thudo.reception.queries.plan import Plan, day_rules, plan_of, reception_rules, today
from thudo.reception.rules import BOOKED, CALLED_OFF, Wanted


class DayExists(Refused):
    """This post already receives on that day."""

    code = "day_exists"


class DayOver(Refused):
    """The day was called off or has been."""

    code = "day_over"


@dataclass(frozen=True, slots=True)
class Opening:
    """An extra day: `hours` in minutes of the local day."""

    unit: str
    post: str
    on: date
    hours: tuple[int, int]
    slot_minutes: int
    seats: int


@transaction.atomic
def publish_days(plans: Sequence[Plan], *, actor: Actor, at: datetime) -> list[Day]:
    """Publish days with their hours, all or none. The clock publishes what the rules ask for."""
    for plan in plans if actor != CLOCK else ():
        require(actor, "reception.plan", Scope(unit=plan.unit))
    days = [_day(plan, at) for plan in plans]
    try:
        with transaction.atomic():
            Day.objects.bulk_create(days)
    except IntegrityError as wrong:
        raise DayExists(_("This post already receives people on that day.")) from wrong
    pairs = list(zip(days, plans, strict=True))
    Slot.objects.bulk_create(slot for day, plan in pairs for slot in _slots(day, plan))
    record_all(_published(day, plan, actor, at) for day, plan in pairs)
    return days


@transaction.atomic
def open_day(opening: Opening, *, actor: Actor, at: datetime) -> Day:
    """An extra day at a unit that receives by a rule; within its working hours, in the future."""
    require(actor, "reception.plan", Scope(unit=opening.unit))
    unit = directory().units[opening.unit]
    rules = [rule for rule in day_rules() if rule.covers(unit.code, unit.kind)]
    if not rules or opening.post not in directory().posts:
        raise Invalid(_("Choose who receives."), {"post": _("Choose who receives.")})
    if opening.on <= today(at):
        raise Invalid(_("Choose a day to come."), {"on": _("Choose a day to come.")})
    rule = replace(
        rules[0], code="", hours=(opening.hours,), slot_minutes=opening.slot_minutes,
        seats=opening.seats, legal_basis=reception_rules()["extra"]["legal_basis"],
    )  # fmt: skip
    plan = replace(plan_of(unit, rule, Wanted(opening.on, None)), host=opening.post)
    if not plan.slots:
        raise Invalid(
            _("The unit does not work at that time."), {"on": _("No working hours then.")}
        )
    return publish_days([plan], actor=actor, at=at)[0]


@transaction.atomic
def call_off_day(day: Day, *, reason: str, actor: Actor, at: datetime) -> int:
    """Call a day off; every booking on it ends with it. Returns how many people that touches.

    `reason` is shown to everybody; the calendar (its own actor) calls off what became a holiday.
    """
    if actor != CLOCK:
        require(actor, "reception.plan", day_scope(day))
    if not reason.strip():
        raise Invalid(_("Say why."), {"reason": _("Say why.")})
    moved = Day.objects.filter(pk=day.pk, called_off_at=None).update(
        called_off_at=at, reason=reason.strip()[:300], version=F("version") + 1
    )
    if moved != 1 or day.on < today(at):
        raise DayOver(_("This day was called off before, or is over."))
    day.refresh_from_db()
    waiting = Booking.objects.filter(day=day, state=BOOKED).select_related("day", "slot")
    touched = list(waiting.select_for_update(of=("self",)))
    for booking in touched:
        change(
            booking, "reception.called_off", {"state": CALLED_OFF}, before=(BOOKED,), actor=actor,
            at=at, is_new_hour=True,
        )  # fmt: skip
    subject = Subject("reception_day", str(day.pk), day.version)
    data = {"bookings": len(touched), **_data(day)}
    record("reception.day_called_off", subject=subject, actor=actor.key, at=at, data=data)
    return len(touched)


def _day(plan: Plan, at: datetime) -> Day:
    return Day(
        id=new_id(), unit=plan.unit, host=plan.host, on=plan.on, place=plan.place, rule=plan.rule,
        legal_basis=plan.legal_basis, moved_from=plan.moved_from,
        pack_version=directory().version_id, published_at=at,
    )  # fmt: skip


def _slots(day: Day, plan: Plan) -> Iterator[Slot]:
    for start, end in plan.slots:
        for seat in range(1, plan.seats + 1):
            yield Slot(day=day, starts_at=start, ends_at=end, seat=seat)


def _published(day: Day, plan: Plan, actor: Actor, at: datetime) -> Record:
    more = {
        "slots": [[start.isoformat(), end.isoformat()] for start, end in plan.slots],
        "seats": plan.seats, "rule": plan.rule, "place": plan.place,
        "moved_from": plan.moved_from.isoformat() if plan.moved_from else "",
    }  # fmt: skip
    subject = Subject("reception_day", str(day.pk), 1)
    return Record("reception.day_published", subject, actor.key, at, {**more, **_data(day)})


def _data(day: Day) -> dict[str, Any]:
    return {"unit": day.unit, "host": day.host, "on": day.on.isoformat(), "public": True}
