"""Where I live: kept on the device, what is new there since the last look, a feed of its own."""

from collections.abc import Callable
from datetime import datetime
from xml.etree import ElementTree

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.notices.conftest import HOUR
from tests.petitions.conftest import file_hole
from tests.town import CAST, MONDAY, TOWN_SQUARE
from thudo.cases import actions as cases
from thudo.cases.actions import Claim
from thudo.cases.models import Case
from thudo.notices.rules import topics
from thudo.notices.rules.kept import Kept, Place, read_kept, topic_of, written
from thudo.notices.views import feeds, places
from thudo.petitions.actions import approve_result

LON, LAT = TOWN_SQUARE
SQUARE = topics.near(LON, LAT)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    def set_to(at: datetime) -> None:
        for module in (places, feeds):
            monkeypatch.setattr(module, "now", lambda: at)

    set_to(MONDAY + HOUR)
    return set_to


def choose(browser: Client, **fields: object) -> None:
    answer = browser.post("/places/mine", fields)
    assert answer.status_code == 302, answer.content


def test_a_ward_is_kept_and_its_page_tells_what_is_new(browser: Client, clock) -> None:
    file_hole()
    file_hole(is_public=False, text="A hole that only the city is to know of.")
    assert b"No account is needed" in browser.get("/places/mine").content

    choose(browser, area="w1")
    page = browser.get("/places/mine").content.decode()

    assert "Ward w1" in page
    assert page.count("1 High Street") == 1
    assert 'data-topic="area:w1"' in page
    assert "/places/area-w1.atom" in page


def test_a_street_hears_its_neighbourhood_and_no_homes(browser: Client, clock) -> None:
    file_hole()
    file_hole(is_home=True, place="7 Own House", text="The pavement before my house is broken.")
    file_hole(longitude=LON + 0.03, place="9 Far Street", text="Another hole, farther away.")
    choose(browser, place="High Street", lon=str(LON), lat=str(LAT))

    page = browser.get("/places/mine").content.decode()

    assert "1 High Street" in page
    assert "Own House" not in page
    assert "Far Street" not in page
    assert "new since" not in page


def test_what_came_since_the_last_visit_is_marked_as_long_as_the_visit_lasts(
    browser: Client, clock
) -> None:
    petition, _ = file_hole()
    choose(browser, area="w1")
    browser.get("/places/mine")
    file_hole(at=MONDAY + 3 * HOUR, place="2 High Street", text="Another hole, a deep one.")
    _finish(Case.objects.get(links__petition=petition))

    for minutes in (0, 10):
        clock(MONDAY + 8 * HOUR + minutes * HOUR / 60)
        page = browser.get("/places/mine").content.decode()
        assert "2 pieces of news since your last look" in page
        assert page.count("row-new") == 2
    clock(MONDAY + 12 * HOUR)
    assert "Nothing new since your last look" in browser.get("/places/mine").content.decode()


def test_several_places_are_kept_the_last_chosen_first_and_forgotten(
    browser: Client, clock
) -> None:
    choose(browser, area="w1")
    choose(browser, area="w2")
    page = browser.get("/places/mine").content.decode()
    assert 'data-topic="area:w2"' in page
    assert "?place=area-w1" in page
    assert 'data-topic="area:w1"' in browser.get("/places/mine?place=area-w1").content.decode()

    for topic in ("area:w2", "area:w1"):
        browser.post("/places/mine/forgetting", {"topic": topic})
    assert b"No account is needed" in browser.get("/places/mine").content


@pytest.mark.parametrize(
    "fields",
    [
        {}, {"area": "w9"}, {"area": "town"}, {"place": "nowhere at all"},
        {"place": "x", "lon": "1", "lat": "1"}, {"place": "x", "lon": "nan", "lat": "inf"},
        {"area": "w1", "place": "y" * 301},
    ],
)  # fmt: skip
def test_what_is_no_place_of_the_city_is_asked_again(browser: Client, clock, fields) -> None:
    answer = browser.post("/places/mine", fields)
    assert answer.status_code == 422
    assert b"field-wrong" in answer.content


def test_the_feed_of_a_place(browser: Client, clock) -> None:
    file_hole()
    for key in ("area-w1", SQUARE.replace(":", "-")):
        answer = browser.get(f"/places/{key}.atom")
        feed = ElementTree.fromstring(answer.content)
        assert answer["Content-Type"].startswith("application/atom+xml")
        titles = [t.text for t in feed.iter("{http://www.w3.org/2005/Atom}title")]
        assert titles[1] == "road_damage: 1 High Street"
    for key in ("area-w9", "petition-0000000000", "near-x", "area"):
        assert browser.get(f"/places/{key}.atom").status_code == 404


def test_the_list_asks_few_questions(browser: Client, clock, django_assert_max_num_queries) -> None:
    for n in range(5):
        file_hole(place=f"{n} High Street", text=f"Hole number {n} before the school.")
    choose(browser, area="w1")
    browser.get("/places/mine")
    with django_assert_max_num_queries(16):
        browser.get("/places/mine")


@given(st.text(max_size=200) | st.binary(max_size=100).map(lambda b: b.hex()))
def test_a_cookie_that_we_did_not_write_says_nothing(text: str) -> None:
    assert read_kept(text) == Kept()


def test_a_cookie_comes_back_as_it_was() -> None:
    kept = Kept((Place("area:w1", "Phường Khương Đình"),)).looked(MONDAY)
    assert read_kept(written(kept)) == kept
    assert topic_of("area-w1") == "area:w1"
    assert topic_of("petition-0000000000") == ""
    assert (
        read_kept("eyJwIjogW1sicGV0aXRpb246MDAwMDAwMDAwMCIsICIiXV0sICJ2IjogWyIiLCAiIl19") == Kept()
    )


def _finish(case: Case) -> None:
    cases.accept_case(case, actor=CAST.handler, at=MONDAY + 4 * HOUR)
    claim = Claim("resolved", "It was laid again on Monday.", proof=("photo",))
    cases.answer_case(case, claim, draw=0.5, actor=CAST.handler, at=MONDAY + 5 * HOUR)
    approve_result(case, actor=CAST.checker, at=MONDAY + 6 * HOUR)
