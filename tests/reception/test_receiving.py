"""The desk: the day called off, who came, what came of it, what was filed from it."""

from datetime import date, timedelta

import pytest

from tests import town
from tests.reception.conftest import EIGHT, MONDAY, book
from thudo.accounts.rules import CLOCK
from thudo.base.errors import Invalid, NotAllowed
from thudo.deadlines.models import Calendar
from thudo.journal.queries import entries_about
from thudo.petitions.models import Petition, Petitioner
from thudo.reception import actions
from thudo.reception.actions.days import DayExists, DayOver, Opening
from thudo.reception.actions.notes import BookingChanged
from thudo.reception.models import Day
from thudo.reception.queries.plan import closed_days, plans_due

HANDLER, HEAD = town.CAST.handler, town.CAST.head


def test_the_days_of_the_horizon_are_published_once(days: list[Day]) -> None:
    assert [day.on for day in days] == [date(2026, 3, 5), date(2026, 3, 12)]
    assert list(plans_due(MONDAY)) == []
    assert [plan.on for plan in plans_due(MONDAY + timedelta(days=4))] == [date(2026, 3, 19)] * 2


def test_a_holiday_that_comes_later_calls_the_day_off_and_its_bookings(days: list[Day]) -> None:
    booking = book(days[0]).booking
    _close("2026-03-05")

    touched = [
        actions.call_off_day(day, reason=name["vi"], actor=CLOCK, at=MONDAY)
        for day, name in closed_days(MONDAY)
    ]

    booking.refresh_from_db()
    assert sorted(touched) == [0, 1]
    assert (booking.state, booking.sequence) == ("called_off", 1)
    days[0].refresh_from_db()
    assert days[0].reason == "Ngày nghỉ"
    assert [(p.on, p.moved_from) for p in plans_due(MONDAY) if p.unit == "ward-1"] == [
        (date(2026, 3, 6), date(2026, 3, 5))
    ]


def test_the_head_calls_a_day_off_once_with_a_reason(days: list[Day]) -> None:
    with pytest.raises(NotAllowed):
        actions.call_off_day(days[0], reason="x", actor=HANDLER, at=MONDAY)
    with pytest.raises(Invalid):
        actions.call_off_day(days[0], reason=" ", actor=HEAD, at=MONDAY)
    actions.call_off_day(days[0], reason="Council session", actor=HEAD, at=MONDAY)

    with pytest.raises(DayOver):
        actions.call_off_day(days[0], reason="again", actor=HEAD, at=MONDAY)
    with pytest.raises(actions.HourTaken):
        book(days[0])


def test_the_head_opens_an_extra_day_within_working_hours(days: list[Day]) -> None:
    opening = Opening("ward-1", "ward-1/head", date(2026, 3, 10), (540, 660), 30, 1)

    day = actions.open_day(opening, actor=HEAD, at=MONDAY)

    assert (day.slots.count(), day.legal_basis) == (4, "Town rule 9")
    with pytest.raises(DayExists):
        actions.open_day(opening, actor=HEAD, at=MONDAY)
    sunday = Opening("ward-1", "ward-1/head", date(2026, 3, 8), (540, 660), 30, 1)
    with pytest.raises(Invalid):
        actions.open_day(sunday, actor=HEAD, at=MONDAY)
    with pytest.raises(NotAllowed):
        actions.open_day(opening, actor=town.CAST.other_handler, at=MONDAY)


def test_each_look_at_a_visitor_is_journalled_with_its_purpose(days: list[Day]) -> None:
    booking = book(days[0]).booking

    found = actions.read_visitors([booking], purpose="receive", actor=HANDLER, at=MONDAY)

    assert found[booking.pk].name == "Minh Họa"
    told = entries_about("booking", str(booking.pk))[-1]
    assert (told.action, told.data["purpose"]) == ("reception.identity_read", "receive")
    with pytest.raises(NotAllowed):
        actions.read_visitors(
            [booking], purpose="receive", actor=town.CAST.other_handler, at=MONDAY
        )


def test_a_person_is_absent_only_after_the_hour_has_begun_and_may_still_come(
    days: list[Day],
) -> None:
    booking = book(days[0]).booking

    with pytest.raises(BookingChanged):
        actions.mark_absence(booking, actor=HANDLER, at=EIGHT - timedelta(minutes=1))
    actions.mark_absence(booking, actor=HANDLER, at=EIGHT)
    actions.mark_arrival(booking, actor=HANDLER, at=EIGHT + timedelta(minutes=5))

    assert booking.state == "arrived"


def test_the_result_is_words_that_only_their_seal_is_journalled_of(days: list[Day]) -> None:
    booking = book(days[0]).booking
    with pytest.raises(Invalid) as refused:
        actions.hold_booking(booking, outcome="", text="short", actor=HANDLER, at=EIGHT)
    assert set(refused.value.fields) == {"outcome", "text"}

    actions.hold_booking(
        booking, outcome="answered", text="The drain is cleared on Friday.", actor=HANDLER, at=EIGHT
    )

    assert (booking.state, booking.note) == ("held", "The drain is cleared on Friday.")
    assert "text" not in entries_about("booking", str(booking.pk))[-1].data


def test_what_was_said_becomes_the_visitors_petition_once(days: list[Day]) -> None:
    booking = book(days[0]).booking
    said = {"text": "The drain in our lane is blocked.", "place": "Lane 3", "service": "noise"}
    with pytest.raises(BookingChanged):
        actions.file_from_booking(booking, **said, is_public=False, actor=HANDLER, at=EIGHT)
    actions.mark_arrival(booking, actor=HANDLER, at=EIGHT)

    receipt = actions.file_from_booking(booking, **said, is_public=False, actor=HANDLER, at=EIGHT)

    petition = Petition.objects.get(number=receipt.number)
    assert (booking.filed, petition.channel, petition.is_public) == (petition, "reception", False)
    assert Petitioner.objects.get(petition=petition).verification == "clerk"
    with pytest.raises(BookingChanged):
        actions.file_from_booking(booking, **said, is_public=False, actor=HANDLER, at=EIGHT)


def test_nobody_arrives_or_is_received_before_the_day(days: list[Day]) -> None:
    booking = book(days[0]).booking
    said = {"outcome": "answered", "text": "The drain is cleared on Friday."}

    with pytest.raises(BookingChanged):
        actions.mark_arrival(booking, actor=HANDLER, at=MONDAY)
    with pytest.raises(BookingChanged):
        actions.hold_booking(booking, **said, actor=HANDLER, at=MONDAY)


def _close(day: str) -> None:
    """A new version of the calendar in which the day is a holiday."""
    old = Calendar.objects.get(code="office", version=1)
    closed = {day: {"hours": [], "name": {"vi": "Ngày nghỉ", "en": "Holiday"}}}
    Calendar.objects.create(
        code="office", version=2, time_zone=old.time_zone, week=old.week, exceptions=closed,
        loaded_at=MONDAY,
    )  # fmt: skip
    town.forget()
