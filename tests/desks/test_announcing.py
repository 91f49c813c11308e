"""A unit's announcements and a ward's questions, from the staff's pages."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests import town
from tests.advisories.conftest import HOUR, content
from tests.town import CAST
from thudo.accounts.models import Holding, User
from thudo.advisories.actions import publish_advisory
from thudo.advisories.models import Advisory, Consultation
from thudo.base.clock import now
from thudo.base.phrases import city_zone


@pytest.fixture
def small_town(db: None) -> None:
    town.build()


def signed_in(post: str) -> Client:
    user = User.objects.create(username=post, display_name=post, password="!")
    Holding.objects.create(user=user, post_id=post, starts_at=town.MONDAY)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def clerk(small_town: None) -> Client:
    return signed_in("ward-1/handler")


@pytest.fixture
def row(small_town: None) -> Advisory:
    at = now()
    told = content(kind="incident", begins_at=at - HOUR, ends_at=None, source_at=at)
    return publish_advisory(told, unit="ward-1", actor=CAST.handler, at=at)


def typed(**more: Any) -> dict[str, Any]:
    local = f"{now().astimezone(city_zone()):%Y-%m-%dT%H:%M}"
    given = {
        "unit": "ward-1", "kind": "incident", "about": "drainage", "title": "Ngập trước chợ",
        "areas": ["w1"], "begins_at": local, "ends": "2", "source_name": "Ward 1",
        "source_at": local, "severity": "unknown",
    }  # fmt: skip
    return given | more


def test_an_incident_is_announced_with_a_few_taps(clerk: Client) -> None:
    page = clerk.get("/desk/advisories/new").content.decode()
    answer = clerk.post("/desk/advisories/", typed(lon="105.05", lat="21.05", radius="300"))

    row = Advisory.objects.get()
    assert 'value="ward-1"' in page
    assert answer.headers["Location"] == f"/desk/advisories/{row.pk}?done=published"
    assert (row.unit, row.kind, row.areas, row.radius) == ("ward-1", "incident", ["w1"], 300)
    assert row.geometry == {"type": "Point", "coordinates": [105.05, 21.05]}
    assert row.ends_at is not None
    assert timedelta(minutes=118) < row.ends_at - now() <= timedelta(minutes=121)
    assert row.origin_kind == "post"
    assert "Ngập trước chợ" in clerk.get("/desk/advisories/").content.decode()
    assert clerk.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"areas": []},
        {"ends": "other"},
        {"begins_at": "yesterday"},
        {"lon": "5", "lat": "5", "areas": []},
        {"unit": "ward-2"},
        {"radius": "3", "lon": "105.05", "lat": "21.05"},
        {"source_url": "javascript:x"},
        {"kind": "party"},
    ],
)
def test_what_is_wrong_comes_back_with_what_was_typed(clerk: Client, wrong: dict[str, Any]) -> None:
    answer = clerk.post("/desk/advisories/", typed(text="Đừng đi qua.") | wrong)

    assert answer.status_code == 422
    assert "Đừng đi qua." in answer.content.decode()
    assert not Advisory.objects.exists()


def test_it_is_amended_and_then_over(clerk: Client, row: Advisory) -> None:
    amended = clerk.post(
        f"/desk/advisories/{row.pk}/amendments",
        typed(text="Đã có bơm.", note="Nước lên.", seen="1", services=["flooding"]),
    )
    stale = clerk.post(f"/desk/advisories/{row.pk}/endings", {"seen": "1", "note": "x"})
    ended = clerk.post(f"/desk/advisories/{row.pk}/endings", {"seen": "2", "note": "Nước rút."})

    assert (amended.status_code, stale.status_code, ended.status_code) == (302, 409, 302)
    row.refresh_from_db()
    assert row.state(now()) == "ended"
    page = Client().get(f"/advisories/{row.pk}").content.decode()
    for words in ("Đã có bơm.", "Nước lên.", "Nước rút."):
        assert words in page


def test_taking_back_asks_why(clerk: Client, row: Advisory) -> None:
    address = f"/desk/advisories/{row.pk}/withdrawals"

    assert clerk.post(address, {"seen": "1", "note": ""}).status_code == 422
    assert clerk.post(address, {"seen": "1", "note": "Nhầm ngày."}).status_code == 302
    assert "Nhầm ngày." in Client().get(f"/advisories/{row.pk}").content.decode()


@pytest.mark.parametrize("post", ["ward-2/handler", "checking/checking"])
def test_another_unit_may_do_nothing_to_it(row: Advisory, post: str) -> None:
    other = signed_in(post)

    for noun in ("", "/amendments", "/endings", "/withdrawals"):
        address = f"/desk/advisories/{row.pk}{noun}"
        answer = other.post(address, typed()) if noun else other.get(address)
        assert answer.status_code == 403
    assert Client().get(f"/desk/advisories/{row.pk}").status_code in {302, 403}


def test_a_ward_asks_and_reads_and_closes(clerk: Client) -> None:
    at = now().astimezone(city_zone())
    form = {
        "unit": "ward-1", "question": "Chợ mở mấy giờ?", "choices": "5 giờ\n6 giờ\n",
        "opens_at": f"{at - HOUR:%Y-%m-%dT%H:%M}", "closes_on": f"{at + 24 * HOUR:%Y-%m-%dT%H:%M}",
        "takes_comments": "on",
    }  # fmt: skip
    assert clerk.post("/desk/consultations/", form | {"choices": "5 giờ"}).status_code == 422
    assert clerk.post("/desk/consultations/", form).status_code == 302
    row = Consultation.objects.get()
    assert row.areas == ["w1"]

    device = Client()
    device.get(f"/consultations/{row.pk}")
    said = {"choice": "a", "comment": "<b>Sớm</b> thì tốt"}
    device.post(f"/consultations/{row.pk}/answers", said)
    page = clerk.get(f"/desk/consultations/{row.pk}").content.decode()
    closed = clerk.post(f"/desk/consultations/{row.pk}/closings")

    assert "&lt;b&gt;Sớm&lt;/b&gt;" in page
    assert closed.status_code == 302
    assert device.post(f"/consultations/{row.pk}/answers", said).status_code == 409
    assert signed_in("ward-2/handler").get(f"/desk/consultations/{row.pk}").status_code == 403
