"""Answered on the spot: what is announced is shown before a report is sent, and counted."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests import town
from tests.advisories.conftest import HOUR, content
from tests.town import CAST, MONDAY, TOWN_SQUARE
from thudo.advisories.actions import count_answer, end_advisory, publish_advisory
from thudo.advisories.models import Advisory, SpotAnswer
from thudo.advisories.queries import answers_given
from thudo.base.clock import now
from thudo.petitions.models import Petition
from thudo.petitions.queries.spot import on_the_spot, told_of
from thudo.petitions.rules import Filing

TEXT = "Loa kéo hát quá ồn suốt đêm."


@pytest.fixture
def small_town(db: None) -> None:
    town.build()


@pytest.fixture
def flood(small_town: None) -> Advisory:
    """Runs at any time that a test may be run at."""
    at = now()
    return publish_advisory(
        content(
            kind="incident", about="drainage", services=("noise",), begins_at=at - HOUR,
            ends_at=at + 5 * HOUR, source_at=at,
        ),
        unit="ward-1", actor=CAST.handler, at=at,
    )  # fmt: skip


def filled(**more: str) -> dict[str, str]:
    given = {
        "text": TEXT, "service": "noise", "lon": str(TOWN_SQUARE[0]), "lat": str(TOWN_SQUARE[1]),
        "phone": "0912345678", "idempotency_key": "form-1",
    }  # fmt: skip
    return given | more


def visitor() -> Client:
    """Somebody who has opened the filing page: a browser with its cookie."""
    client = Client()
    client.get("/petitions/new")
    return client


def told_in(page: str) -> str:
    return page.partition('name="told" value="')[2].partition('"')[0]


def test_the_place_and_the_service_are_answered(flood: Advisory) -> None:
    spot = on_the_spot(TEXT, service="noise", point=TOWN_SQUARE, place="", at=now())

    assert [one.row.pk for one in spot.announcements] == [flood.pk]
    told = told_of(spot.told)
    assert told is not None
    assert (told.advisories, told.service, told.area) == ((flood.pk,), "noise", "w1")
    assert not on_the_spot(TEXT, service="road_damage", point=TOWN_SQUARE, place="", at=now())
    assert not on_the_spot(TEXT, service="noise", point=town.HARBOUR, place="", at=now())
    assert not on_the_spot(TEXT, service="noise", point=None, place="", at=now())


def test_a_warning_of_what_may_come_is_no_answer_to_what_is_seen_now(small_town: None) -> None:
    later = {"begins_at": MONDAY + HOUR, "ends_at": MONDAY + 2 * HOUR}
    for kind in ("warning", "cut"):
        publish_advisory(content(kind=kind, **later), unit="ward-1", actor=CAST.handler, at=MONDAY)

    spot = on_the_spot(TEXT, service="noise", point=TOWN_SQUARE, place="", at=MONDAY)

    assert [one.row.kind for one in spot.announcements] == ["cut"]


def test_a_number_in_the_text_is_answered_with_the_petitions_state(small_town: None) -> None:
    from thudo.petitions.actions import file_petition
    from thudo.petitions.rules import Contact

    filing = Filing(
        text="A hole in the road.", service="road_damage", longitude=TOWN_SQUARE[0],
        latitude=TOWN_SQUARE[1], contact=Contact("", "0900000000"),
    )  # fmt: skip
    number = file_petition(filing, actor=CAST.stranger, at=MONDAY).number
    spaced = " ".join(number[i : i + 2] for i in range(0, 10, 2))

    spot = on_the_spot(f"Phản ánh {spaced} đến đâu?", service="", point=None, place="", at=MONDAY)

    assert [(one.number, one.state) for one in spot.petitions] == [(number, "Waiting for intake")]
    Petition.objects.update(is_public=False)
    assert not on_the_spot(f"{number}", service="", point=None, place="", at=MONDAY)


def test_asking_costs_one_query(
    flood: Advisory, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    on_the_spot(TEXT, service="noise", point=TOWN_SQUARE, place="", at=now())

    with django_assert_num_queries(1):
        on_the_spot(TEXT, service="noise", point=TOWN_SQUARE, place="", at=now())


def test_the_page_is_told_while_one_types(flood: Advisory) -> None:
    client = visitor()

    shown = client.post("/petitions/announcements", filled())
    nothing = client.post("/petitions/announcements", filled(lon="x", lat="nan"))

    assert f"/advisories/{flood.pk}" in shown.content.decode()
    assert "Power company" in shown.content.decode()
    assert nothing.content.decode().strip() == ""


def test_enough_makes_no_petition_and_is_counted_once(flood: Advisory) -> None:
    client = visitor()
    told = told_in(client.post("/petitions/announcements", filled()).content.decode())

    for _ in range(2):
        answer = client.post("/petitions/spot-answers", filled(told=told))

    assert answer.headers["Location"] == f"/petitions/answered?area=w1&advisory={flood.pk}"
    page = client.get(answer.headers["Location"]).content.decode()
    assert f"/advisories/{flood.pk}" in page
    assert not Petition.objects.exists()
    row = SpotAnswer.objects.get()
    assert (row.choice, row.service, row.area, row.advisories) == (
        "enough",
        "noise",
        "w1",
        [flood.pk],
    )
    assert (row.hour.minute, row.hour.second) == (0, 0)


def test_what_nobody_was_shown_is_not_counted(flood: Advisory) -> None:
    client = visitor()

    client.post("/petitions/spot-answers", filled(told="made up"))
    client.post("/petitions/spot-answers", filled())
    told = told_in(client.post("/petitions/announcements", filled()).content.decode())
    Client().post("/petitions/spot-answers", filled(told=told))

    assert not SpotAnswer.objects.exists()


def test_without_a_script_the_answer_is_a_page_before_sending(flood: Advisory) -> None:
    client = visitor()

    first = client.post("/petitions/", filled(step="announced"))

    page = first.content.decode()
    assert first.status_code == 200
    assert f"/advisories/{flood.pk}" in page
    assert TEXT in page
    assert not Petition.objects.exists()

    sent = client.post("/petitions/", filled(step="sent", told=told_in(page)))

    assert sent.status_code == 302
    assert Petition.objects.count() == 1
    assert SpotAnswer.objects.get().choice == "sent"


def test_without_a_script_nothing_announced_means_sent_at_once(flood: Advisory) -> None:
    end_advisory(flood, actor=CAST.handler, at=now())

    assert visitor().post("/petitions/", filled(step="announced")).status_code == 302
    assert not SpotAnswer.objects.exists()


def test_the_counts_by_ward(small_town: None) -> None:
    for key, choice, area in (("1", "enough", "w1"), ("2", "sent", "w1"), ("3", "enough", "w2")):
        count_answer(key, choice=choice, area=area, actor=CAST.stranger, at=MONDAY)

    city = answers_given(MONDAY - HOUR, MONDAY + HOUR)
    ward = answers_given(MONDAY - HOUR, MONDAY + HOUR, area="w1")

    assert (city.enough, city.sent) == (2, 1)
    assert (ward.enough, ward.sent) == (1, 1)
    assert answers_given(MONDAY + HOUR, MONDAY + 2 * HOUR).all == 0


@pytest.mark.parametrize(
    "query", ["", "area=nowhere&advisory=x", f"advisory={10**30}", "advisory=0"]
)
def test_thanks_stand_whatever_the_address_says(small_town: None, query: str) -> None:
    assert Client().get(f"/petitions/answered?{query}").status_code == 200
