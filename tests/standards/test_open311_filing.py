"""Open311, POST requests: filed by the one deed, answered at once, refused in the standard's words."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from tests import town
from tests.standards.open311 import HOLE, Open311, root_of
from tests.standards.test_open311_reading import DEPTH, POST
from tests.town import TOWN_SQUARE
from thudo.accounts.models import ApiKey
from thudo.cases.models import Case
from thudo.directory import models as lists
from thudo.directory.queries import Located, locating
from thudo.journal.models import Entry
from thudo.petitions.actions.identity import secret_of
from thudo.petitions.models import Petition, Petitioner
from thudo.petitions.queries.reading import opens
from thudo.routing.queries import Classification, classify


@pytest.fixture
def open311(client: Client, small_town: town.Cast) -> Open311:
    lists.Service.objects.filter(code="flooding").update(questions=[DEPTH, POST])
    town.forget()
    return Open311(client)


@pytest.fixture
def sent(key: Callable[..., str]) -> dict[str, Any]:
    """What the standard's own example sends."""
    return {
        "api_key": key("petitions:file"), "jurisdiction_id": "town", "service_code": "road_damage",
        "lat": "21.05", "long": "105.05", "address_string": "1 High Street",
        "email": "smith@example.org", "device_id": "tt222111", "account_id": "123456",
        "first_name": "An", "last_name": "Nguyễn", "phone": "0900000001", "description": HOLE,
    }  # fmt: skip


@pytest.fixture(autouse=True)
def read(monkeypatch: pytest.MonkeyPatch) -> list[Located]:
    """What the directory reads in free text; the town has too few names to read anything."""
    found: list[Located] = []
    monkeypatch.setattr(locating, "locate_text", lambda _text, most, *, wait: found[:most])
    return found


def number_of(told: Any) -> str:
    (row,) = told
    return str(row["service_request_id"])


def test_a_request_becomes_a_petition_with_its_case(open311: Open311, sent: dict[str, Any]) -> None:
    told = open311.post("requests", sent)
    petition = Petition.objects.get(number=number_of(told))

    assert (petition.text, petition.service, petition.area) == (HOLE, "road_damage", "w1")
    assert (petition.longitude, petition.latitude) == TOWN_SQUARE
    assert (petition.place, petition.channel) == ("1 High Street", "api")
    assert petition.filed_by.startswith("key:")
    assert Case.objects.get(links__petition=petition).unit == "ward-1"
    assert set(told[0]) == {"service_request_id", "service_notice"}


def test_the_notice_says_who_when_and_where_to_follow(
    open311: Open311, sent: dict[str, Any]
) -> None:
    told = open311.post("requests", sent, headers={"Accept-Language": "en"})
    notice = told[0]["service_notice"]
    petition = Petition.objects.get(number=number_of(told))
    secret = secret_of(petition.pk)

    assert notice.startswith("ward-1 is in charge of it. It will confirm that it has taken it in ")
    assert "The result is promised before " in notice
    assert notice.endswith(f"/petitions/{petition.number}/{secret}")
    assert opens(petition.number, secret)


def test_what_was_filed_can_be_read_at_once_and_tells_nobody_who_sent_it(
    open311: Open311, sent: dict[str, Any]
) -> None:
    number = number_of(open311.post("requests", sent))
    (row,) = open311.get(f"requests/{number}", extensions="true")
    assert row["status"] == "open"
    for personal in ("smith@example.org", "0900000001", "Nguyễn", "tt222111", "123456"):
        assert personal not in str(row)


def test_xml_is_answered_with_200_and_one_number(open311: Open311, sent: dict[str, Any]) -> None:
    answer = open311.client.post("/open311/v2/requests.xml", sent)
    assert answer.status_code == 200
    root = root_of(answer)
    assert [child.tag for child in root] == ["request"]
    assert [child.tag for child in root[0]] == ["service_request_id", "service_notice"]
    assert root.tag == "service_requests"


def test_parameters_in_the_address_of_a_post_are_heard(
    open311: Open311, sent: dict[str, Any]
) -> None:
    answer = open311.client.post("/open311/v2/requests.json", query_params=sent)
    assert answer.status_code == 200, answer.content


def test_only_what_the_standard_asks_for_and_a_way_to_reach_the_sender(
    open311: Open311, sent: dict[str, Any]
) -> None:
    least = {name: sent[name] for name in ("api_key", "service_code", "lat", "long", "email")}
    petition = Petition.objects.get(number=number_of(open311.post("requests", least)))
    assert petition.text == "road_damage."


@pytest.mark.parametrize(
    ("without", "status", "words"),
    [
        (("api_key",), 403, "api_key"),
        (("service_code",), 400, "service_code"),
        (("lat", "long", "address_string"), 400, "address_string"),
        (("lat",), 400, "lat"),
        (("long",), 400, "long"),
        (("email", "phone"), 400, "phone number"),
    ],
)
def test_what_is_missing_is_named(
    open311: Open311, sent: dict[str, Any], without: tuple[str, ...], status: int, words: str
) -> None:
    for empty in (False, True):
        given = {k: "" if empty and k in without else v for k, v in sent.items()}
        given = given if empty else {k: v for k, v in sent.items() if k not in without}
        (error,) = open311.post("requests", given, status, headers={"Accept-Language": "en"})
        assert words in error["description"]
    assert not Petition.objects.exists()


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"api_key": "tk_nobody"}, 403, "api_key"),
        ({"service_code": "nothing"}, 404, "service_code"),
        ({"service_code": "praise"}, 404, "service_code"),
        ({"jurisdiction_id": "elsewhere.example"}, 404, "jurisdiction_id"),
        ({"lat": "north"}, 400, "lat"),
        ({"lat": "nan"}, 400, "lat"),
        ({"long": "1e3"}, 400, "long"),
        ({"lat": "50", "long": "10"}, 400, "outside the city"),
        ({"phone": "12"}, 400, "phone"),
        ({"email": "nobody"}, 400, "email"),
        ({"description": "x" * 4001}, 400, "4000"),
        ({"address_string": "x" * 301}, 400, "address_string"),
        ({"lat": "", "long": "", "address_id": "w9"}, 400, "address_id"),
        ({"service_code": "flooding", "attribute[depth]": "ocean"}, 400, "attribute[depth]"),
        ({"service_code": "flooding", "attribute[post]": "x" * 201}, 400, "attribute[post]"),
    ],
)
def test_what_is_wrong_is_said_with_its_status(
    open311: Open311, sent: dict[str, Any], change: dict[str, str], status: int, words: str
) -> None:
    (error,) = open311.post("requests", {**sent, **change}, status, headers={"Accept-Language": "en"})  # fmt: skip
    assert words in error["description"]
    assert not Petition.objects.exists()


def test_a_key_must_have_the_right_to_file(
    open311: Open311, sent: dict[str, Any], key: Callable[..., str]
) -> None:
    open311.post("requests", {**sent, "api_key": key("petitions:read")}, 403)


def test_a_key_that_has_ended_is_none(open311: Open311, sent: dict[str, Any]) -> None:
    ApiKey.objects.update(ends_at=town.MONDAY)
    open311.post("requests", sent, 403)


def test_a_key_may_come_in_the_header(open311: Open311, sent: dict[str, Any]) -> None:
    secret = sent.pop("api_key")
    open311.post("requests", sent, headers={"X-Api-Key": secret})


def test_answers_are_kept_and_raise_the_urgency(open311: Open311, sent: dict[str, Any]) -> None:
    asked = {
        "service_code": "flooding", "attribute[depth]": "knee", "attribute[post]": "7B",
        "attribute[easting]": "123", "description": "",
    }  # fmt: skip
    number = number_of(open311.post("requests", {**sent, **asked}))
    petition = Petition.objects.get(number=number)
    assert petition.answers == {"depth": "knee", "post": "7B"}
    assert petition.text == "flooding.\nSâu đến đâu? Đầu gối.\nSố cột 7B."
    assert Case.objects.get(links__petition=petition).urgency == "urgent"


def test_who_does_not_know_the_kind_leaves_it_to_the_words(
    open311: Open311, sent: dict[str, Any]
) -> None:
    number = number_of(open311.post("requests", {**sent, "service_code": "undecided"}))
    assert Petition.objects.get(number=number).service_by in {"desk", "proposed"}


def test_an_id_or_words_say_where_when_no_point_does(
    open311: Open311, sent: dict[str, Any]
) -> None:
    lists.Place.objects.create(
        kind="school", name="Lotus School", folded="lotus school", area_id="w2", longitude=105.15,
        latitude=21.05, weight=50,
    )  # fmt: skip
    where = {"lat": "", "long": ""}
    by_id = {**sent, **where, "address_id": "w2"}
    by_words = {**sent, **where, "address_string": "Lotus School, Town"}
    unknown = {**sent, **where, "address_string": "1234 5th Street"}

    first = Petition.objects.get(number=number_of(open311.post("requests", by_id)))
    second = Petition.objects.get(number=number_of(open311.post("requests", by_words)))
    told = open311.post("requests", unknown, headers={"Accept-Language": "en"})
    third = Petition.objects.get(number=number_of(told))

    assert (first.area, first.longitude) == ("w2", None)
    assert (second.area, second.longitude, second.place) == ("w2", 105.15, "Lotus School, Town")
    assert (third.area, third.place) == ("", "1234 5th Street")
    assert "not found on our map" in told[0]["service_notice"]
    assert Case.objects.get(links__petition=third).unit == "desk"


@pytest.mark.parametrize(
    ("precision", "confidence", "area", "longitude"),
    [
        ("number", 0.9, "w2", 105.15),
        ("place", 0.5, "w2", 105.15),
        ("street", 0.9, "w2", None),
        ("near_number", 0.9, "w2", None),
        ("number", 0.49, "", None),
    ],
)
def test_free_words_are_believed_as_far_as_they_are_sure(
    open311: Open311, sent: dict[str, Any], read: list[Located], precision: str,
    confidence: float, area: str, longitude: float | None,
) -> None:  # fmt: skip
    read.append(Located("w2", "Ward w2", 105.15, 21.05, confidence, precision, "12 Low Street"))
    where = {"lat": "", "long": "", "address_string": "opposite number 12 of the low street"}
    petition = Petition.objects.get(number=number_of(open311.post("requests", {**sent, **where})))
    assert (petition.area, petition.longitude) == (area, longitude)


def test_a_matter_that_the_channel_does_not_take_is_refused_with_a_sentence(
    open311: Open311, sent: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    _screen(monkeypatch, "complaint_denunciation")
    reason = {"vi": "Xin gửi Ban Tiếp công dân.", "en": "Please go to the reception board."}
    lists.Service.objects.filter(code="complaint_denunciation").update(reason=reason)
    town.forget()
    (error,) = open311.post("requests", sent, 400, headers={"Accept-Language": "en"})
    petition = Petition.objects.get()
    assert petition.handling == "refused"
    assert error["description"].startswith("Please go to the reception board. ")
    assert petition.number in error["description"]
    open311.get(f"requests/{petition.number}", 404)


def test_thanks_are_thanked_for(
    open311: Open311, sent: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    _screen(monkeypatch, "praise")
    open311.post("requests", {**sent, "service_code": "undecided"})
    assert Petition.objects.get().handling == "thanked"


def _screen(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    def read(text: str) -> Classification:
        return replace(classify(text), kind_not_taken=kind)

    monkeypatch.setattr("thudo.petitions.queries.screening.classify", read)


def test_the_same_request_again_is_one_petition(open311: Open311, sent: dict[str, Any]) -> None:
    first, again = open311.post("requests", sent), open311.post("requests", sent)
    other = open311.post("requests", {**sent, "device_id": "another"})
    assert first == again
    assert number_of(other) != number_of(first)
    assert Petition.objects.count() == 2


def test_the_same_words_are_known_across_stretches_of_time_but_not_on_another_day(
    open311: Open311, sent: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    from thudo.standards.open311.views import writing

    at = town.MONDAY.replace(minute=9, second=59)
    numbers = []
    for seconds in (0, 2, 500, 86_400):
        moment = at + timedelta(seconds=seconds)
        monkeypatch.setattr(writing, "now", lambda moment=moment: moment)
        numbers.append(number_of(open311.post("requests", sent)))
    assert len(set(numbers[:3])) == 1
    assert numbers[3] != numbers[0]


def test_the_test_endpoint_does_everything_and_leaves_nothing(
    open311: Open311, sent: dict[str, Any]
) -> None:
    entries = Entry.objects.count()
    rehearsal = Open311(open311.client, "/open311/test/v2")
    told = rehearsal.post("requests", sent, headers={"Accept-Language": "en"})
    rehearsal.post("requests", {**sent, "service_code": "nothing"}, 404)
    rehearsal.post("requests", {**sent, "lat": "north"}, 400)

    assert told[0]["service_notice"].startswith("This is the test endpoint: nothing was filed.")
    assert "/petitions/" not in told[0]["service_notice"]
    rehearsal.get(f"requests/{number_of(told)}", 404)
    assert not Petition.objects.exists()
    assert not Petitioner.objects.exists()
    assert Entry.objects.count() == entries


def test_programs_are_told_the_same_with_extensions(open311: Open311, sent: dict[str, Any]) -> None:
    answer = open311.client.post("/open311/v2/requests.json", {**sent, "extensions": "true"})
    (row,) = answer.json()
    more = row["extended_attributes"]
    assert (more["unit"], more["handling"], more["is_replay"]) == ("ward-1", "case", False)
    assert opens(row["service_request_id"], more["secret"])


def test_a_body_that_cannot_be_read_is_400(open311: Open311, sent: dict[str, Any]) -> None:
    path = "/open311/v2/requests.xml"
    broken = open311.client.post(path, b"--x\r\n", content_type="multipart/form-data")
    assert (broken.status_code, root_of(broken).tag) == (400, "errors")
    many = "&".join(f"a{n}=1" for n in range(1200))
    kind = "application/x-www-form-urlencoded"
    assert open311.client.post(path, many, content_type=kind).status_code == 400
    huge = open311.client.post(path, "a=" + "x" * 3_000_000, content_type=kind)
    assert huge.status_code == 400
    as_json = open311.client.post(
        path, sent, content_type="application/json", headers={"X-Api-Key": sent["api_key"]}
    )
    assert as_json.status_code == 400


def test_odd_signs_break_nothing(open311: Open311, sent: dict[str, Any]) -> None:
    odd = "\x00 \u202e \ufffe & <b> 😀"
    number = number_of(
        open311.post("requests", {**sent, "description": f"{HOLE} {odd}", "address_string": odd})
    )
    assert open311.get(f"requests/{number}")[0]["description"].startswith(HOLE)
    open311.post("requests", {**sent, "service_code": "\x00\ufffe"}, 400)
    open311.post("requests", {**sent, "service_code": "a\ufffe"}, 404)
