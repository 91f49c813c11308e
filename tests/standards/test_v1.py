"""The JSON API: filed, answered, followed and judged by programs; strict about what it says."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator
from PIL import Image

from tests.operations.cast import case_of, counted, finish, report
from tests.standards.conftest import Api
from tests.town import CAST, MONDAY
from thudo.accounts.models import User
from thudo.cases import actions as deeds
from thudo.petitions.models import Petition
from thudo.standards.v1.mapping import openapi, reference
from thudo.standards.v1.mapping.operations import OPERATIONS

TOKEN = "a-client-of-its-own-1"
FILING: dict[str, Any] = {
    "text": "A hole in the road before the school",
    "service": "road_damage",
    "point": {"lon": 105.05, "lat": 21.05},
    "contact": {"phone": "0900000001"},
}


def filed(api: Api, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = api.post("/petitions", {**FILING, **more})
    return found


def picture() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "grey").save(out, "JPEG")
    out.seek(0)
    out.name = "photo.jpg"
    return out


def test_filing_names_unit_post_reason_and_instants_at_once(api: Api) -> None:
    receipt = filed(api)

    assert receipt["unit"]["code"] == "ward-1"
    assert receipt["post"]["code"] == "ward-1/handler"
    assert (receipt["reason"], receipt["legal_basis"]) == (
        "This unit looks after it.",
        "Town rule 2",
    )
    assert receipt["first_due"]["kind"] == "intake"
    assert receipt["promised_at"] > receipt["first_due"]["due_at"] > receipt["filed_at"]
    assert receipt["secret"] in receipt["link"]
    assert Petition.objects.get(number=receipt["number"]).channel == "web"


def test_the_same_key_gets_the_same_answer_and_other_content_is_refused(api: Api) -> None:
    headers = {"Idempotency-Key": "one", "X-Client-Token": TOKEN}
    first = api.post("/petitions", FILING, **headers)
    again = api.post("/petitions", FILING, **headers)
    api.post("/petitions", {**FILING, "text": "Something else altogether"}, 422, **headers)
    other = api.post("/petitions", FILING, **{**headers, "X-Client-Token": "another-client-000"})

    assert again == {**first, "is_replay": True}
    assert other["number"] != first["number"]


def test_a_repeat_key_without_a_client_is_refused_with_a_sentence(api: Api) -> None:
    problem = api.post("/petitions", FILING, 400, **{"Idempotency-Key": "one"})
    assert "X-Client-Token" in problem["fields"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": "short"}, "text"),
        ({"text": 7}, "text"),
        ({"service": "praise"}, "service"),
        ({"point": {"lon": "east", "lat": 21}}, "point.lon"),
        ({"point": {"lon": 10.0, "lat": 50.0}}, "place"),
        ({"area": "nowhere", "point": None}, "area"),
        ({"contact": {}}, "phone"),
        ({"contact": {"phone": "12"}}, "contact.phone"),
        ({"contact": {"email": "nobody"}}, "contact.email"),
        ({"is_public": "yes"}, "is_public"),
        ({"unknown": 1}, "unknown"),
        ({"channel": "pigeon"}, "channel"),
    ],
)
def test_what_is_wrong_is_said_of_each_field(api: Api, change: dict[str, Any], field: str) -> None:
    problem = api.post("/petitions", {**FILING, **change}, 422)
    assert field in problem["fields"], problem


def test_sentences_come_in_the_language_asked_for(api: Api) -> None:
    vi = api.post(
        "/petitions", {**FILING, "contact": {"phone": "12"}}, 422, **{"Accept-Language": "vi"}
    )
    en = api.post(
        "/petitions", {**FILING, "contact": {"phone": "12"}}, 422, **{"Accept-Language": "en"}
    )
    assert vi["title"] == "Đây không phải số điện thoại."
    assert en["title"] == "This is not a phone number."


@pytest.mark.parametrize("body", ["", "{", "nonsense", b"\xff\xfe"])
def test_what_is_no_json_is_400(api: Api, body: Any) -> None:
    assert api.post("/petitions", body, 400)["code"] == "malformed"


def test_odd_signs_in_a_body_break_nothing(api: Api) -> None:
    odd = "\x00 \ud7ff \u202e"
    receipt = api.post(
        "/petitions",
        {**FILING, "text": f"A hole {odd} in the road", "place": odd, "answers": {odd: odd},
         "contact": {"phone": "0900000001", "name": odd}},
    )  # fmt: skip
    assert receipt["number"]


def test_a_session_of_staff_gives_nothing_here(api: Api, client: Client) -> None:
    hidden = report(public=False)
    user = User.objects.create(username="leader", display_name="L", password="x", is_operator=True)
    client.force_login(user)

    assert api.get(f"/petitions/{hidden.number}")["is_shown"] is False


def test_clerks_file_with_a_key_and_the_channel_is_kept(api: Api, key: Callable[..., str]) -> None:
    secret = key("petitions:file")
    receipt = api.post("/petitions", {**FILING, "channel": "phone"}, **{"X-Api-Key": secret})
    api.post("/petitions", {**FILING, "channel": "phone"}, 403)
    api.post("/petitions", FILING, 403, **{"X-Api-Key": key("petitions:read")})

    petition = Petition.objects.get(number=receipt["number"])
    assert (petition.channel, petition.filed_by[:4]) == ("phone", "key:")


def test_an_unknown_or_ended_key_is_401_everywhere(api: Api) -> None:
    for path in ("/petitions", "/services", "/petitions/5720000001"):
        assert api.get(path, 401, **{"X-Api-Key": "tk_nobody"})["code"] == "unknown_key"


def test_a_private_petition_tells_its_words_only_to_its_secret_or_a_reading_key(
    api: Api, key: Callable[..., str]
) -> None:
    receipt = filed(api, is_public=False)
    path = f"/petitions/{receipt['number']}"

    stranger = api.get(path)
    own = api.get(path, **{"X-Petition-Secret": receipt["secret"]})
    system = api.get(path, **{"X-Api-Key": key("petitions:read")})
    filer = api.get(path, **{"X-Api-Key": key("petitions:file")})
    api.get(path, 403, **{"X-Petition-Secret": "wrong"})

    assert (stranger["text"], stranger["point"], stranger["service"]) == ("", None, None)
    assert stranger["unit"]["code"] == "ward-1"
    assert own["text"] == system["text"] == FILING["text"]
    assert own["point"]["is_coarse"] is False
    assert filer["text"] == ""


def test_a_home_is_coarse_for_all_but_its_own_sender(api: Api) -> None:
    receipt = filed(api, is_home=True, place="Alley 4, house 7")
    path = f"/petitions/{receipt['number']}"

    stranger = api.get(path)
    own = api.get(path, **{"X-Petition-Secret": receipt["secret"]})

    assert (stranger["point"]["is_coarse"], stranger["place"]) == (True, "")
    assert (own["point"]["lon"], own["place"]) == (105.05, "Alley 4, house 7")


def test_a_petitioner_adds_judges_and_withdraws_with_the_secret(api: Api) -> None:
    receipt = filed(api)
    number, own = receipt["number"], {"X-Petition-Secret": receipt["secret"]}

    api.post(f"/petitions/{number}/supplements", {"text": "Beside the gate"}, 403)
    api.post(f"/petitions/{number}/supplements", {"text": "Beside the gate"}, **own)
    api.post(f"/petitions/{number}/verdicts", {"value": "satisfied"}, 409, **own)
    finish(Petition.objects.get(number=number), at=MONDAY + timedelta(hours=1))
    judged = api.post(f"/petitions/{number}/verdicts", {"value": "satisfied"}, **own)
    api.post(f"/petitions/{number}/verdicts", {"value": "satisfied"}, 409, **own)
    other = filed(api)
    gone = api.post(
        f"/petitions/{other['number']}/withdrawals", {}, **{"X-Petition-Secret": other["secret"]}
    )

    assert [one["value"] for one in judged["verdicts"]] == ["satisfied"]
    assert judged["state"] == "resolved"
    assert gone["state"] == "withdrawn"


def test_one_secret_opens_one_petition(api: Api) -> None:
    mine, other = filed(api), filed(api)
    api.post(
        f"/petitions/{other['number']}/withdrawals", {}, 403,
        **{"X-Petition-Secret": mine["secret"]},
    )  # fmt: skip
    api.post("/petitions/0000000000/withdrawals", {}, 404, **{"X-Petition-Secret": mine["secret"]})


def test_a_photo_is_kept_first_and_bound_by_its_own_client_only(api: Api) -> None:
    kept = api.upload(picture())
    own = {"X-Client-Token": kept["client_token"]}
    filing = {**FILING, "files": [kept["id"], "no-such-file"]}
    stranger = api.post("/petitions", filing, **{"X-Client-Token": TOKEN})
    api.post("/petitions", filing, **own)

    from thudo.files.models import Attachment

    bound = Attachment.objects.get(pk=kept["id"])
    stolen = Petition.objects.get(number=stranger["number"])
    assert bound.subject_kind == "petition"
    assert bound.subject_id != str(stolen.pk)
    assert "file" in api.upload(None, 422)["fields"]
    assert "file" in api.upload(io.BytesIO(b"no picture"), 422)["fields"]


def test_the_public_list_pages_and_holds_nothing_private(api: Api) -> None:
    shown = [report(at=MONDAY + timedelta(minutes=n)).number for n in range(5)][::-1]
    report("The clerk Nguyen asked me for money", public=False)
    counted()

    first = api.get("/petitions", data={"limit": 3})
    second = api.get("/petitions", data={"limit": 3, "cursor": first["next"]})

    assert [one["number"] for one in first["items"] + second["items"]] == shown
    assert (first["count"], first["count_private"], second["next"]) == (6, 1, None)
    assert "Nguyen" not in str(first) + str(second)


def test_the_list_is_narrowed_as_the_page_is(api: Api) -> None:
    case = case_of(report())
    deeds.accept_case(case, actor=CAST.handler, at=MONDAY)
    report(service="noise")
    counted()

    assert api.get("/petitions", data={"service": "noise"})["count"] == 1
    assert api.get("/petitions", data={"q": "hole", "state": "late"})["count"] == 2
    bad_filters: tuple[dict[str, str], ...] = (
        {"limit": "many"}, {"cursor": "nonsense"}, {"state": "lat"}, {"promise": "due"},
    )  # fmt: skip
    for bad in bad_filters:
        api.get("/petitions", 400, data=bad)


def test_the_citys_lists_are_told_in_the_readers_language(api: Api) -> None:
    services = api.get("/services")["items"]
    areas = api.get("/areas")["items"]
    units = api.get("/units")["items"]

    assert {one["code"] for one in services} >= {"road_damage", "praise"}
    assert [one["code"] for one in areas] == ["w1", "w2"]
    assert len(units) == 6
    assert api.get("/areas/lookup", data={"lon": 105.15, "lat": 21.05})["code"] == "w2"
    api.get("/areas/lookup", 404, data={"lon": 10, "lat": 50})
    for bad in ({}, {"lon": "x", "lat": 1}, {"lon": 500, "lat": 0}, {"lon": "nan", "lat": "nan"}):
        api.get("/areas/lookup", 422, data=bad)


def test_other_methods_and_addresses_are_refused_in_the_same_form(
    client: Client, small_town: object
) -> None:
    wrong = client.delete("/api/v1/petitions")
    lost = client.get("/api/v1/nothing")
    asked = client.options("/api/v1/petitions")

    assert (wrong.status_code, wrong["Allow"]) == (405, "GET, POST, HEAD, OPTIONS")
    assert wrong["Content-Type"] == lost["Content-Type"] == "application/problem+json"
    assert lost.status_code == 404
    assert asked.status_code == 204


def test_no_cookie_is_read_or_set(client: Client, small_town: object) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/api/v1/petitions", FILING, content_type="application/json")
    assert answer.status_code == 201
    assert not answer.cookies


def test_the_document_is_openapi_and_names_every_operation_once(client: Client, db: None) -> None:
    described = client.get("/api/v1/openapi.json").json()

    assert described == openapi.document()
    ids = [op["operationId"] for item in described["paths"].values() for op in item.values()]
    assert len(ids) == len(set(ids)) == len(OPERATIONS)
    for schema in described["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_the_reference_is_made_from_the_table() -> None:
    from django.conf import settings

    kept = (settings.BASE_DIR / "docs/reference/api.md").read_text("utf-8")
    assert kept == reference.markdown()


def test_filing_takes_few_statements(api: Api, django_assert_max_num_queries: Any) -> None:
    filed(api)
    # Three more: once a second a process asks for another pack, calendar or matrix.
    with django_assert_max_num_queries(7 + 3):
        filed(api)


def test_what_anybody_may_read_any_sites_page_may_read_and_ask_again_cheaply(
    api: Api, client: Client
) -> None:
    filed(api)

    page = client.get("/api/v1/petitions")
    assert page["Access-Control-Allow-Origin"] == "*"
    again = client.get("/api/v1/petitions", headers={"If-None-Match": page["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    filed(api, text="Another hole, two doors further on")
    assert (
        client.get("/api/v1/petitions", headers={"If-None-Match": page["ETag"]}).status_code == 200
    )


def test_what_a_secret_opens_no_other_site_may_read(api: Api, client: Client) -> None:
    receipt = filed(api)

    own = client.get(
        f"/api/v1/petitions/{receipt['number']}", headers={"X-Petition-Secret": receipt["secret"]}
    )

    assert "Access-Control-Allow-Origin" not in own
    assert own["Cache-Control"] == "no-store"
