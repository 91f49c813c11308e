"""What everybody sees: the list, one advisory, feeds, calendars; a question answered once."""

import json
from xml.etree import ElementTree

import pytest
from django.test import Client

from tests.advisories.conftest import HOUR, Publish, content
from tests.town import CAST, MONDAY
from thudo.advisories.actions import (
    amend_advisory,
    end_advisory,
    publish_advisory,
    publish_consultation,
    withdraw_advisory,
)
from thudo.advisories.actions.consulting import Asked
from thudo.advisories.models import Advisory, Consultation, Reply
from thudo.base.clock import now

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def works(small_town: None) -> Advisory:
    """Begins tomorrow, whenever that is."""
    at = now()
    planned = content(
        begins_at=at + 24 * HOUR, ends_at=at + 28 * HOUR, source_at=at, streets=("Lò Rèn",),
        source_url="https://example.org/notice", text={"vi": "<i>Chi tiết</i>"},
    )  # fmt: skip
    return publish_advisory(planned, unit="ward-1", actor=CAST.handler, at=at)


@pytest.fixture
def question(small_town: None) -> Consultation:
    at = now()
    asked = Asked({"vi": "Mấy giờ?"}, [{"vi": "Sáng"}, {"vi": "Chiều"}], at - HOUR, at + 48 * HOUR)
    return publish_consultation(asked, unit="ward-1", actor=CAST.handler, at=at)


def page(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_the_list_by_place_and_day(works: Advisory) -> None:
    link = f"/advisories/{works.pk}"
    day = f"{works.begins_at.astimezone():%Y-%m-%d}"

    assert link in page("/advisories/")
    assert link in page("/advisories/?area=w1&about=power")
    assert link not in page("/advisories/?area=w2")
    assert link not in page("/advisories/?about=water")
    assert link not in page("/advisories/?on=2020-01-01")
    assert page(f"/advisories/?on={day}")
    for nonsense in ("?area=x&on=99&about=y&service=z", "?on=0001-01-01"):
        assert page(f"/advisories/{nonsense}")


def test_one_advisory_tells_its_source_and_all_it_ever_said(works: Advisory) -> None:
    at = now()
    later = content(
        begins_at=works.begins_at, ends_at=works.begins_at + 9 * HOUR, source_at=at,
        text={"vi": "<i>Chi tiết</i>"},
    )  # fmt: skip
    amend_advisory(works, later, note="Thêm giờ.", actor=CAST.handler, at=at)

    told = page(f"/advisories/{works.pk}")

    assert "&lt;i&gt;Chi tiết&lt;/i&gt;" in told
    assert "Thêm giờ." in told
    assert "<del>" in told
    assert Client().get("/advisories/999999").status_code == 404
    assert Client().get(f"/advisories/{10**30}").status_code == 404


def test_calendars_and_feeds(works: Advisory) -> None:
    calendar = page(f"/advisories/{works.pk}.ics")
    withdraw_advisory(works, note="Hoãn", actor=CAST.handler, at=now())

    assert calendar.startswith("BEGIN:VCALENDAR\r\n")
    assert max(len(line.encode()) for line in calendar.split("\r\n")) <= 75
    assert "STATUS:CONFIRMED" in calendar
    gone = page(f"/advisories/{works.pk}.ics")
    assert "STATUS:CANCELLED" in gone
    assert "SEQUENCE:1" in gone
    assert "BEGIN:VEVENT" not in page("/advisories/calendar.ics?area=w1")
    for path in ("/feeds/advisories.atom", "/feeds/areas/w1/advisories.atom"):
        feed = ElementTree.fromstring(page(path))
        assert len(feed.findall(f"{ATOM}entry")) == 1
    assert Client().get("/feeds/areas/nowhere/advisories.atom").status_code == 404


def test_marks_and_ground(publish: Publish, works: Advisory) -> None:
    end_advisory(works, actor=CAST.handler, at=now())
    at = now()
    ring = [[105.01, 21.01], [105.02, 21.01], [105.02, 21.02], [105.01, 21.01]]
    polygon = {"type": "Polygon", "coordinates": [ring]}
    row = publish_advisory(
        content(begins_at=at, ends_at=at + HOUR, geometry=polygon), unit="ward-1",
        actor=CAST.handler, at=at,
    )  # fmt: skip

    (mark,) = json.loads(page("/advisories/map.geojson"))["features"]
    (ground,) = json.loads(page(f"/advisories/{row.pk}/ground.geojson"))["features"]

    assert mark["properties"]["href"] == f"/advisories/{row.pk}"
    assert ground["geometry"]["type"] == "Polygon"
    assert json.loads(page(f"/advisories/{works.pk}/ground.geojson"))["features"]


def test_the_ward_page_shows_both(works: Advisory, question: Consultation) -> None:
    told = page("/areas/w1")

    assert f"/advisories/{works.pk}" in told
    assert f"/consultations/{question.pk}" in told
    assert f"/advisories/{works.pk}" not in page("/areas/w2")


def test_a_device_answers_once_without_an_account(question: Consultation) -> None:
    address = f"/consultations/{question.pk}"
    device = Client()
    assert "Sáng" in device.get(address).content.decode()

    for choice in ("a", "b", "b"):
        answer = device.post(f"{address}/answers", {"choice": choice})
        assert answer.status_code == 302

    told = device.get(answer.headers["Location"]).content.decode()
    assert "1 / 1" in told
    assert [reply.choice for reply in Reply.objects.all()] == ["b"]
    assert address in page("/consultations/?area=w1")
    assert address not in page("/consultations/?area=w2")


def test_without_a_cookie_or_a_token_nothing_is_counted(question: Consultation) -> None:
    address = f"/consultations/{question.pk}/answers"
    strict = Client(enforce_csrf_checks=True)
    strict.get(f"/consultations/{question.pk}")

    assert Client().post(address, {"choice": "a"}).status_code == 422
    assert strict.post(address, {"choice": "a"}).status_code == 403
    known = Client()
    known.get(f"/consultations/{question.pk}")
    for wrong in ({}, {"choice": "z"}, {"choice": "a" * 99}):
        assert known.post(address, wrong).status_code == 422
    assert not Reply.objects.exists()


def test_results_wait_until_one_has_answered(question: Consultation) -> None:
    one = Client()
    one.get(f"/consultations/{question.pk}")
    one.post(f"/consultations/{question.pk}/answers", {"choice": "a"})

    assert "1 / 1" not in page(f"/consultations/{question.pk}")


def test_the_past_is_told_by_day(publish: Publish) -> None:
    row = publish()
    assert f"/advisories/{row.pk}" in page(f"/advisories/?on={MONDAY:%Y-%m-%d}")
    assert f"/advisories/{row.pk}" not in page("/advisories/")
