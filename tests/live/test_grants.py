"""POST /live/grants: who may follow what, by the same rights as pages."""

import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from tests import town
from thudo.accounts.rules import RESIDENT
from thudo.base.sealing import keyed_hash
from thudo.journal.actions import sequence_entries
from thudo.live import queries, rules, views
from thudo.petitions.actions import file_petition
from thudo.petitions.rules import Contact, Filing, Receipt

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_town(db: None) -> None:
    town.build()


def _file(*, is_public: bool) -> Receipt:
    longitude, latitude = town.TOWN_SQUARE
    filing = Filing(
        text="A deep hole in the road before the school gate.", service="road_damage",
        longitude=longitude, latitude=latitude, is_public=is_public,
        contact=Contact(name="An Nguyen", phone="0912345678"),
    )  # fmt: skip
    return file_petition(filing, actor=RESIDENT, at=town.MONDAY)


def _ask(client: Client, *topics: str, **secrets: str) -> tuple[int, dict[str, Any]]:
    body = {"topics": topics, "secrets": {n.lstrip("n"): s for n, s in secrets.items()}}
    answer = client.post("/live/grants", json.dumps(body), content_type="application/json")
    return answer.status_code, json.loads(answer.content)


def _granted(answer: dict[str, Any]) -> rules.Grant:
    query = parse_qs(urlsplit(answer["url"]).query)
    return rules.read_grant(query["grant"][0], rules.grant_key(settings.SECRET_KEY), time.time())


def test_anybody_may_follow_the_wall_a_ward_and_a_public_petition(client: Client) -> None:
    receipt = _file(is_public=True)
    sequence_entries()
    sequence_entries()

    status, answer = _ask(client, "wall", "area:w1", f"petition:{receipt.number}")

    assert status == 200
    assert _granted(answer).topics == ("wall", "area:w1", f"petition:{receipt.number}")
    assert answer["position"] > 0
    assert answer["url"].endswith(f"&after={answer['position']}")


def test_a_private_petition_opens_by_its_secret_alone(client: Client) -> None:
    receipt = _file(is_public=False)
    topic = f"petition:{receipt.number}"

    without, refusal = _ask(client, topic)
    wrong, _ = _ask(client, topic, **{f"n{receipt.number}": "2" * 22})
    right, answer = _ask(client, topic, **{f"n{receipt.number}": receipt.secret})

    assert (without, wrong, right) == (403, 403, 200)
    assert refusal["topics"] == [topic]
    assert _granted(answer).topics == (topic,)


def test_one_forbidden_topic_forbids_the_grant(client: Client) -> None:
    status, answer = _ask(client, "wall", "desk:intake")

    assert (status, answer["topics"]) == (403, ["desk:intake"])


@pytest.mark.parametrize("topic", ["nonsense", "petition:0000000000", "case:x", "desk:x"])
def test_what_does_not_exist_is_refused_as_what_is_forbidden(client: Client, topic: str) -> None:
    assert _ask(client, topic)[0] == 403


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"topics": []}', b'{"topics": [1]}', b'{"topics": "wall"}']
)
def test_what_cannot_be_read_is_refused(client: Client, body: bytes) -> None:
    answer = client.post("/live/grants", body, content_type="application/json")

    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"


def test_staff_follow_their_own_unit_and_desk() -> None:
    cast = town.CAST
    who = {
        "unit:ward-1": [cast.handler, cast.head],
        "unit:ward-2": [cast.other_handler],
        "desk:intake": [cast.intake],
        "desk:checking": [cast.checker],
    }
    city_wide = {"unit:ward-1", "unit:ward-2"}

    for topic, allowed in who.items():
        for actor in (cast.handler, cast.head, cast.other_handler, cast.intake, cast.checker):
            reads_all = topic in city_wide and actor in (cast.intake, cast.checker)
            assert queries.may_follow(actor, topic) == (actor in allowed or reads_all), topic
        assert not queries.may_follow(cast.stranger, topic)


def test_a_case_is_followed_by_those_who_may_read_it() -> None:
    topic = f"case:{_file(is_public=True).case}"

    assert queries.may_follow(town.CAST.handler, topic)
    assert not queries.may_follow(town.CAST.other_handler, topic)
    assert not queries.may_follow(town.CAST.stranger, topic)


def test_a_grant_names_the_session_as_its_revocation_will(client: Client) -> None:
    session = client.session
    session["x"] = 1
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key

    _, answer = _ask(client, "wall")

    assert _granted(answer).session == keyed_hash("session", session.session_key).hex()


def test_a_first_visit_gets_no_session_by_following(client: Client) -> None:
    _, answer = _ask(client, "wall")

    assert _granted(answer).session == ""
    assert not client.cookies


def test_reading_a_grant_by_get_is_refused(rf: RequestFactory) -> None:
    assert views.grants(rf.get("/live/grants")).status_code == 405
