"""The pages: without a script, keeping what was typed; who finds what."""

import re
from collections.abc import Iterator
from datetime import datetime
from unittest.mock import patch

import pytest
from django.test import Client

from tests.reception.conftest import EIGHT, MONDAY, book
from thudo.accounts.models import Holding, User
from thudo.journal.models import Entry
from thudo.reception.models import Booking, Day

TYPED = {"name": "Minh Họa", "phone": "0900 000 001", "matter": "The drain in our lane"}


@pytest.fixture(autouse=True)
def monday(days: list[Day]) -> Iterator[None]:
    """Every door reads the same Monday."""
    rooms = ("public", "booking", "desk", "feeds")
    patches = [patch(f"thudo.reception.views.{room}.now", return_value=MONDAY) for room in rooms]
    for one in patches:
        one.start()
    yield
    for one in patches:
        one.stop()


def staff(post: str = "ward-1/head") -> Client:
    user = User.objects.create(username=post, display_name="Minh Họa", password="!")
    Holding.objects.create(
        user=user, post_id=post, starts_at=datetime(2026, 1, 1, tzinfo=MONDAY.tzinfo)
    )
    client = Client()
    client.force_login(user)
    return client


def send(client: Client, day: Day, **more: str) -> "object":
    data = {**TYPED, "starts_at": EIGHT.isoformat(), "idempotency_key": "k", **more}
    return client.post(f"/reception/days/{day.pk}/bookings", data)


def test_the_city_the_unit_and_the_day_say_what_is_free(days: list[Day], client: Client) -> None:
    assert "4" in client.get("/reception/").content.decode()
    assert client.get("/reception/?unit=ward-1").headers["Location"] == "/reception/units/ward-1"
    assert str(days[0].pk) in client.get("/reception/units/ward-1").content.decode()
    page = client.get(f"/reception/days/{days[0].pk}").content.decode()
    assert page.count('name="starts_at"') == 2
    assert client.get("/reception/?on=2026-03-05").status_code == 200


@pytest.mark.parametrize(
    "path", ["units/desk", "units/x", "?unit=%00&on=2026-99-99", "?on=yesterday"]
)
def test_strange_addresses_do_no_harm(client: Client, path: str) -> None:
    assert client.get(f"/reception/{path}").status_code in {200, 404}


def test_an_hour_is_booked_by_a_plain_form_and_sent_twice_it_is_one(
    days: list[Day], client: Client
) -> None:
    first, again = send(client, days[0]), send(client, days[0])

    assert first.status_code == 302  # type: ignore[attr-defined]
    assert first.headers["Location"] == again.headers["Location"]  # type: ignore[attr-defined]
    link = first.headers["Location"].split("?")[0]  # type: ignore[attr-defined]
    assert "The drain in our lane" in Client().get(link).content.decode()
    assert Client().get(link.rsplit("/", 1)[0]).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("phone", "12"), ("matter", "x"), ("starts_at", ""), ("starts_at", "2026-03-05T00:00"),
     ("petition_link", "https://x/petitions/1234567890/abc")],
)  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    days: list[Day], client: Client, field: str, value: str
) -> None:
    answer = send(client, days[0], **{field: value})

    page = answer.content.decode()  # type: ignore[attr-defined]
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert 'role="alert"' in page
    kept = TYPED["name"] if field != "name" else TYPED["matter"]
    assert kept in page
    assert not Booking.objects.exists()


def test_the_last_seat_taken_meanwhile_is_said_beside_the_hours(
    days: list[Day], client: Client
) -> None:
    from thudo.reception.actions import HourTaken

    with patch("thudo.reception.actions.book_hour", side_effect=HourTaken("Taken just now")):
        answer = send(client, days[0])

    assert answer.status_code == 409  # type: ignore[attr-defined]
    assert re.search(r'id="id_starts_at".*Taken just now', answer.content.decode(), re.DOTALL)  # type: ignore[attr-defined]


def test_the_owner_moves_cancels_and_takes_the_calendar_along(
    days: list[Day], client: Client
) -> None:
    link = send(client, days[0]).headers["Location"].split("?")[0]  # type: ignore[attr-defined]
    base = link.rsplit("/", 1)[0]

    moved = client.post(
        f"{base}/moves", {"day": days[1].pk, "starts_at": "2026-03-12T01:00:00+00:00"}
    )
    assert moved.status_code == 302
    file = client.get(f"{base}/calendar.ics")
    assert file.headers["Content-Type"] == "text/calendar; method=PUBLISH; charset=utf-8"
    assert client.post(f"{base}/cancellations").status_code == 302
    assert b"METHOD:CANCEL" in client.get(f"{base}/calendar.ics").content
    assert Client().get(f"{base}/calendar.ics").status_code == 404
    assert Client().post(f"{base}/cancellations").status_code == 404


def test_the_desk_sees_numbers_first_and_names_only_on_record(days: list[Day]) -> None:
    booking = book(days[0]).booking
    desk = staff()

    page = desk.get(f"/reception/desk/days/{days[0].pk}").content.decode()
    assert "Minh Họa</a>" not in page
    named = desk.post(f"/reception/days/{days[0].pk}/identity-views")
    assert "0900000001" in named.content.decode()
    assert "no-store" in named.headers["Cache-Control"]
    assert Entry.objects.filter(action="reception.identity_read").count() == 1
    sheet = desk.get(f"/reception/desk/bookings/{booking.number}").content.decode()
    assert "0900000001" not in sheet


def test_another_ward_finds_nothing_and_a_stranger_signs_in_first(days: list[Day]) -> None:
    booking = book(days[0]).booking
    other = staff("ward-2/head")

    assert other.get(f"/reception/desk/bookings/{booking.number}").status_code == 404
    assert other.post(f"/reception/days/{days[0].pk}/identity-views").status_code == 403
    assert Client().get("/reception/desk").status_code == 302


@patch("thudo.reception.views.desk.now", new=lambda: EIGHT)
def test_the_desk_receives_records_and_files(days: list[Day]) -> None:
    booking = book(days[0]).booking
    desk, at = staff(), f"/reception/desk/bookings/{booking.number}"

    assert desk.post(f"{at}/arrivals").status_code == 302
    empty = desk.post(f"{at}/results", {"text": "x"})
    assert (empty.status_code, "<textarea" in empty.content.decode()) == (422, True)
    said = {
        "text": "The drain in our lane is blocked again.",
        "place": "Lane 3",
        "service": "noise",
    }
    assert desk.post(f"{at}/petitions", said).status_code == 302
    done = {"outcome": "answered", "text": "Cleared on Friday by the drainage team."}
    assert desk.post(f"{at}/results", done).status_code == 302

    booking.refresh_from_db()
    assert (booking.state, booking.filed is not None) == ("held", True)


def test_the_head_opens_and_calls_off_days_by_form(days: list[Day]) -> None:
    desk = staff()
    extra = {"post": "ward-1/head", "on": "2026-03-10", "starts": "09:00", "ends": "10:00",
             "slot_minutes": "30", "seats": "1"}  # fmt: skip

    assert desk.post("/reception/units/ward-1/days", {**extra, "ends": "08:00"}).status_code == 422
    assert desk.post("/reception/units/ward-1/days", extra).status_code == 302
    assert desk.post(f"/reception/days/{days[0].pk}/call-offs", {"reason": ""}).status_code == 422
    assert (
        desk.post(f"/reception/days/{days[0].pk}/call-offs", {"reason": "Session"}).status_code
        == 302
    )
    assert "Session" in Client().get("/reception/units/ward-1").content.decode()


def test_lists_ask_the_same_number_of_questions_however_many_days(
    days: list[Day], client: Client, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        client.get("/reception/?on=2026-03-05")
