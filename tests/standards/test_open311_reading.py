"""Open311, what anybody may read: discovery, services, definitions, requests; strictly in shape."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tests import town
from tests.operations.cast import HOME, case_of, finish, report
from tests.standards.open311 import W3C, Open311, root_of, same
from tests.town import CAST, HARBOUR, MONDAY
from thudo.base.clock import now
from thudo.cases import actions as deeds
from thudo.directory import models as lists
from thudo.petitions.models import Petition

DEPTH = {
    "code": "depth", "kind": "choice", "text": {"vi": "Sâu đến đâu?", "en": "How deep?"},
    "options": [{"code": "knee", "text": {"vi": "Đầu gối", "en": "Knee"}, "severity": "urgent"}],
}  # fmt: skip
POST = {"code": "post", "kind": "text", "text": {"vi": "Số cột", "en": "Number on the post"}}


@pytest.fixture
def open311(client: Client, small_town: town.Cast) -> Open311:
    lists.Service.objects.filter(code="flooding").update(questions=[DEPTH, POST])
    town.forget()
    return Open311(client)


def recently(days: float = 1) -> datetime:
    return now().replace(microsecond=0) - timedelta(days=days)


def numbers(rows: list[dict[str, Any]]) -> list[str]:
    return [row["service_request_id"] for row in rows]


@pytest.mark.parametrize("path", ["/open311/discovery", "/open311/v2/discovery"])
def test_discovery_names_both_endpoints_with_changesets_of_the_past(
    open311: Open311, path: str
) -> None:
    as_json, as_xml = open311.client.get(f"{path}.json"), open311.client.get(f"{path}.xml")
    assert (as_json["Content-Type"], as_xml["Content-Type"]) == ("application/json", "text/xml")
    told = as_json.json()
    same(root_of_bare(as_xml), told)
    assert set(told) == {"changeset", "contact", "key_service", "endpoints"}
    assert [row["type"] for row in told["endpoints"]] == ["production", "test"]
    for row in told["endpoints"]:
        assert row["formats"] == ["text/xml", "application/json"]
        assert row["specification"] == "http://wiki.open311.org/GeoReport_v2"
        assert W3C.match(row["changeset"])
        assert datetime.fromisoformat(row["changeset"]) < now()
        path = row["url"].split("localhost:8000")[1]
        assert open311.client.get(f"{path}/services.xml").status_code == 200


def root_of_bare(answer: Any) -> Any:
    answer.headers["Content-Type"] = "text/xml; charset=utf-8"
    return root_of(answer)


def test_services_are_those_that_may_be_filed_and_one_for_who_does_not_know(
    open311: Open311,
) -> None:
    rows = open311.get("services")
    codes = {row["service_code"] for row in rows}
    assert codes == {"road_damage", "flooding", "noise", "undecided"}
    assert {row["type"] for row in rows} == {"realtime"}
    assert {row["service_code"] for row in rows if row["metadata"]} == {"flooding"}


def test_a_definition_is_the_packs_question_set(open311: Open311) -> None:
    told = open311.get("services/flooding", shape="definition")
    assert told["service_code"] == "flooding"
    first, second = told["attributes"]
    assert first == {
        "variable": True, "code": "depth", "datatype": "singlevaluelist", "required": False,
        "datatype_description": "Chọn một giá trị.", "order": 1, "description": "Sâu đến đâu?",
        "values": [{"key": "knee", "name": "Đầu gối"}],
    }  # fmt: skip
    assert (second["datatype"], second["order"], "values" in second) == ("string", 2, False)
    assert open311.get("services/noise", shape="definition")["attributes"] == []


@pytest.mark.parametrize("code", ["nothing", "praise", "complaint_denunciation"])
def test_what_may_not_be_filed_has_no_definition(open311: Open311, code: str) -> None:
    (error,) = open311.get(f"services/{code}", 404)
    assert code in error["description"]


def test_a_request_is_told_in_the_standards_words(open311: Open311) -> None:
    petition = report(at=recently(3))
    case = finish(petition, at=recently(2))
    (row,) = open311.get(f"requests/{petition.number}")

    assert row["service_request_id"] == petition.number
    assert (row["status"], row["service_code"]) == ("closed", "road_damage")
    assert row["status_notes"].startswith("Đã xử lý xong")
    assert "asphalt" in row["status_notes"]
    assert row["agency_responsible"] == "ward-1"
    assert row["requested_datetime"] == f"{petition.filed_at:%Y-%m-%dT%H:%M:%SZ}"
    assert case.closed_at
    assert row["updated_datetime"] == f"{case.closed_at:%Y-%m-%dT%H:%M:%SZ}"
    assert row["expected_datetime"] == f"{case.promised_at:%Y-%m-%dT%H:%M:%SZ}"
    assert row["address"] == "1 High Street, Ward w1, Town"
    assert (row["address_id"], row["zipcode"], row["media_url"]) == ("w1", "", "")
    assert (row["lat"], row["long"]) == (21.05, 105.05)


def test_what_is_not_public_never_appears(open311: Open311) -> None:
    shown = report(at=recently())
    hidden, private = report(at=recently()), report(at=recently(), public=False)
    refused = report(at=recently())
    Petition.objects.filter(pk=hidden.pk).update(is_hidden=True)
    Petition.objects.filter(pk=refused.pk).update(handling="refused")
    secret = [hidden.number, private.number, refused.number]

    assert numbers(open311.get("requests")) == [shown.number]
    named = open311.get("requests", service_request_id=",".join([*secret, shown.number]))
    assert numbers(named) == [shown.number]
    for number in secret:
        open311.get(f"requests/{number}", 404)
    for petition in (hidden, private, refused):
        deeds.accept_case(case_of(petition), actor=CAST.handler, at=recently(0.5))
    assert open311.get("servicerequestupdates", shape="service_request_updates") == []


def test_a_home_is_a_disc_and_its_address_the_ward(open311: Open311) -> None:
    petition = report(at=recently(), point=HOME, home=True, place="12 Secret Lane, at Mrs A")
    (row,) = open311.get(f"requests/{petition.number}", extensions="true")
    assert row["address"] == "Ward w1, Town"
    assert (row["long"], row["lat"]) != HOME
    assert row["extended_attributes"]["is_coarse"] is True
    assert "Secret" not in str(row)


def test_without_a_point_lat_and_long_are_left_out(open311: Open311) -> None:
    petition = report(at=recently(), point=None)
    (row,) = open311.get(f"requests/{petition.number}")
    assert "lat" not in row
    assert "long" not in row


def test_what_nobody_has_named_yet_has_a_code_too(open311: Open311) -> None:
    petition = report(at=recently())
    Petition.objects.filter(pk=petition.pk).update(service="")
    (row,) = open311.get("requests", service_code="undecided")
    assert (row["service_request_id"], row["service_code"]) == (petition.number, "undecided")


def test_filters_of_service_status_and_time(open311: Open311) -> None:
    old, late = report(at=recently(80)), report(at=recently(5), service="noise")
    done = report(at=recently(4), point=HARBOUR)
    finish(done, at=recently(3))

    assert numbers(open311.get("requests")) == [done.number, late.number, old.number]
    assert numbers(open311.get("requests", service_code="noise")) == [late.number]
    both = open311.get("requests", service_code="noise,road_damage", status="open")
    assert numbers(both) == [late.number, old.number]
    assert numbers(open311.get("requests", status="closed")) == [done.number]
    assert len(open311.get("requests", status="open,closed")) == 3
    start = recently(6).isoformat().replace("+00:00", "Z")
    assert numbers(open311.get("requests", start_date=start)) == [done.number, late.number]
    end = recently(4.5).isoformat()
    assert numbers(open311.get("requests", start_date=start, end_date=end)) == [late.number]
    assert numbers(open311.get("requests", end_date=recently(10).isoformat())) == [old.number]


def test_ids_override_all_other_filters(open311: Open311) -> None:
    old = report(at=MONDAY)
    found = open311.get("requests", service_request_id=f"{old.number},0000000000", status="closed")
    assert numbers(found) == [old.number]
    assert numbers(open311.get("requests")) == []


def test_ninety_days_are_the_default_and_the_most(open311: Open311) -> None:
    report(at=recently(91))
    young = report(at=recently(89))
    assert numbers(open311.get("requests")) == [young.number]
    span = {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-02T00:00:00Z"}
    open311.get("requests", 400, **span)
    open311.get("requests", 200, **{**span, "end_date": "2026-04-01T00:00:00Z"})
    open311.get("requests", 400, start_date=span["end_date"], end_date=span["start_date"])


@pytest.mark.parametrize(
    "date",
    [
        "2026-03-02T02:00:00Z", "2026-03-02T09:00:00+07:00", "2026-03-02T09:00:00 07:00",
        "2026-03-02T09:00", "2026-03-02", "2026-03", "2026",
    ],
)  # fmt: skip
def test_every_w3c_date_is_understood(open311: Open311, date: str) -> None:
    petition = report(at=MONDAY)
    assert numbers(open311.get("requests", start_date=date))[:1] in ([petition.number], [])
    if "T" in date or date == "2026-03-02":
        assert numbers(open311.get("requests", start_date=date)) == [petition.number]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("start_date", "yesterday"), ("end_date", "2026-13-01T00:00:00Z"), ("start_date", "0001"),
        ("start_date", "9999-12-31T23:59:59Z"), ("status", "done"), ("page", "0"), ("page", "x"),
        ("page_size", "1001"), ("page_size", "-1"), ("page", "٣"),
    ],
)  # fmt: skip
def test_a_filter_that_cannot_be_is_400(open311: Open311, name: str, value: str) -> None:
    (error,) = open311.get("requests", 400, **{name: value})
    assert name in error["description"]


def test_an_empty_parameter_is_an_absent_one(open311: Open311) -> None:
    petition = report(at=recently())
    empty = dict.fromkeys(
        ["service_request_id", "service_code", "start_date", "end_date", "status", "page",
         "page_size", "jurisdiction_id", "extensions", "api_key"], ""
    )  # fmt: skip
    assert numbers(open311.get("requests", **empty)) == [petition.number]


def test_unknown_codes_and_jurisdictions_are_404(open311: Open311) -> None:
    open311.get("requests", 404, service_code="road_damage,nothing")
    open311.get("services", 404, jurisdiction_id="elsewhere.example")
    open311.get("services", 200, jurisdiction_id="town")
    open311.get("services", 200, jurisdiction_id="localhost")
    open311.get("requests/0000000000", 404)
    open311.get("requests/abc", 404)
    open311.get("tokens/0000000000", 404)
    open311.get("nothing", 404)


def test_pages_follow_each_other(open311: Open311) -> None:
    filed = [report(at=recently(n)).number for n in (1, 2, 3, 4, 5)]
    pages = [numbers(open311.get("requests", page=n, page_size=2)) for n in (1, 2, 3, 4)]
    assert pages == [filed[:2], filed[2:4], filed[4:], []]


def test_extensions_tell_state_answers_and_notes(open311: Open311) -> None:
    petition = report(at=recently(3), service="flooding", point=None)
    Petition.objects.filter(pk=petition.pk).update(answers={"depth": "knee", "post": "At Mr B's"})
    case = case_of(petition)
    deeds.accept_case(case, actor=CAST.handler, at=recently(2))
    deeds.note_progress(case, text="The pump is on.", actor=CAST.handler, at=recently(1))
    (row,) = open311.get(f"requests/{petition.number}", extensions="true")

    assert row["extended_attributes"]["detailed_status"] == "in_progress"
    assert row["extended_attributes"]["extended_status"] == "in_progress"
    assert row["attributes"] == [
        {"code": "depth", "label": "Sâu đến đâu?", "value": "knee", "name": "Đầu gối"}
    ]
    assert [(n["type"], n["description"]) for n in row["notes"]] == [
        ("submitted", "Phản ánh đã được gửi."), ("progress", "The pump is on."),
    ]  # fmt: skip
    assert "extended_attributes" not in open311.get(f"requests/{petition.number}")[0]


def test_a_number_is_its_own_token(open311: Open311) -> None:
    petition = report(at=recently())
    (row,) = open311.get(f"tokens/{petition.number}")
    assert row == {"service_request_id": petition.number, "token": petition.number}


def test_a_slash_too_many_is_forgiven(open311: Open311) -> None:
    assert open311.client.get("/open311/v2//requests.xml").status_code == 200
    assert open311.client.get("/open311/test/v2//services.json").status_code == 200


def test_an_ending_that_is_no_format_is_404_in_xml(open311: Open311) -> None:
    for path in ("requests", "requests.html", "services/flooding", "requests.xml/"):
        answer = open311.client.get(f"/open311/v2/{path}")
        assert answer.status_code == 404
        assert root_of(answer).tag == "errors"


def test_other_methods_are_405_and_told_so_in_the_standards_words(open311: Open311) -> None:
    answer = open311.client.put("/open311/v2/requests.xml")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, POST, HEAD")
    assert root_of(answer).find("error/code").text == "405"  # type: ignore[union-attr]
    assert open311.client.head("/open311/v2/requests.xml").status_code == 200


def test_odd_signs_are_fit_for_xml(open311: Open311) -> None:
    petition = report("A hole <b>& \x0b</b> ]]> in the road", at=recently(), place="\x01 & <x>")
    (row,) = open311.get(f"requests/{petition.number}")
    assert row["description"] == "A hole <b>& </b> ]]> in the road"


def test_a_page_of_any_site_may_read(open311: Open311) -> None:
    answer = open311.client.get("/open311/v2/services.json")
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_a_thousand_requests_cost_no_more_statements_than_one(
    open311: Open311, django_assert_max_num_queries: Any
) -> None:
    for n in range(6):
        finish(report(at=recently(n + 1)), at=recently(n + 0.5))
    with django_assert_max_num_queries(8):
        open311.client.get("/open311/v2/requests.json", {"extensions": "true"})


def test_the_sentences_are_those_of_the_readers_language(open311: Open311) -> None:
    answer = open311.client.get(
        "/open311/v2/requests.json", {"status": "x"}, headers={"Accept-Language": "en"}
    )
    assert answer.json()[0]["description"] == "status must be open or closed."
