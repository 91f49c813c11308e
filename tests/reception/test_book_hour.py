"""Booking, moving and giving back an hour; who may, what is refused, what is kept where."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction

from tests import town
from tests.reception.conftest import EIGHT, MONDAY, book, build, wish
from thudo.accounts.rules import RESIDENT, Actor
from thudo.base.errors import Invalid, NotAllowed
from thudo.journal.models import Entry
from thudo.journal.queries import entries_about
from thudo.reception import actions
from thudo.reception.actions.booking import KeyReused
from thudo.reception.actions.notes import BookingChanged
from thudo.reception.forms import HourForm
from thudo.reception.models import Booking, Day
from thudo.reception.queries.bookings import opened, opens, visible_to
from thudo.reception.queries.days import hours_of
from thudo.reception.rules import link_key

NINE_BUT_HALF = EIGHT + timedelta(minutes=30)


def owner(booking: Booking) -> Actor:
    return Actor("resident", opened=frozenset({link_key(booking.number)}))


def test_an_hour_is_booked_with_a_number_and_a_secret(days: list[Day]) -> None:
    done = book(days[0])

    assert opens(done.booking.number, done.secret)
    assert not opens(done.booking.number, "x" * 22)
    assert [hour.free for hour in hours_of(days[0], MONDAY)] == [1, 2]


def test_what_is_personal_is_sealed_and_the_journal_holds_none_of_it(days: list[Day]) -> None:
    done = book(days[0])

    assert opened(done.booking).visitor.phone == "0900000001"
    assert b"0900000001" not in bytes(done.booking.sealed)
    bodies = " ".join(bytes(row.body).decode() for row in Entry.objects.all())
    assert "drain in our lane" not in bodies
    assert "Minh H" not in json.loads(json.dumps(bodies))
    assert [e.action for e in entries_about("booking", str(done.booking.pk))] == [
        "reception.booked"
    ]


def test_the_same_form_sent_twice_is_one_booking(days: list[Day]) -> None:
    first = actions.book_hour(days[0], wish(key="k1"), actor=RESIDENT, at=MONDAY)
    again = actions.book_hour(days[0], wish(key="k1"), actor=RESIDENT, at=MONDAY)

    assert again.is_replay
    assert (again.booking, again.secret) == (first.booking, first.secret)


def test_one_number_holds_one_hour_a_day_and_so_many_in_all(days: list[Day]) -> None:
    book(days[0])

    with pytest.raises(actions.BookedAlready):
        actions.book_hour(days[0], wish(NINE_BUT_HALF), actor=RESIDENT, at=MONDAY)
    week = timedelta(days=7)
    actions.book_hour(days[1], wish(EIGHT + week), actor=RESIDENT, at=MONDAY)
    other = Day.objects.get(unit="ward-2", on=days[0].on)
    with pytest.raises(actions.BookedAlready):
        actions.book_hour(other, wish(), actor=RESIDENT, at=MONDAY)


def test_a_full_hour_an_hour_too_near_and_no_hour_are_refused(days: list[Day]) -> None:
    book(days[0], phone="0900000001")
    book(days[0], phone="0900000002")

    with pytest.raises(actions.HourTaken):
        book(days[0], phone="0900000003")
    with pytest.raises(actions.HourTaken):
        book(days[0], phone="0900000004", at=EIGHT - timedelta(minutes=60))
    with pytest.raises(actions.HourTaken):
        actions.book_hour(days[0], wish(EIGHT + timedelta(minutes=7)), actor=RESIDENT, at=MONDAY)


@pytest.mark.parametrize(("field", "more"), [("name", {"name": " "}), ("phone", {"phone": ""})])
def test_what_is_missing_is_said_beside_its_field(
    days: list[Day], field: str, more: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        actions.book_hour(days[0], wish(**more), actor=RESIDENT, at=MONDAY)

    assert field in refused.value.fields


def test_the_owner_moves_it_and_the_old_hour_is_free_again(days: list[Day]) -> None:
    booking = book(days[0]).booking

    actions.move_booking(booking, days[0], NINE_BUT_HALF, actor=owner(booking), at=MONDAY)

    assert booking.sequence == 1
    assert booking.slot.starts_at == NINE_BUT_HALF
    assert [hour.free for hour in hours_of(days[0], MONDAY)] == [2, 1]


def test_it_moves_neither_to_another_unit_nor_to_a_full_hour(days: list[Day]) -> None:
    booking = book(days[0]).booking
    for phone in ("0900000002", "0900000003"):
        actions.book_hour(days[0], wish(NINE_BUT_HALF, phone=phone), actor=RESIDENT, at=MONDAY)
    other = Day.objects.get(unit="ward-2", on=days[0].on)

    with pytest.raises(Invalid):
        actions.move_booking(booking, other, EIGHT, actor=owner(booking), at=MONDAY)
    with pytest.raises(actions.HourTaken):
        actions.move_booking(booking, days[0], NINE_BUT_HALF, actor=owner(booking), at=MONDAY)


def test_a_cancelled_booking_frees_the_seat_and_the_number(days: list[Day]) -> None:
    booking = book(days[0]).booking

    actions.cancel_booking(booking, actor=owner(booking), at=MONDAY)

    assert (booking.state, booking.sequence) == ("cancelled", 1)
    assert book(days[0]).booking.state == "booked"
    with pytest.raises(BookingChanged):
        actions.cancel_booking(booking, actor=owner(booking), at=MONDAY)


def test_after_it_has_begun_nobody_moves_or_cancels(days: list[Day]) -> None:
    booking = book(days[0]).booking

    with pytest.raises(actions.HourTaken):
        actions.cancel_booking(booking, actor=owner(booking), at=EIGHT)


def test_a_stranger_and_another_ward_may_do_nothing(days: list[Day]) -> None:
    booking = book(days[0]).booking
    # The number of a petition in the session never opens a booking of the same number.
    wrong = Actor("resident", opened=frozenset({booking.number}))

    for actor in (RESIDENT, wrong, town.CAST.other_handler):
        assert not visible_to(actor).exists()
        with pytest.raises(NotAllowed):
            actions.cancel_booking(booking, actor=actor, at=MONDAY)


def test_a_seat_cannot_be_booked_twice_whatever_the_code_does(days: list[Day]) -> None:
    booking = book(days[0]).booking
    other = book(days[0], phone="0900000002").booking

    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.filter(pk=other.pk).update(slot=booking.slot)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_for_the_last_seat_one_gets_it() -> None:
    build()
    day = Day.objects.filter(unit="ward-1").order_by("on")[0]
    book(day, phone="0900000001")
    start, outcomes = threading.Barrier(4), []

    def try_it(phone: str) -> None:
        start.wait()
        try:
            actions.book_hour(day, wish(phone=phone), actor=RESIDENT, at=MONDAY)
            outcomes.append("booked")
        except actions.HourTaken:
            outcomes.append("taken")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=try_it, args=(f"09000001{n:02}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["booked", "taken", "taken", "taken"]
    assert Booking.objects.filter(day=day).count() == 2
    assert connection.is_usable()


def test_the_same_key_with_another_hour_or_person_is_refused(days: list[Day]) -> None:
    actions.book_hour(days[0], wish(key="k1"), actor=RESIDENT, at=MONDAY)

    for other in (wish(NINE_BUT_HALF, key="k1"), wish(phone="0900000009", key="k1")):
        with pytest.raises(KeyReused):
            actions.book_hour(days[0], other, actor=RESIDENT, at=MONDAY)
    late = actions.book_hour(days[0], wish(key="k1"), actor=RESIDENT, at=EIGHT)
    assert late.is_replay


def test_an_hour_that_no_calendar_has_is_refused_with_a_sentence(days: list[Day]) -> None:
    form = HourForm({"starts_at": "2026-13-01T10:00"}, hours=hours_of(days[0], MONDAY))

    assert list(form.errors) == ["starts_at"]
