"""Rate limits: who is counted how, what he is told, and that nothing typed is lost."""

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests import town
from thudo.accounts.actions import issue_key, register_user
from thudo.base.limits import middleware, rules
from thudo.base.limits.counters import Counters
from thudo.base.limits.rules import Limit, groups_of, sender_address, standing

HOLE = "There is a hole in the road before the school."
SQUARE = {"lon": town.TOWN_SQUARE[0], "lat": town.TOWN_SQUARE[1]}
TOKEN = "a-token-of-this-device"
AFAR = {"REMOTE_ADDR": "203.0.113.7"}


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.at = 1_800_000_000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def ticking(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Clock]:
    clock = Clock()
    settings.LIMITS = True
    (tmp_path / "limits.toml").write_text(
        "[filing]\ndevice = {count = 2, seconds = 60}\naddress = {count = 4, seconds = 60}\n"
        "[sign-in]\naccount = {count = 2, seconds = 900}\n", "utf-8",
    )  # fmt: skip
    settings.PACK_DIR = tmp_path
    monkeypatch.setattr(middleware, "counters", Counters(clock, is_shared=False))
    forget()
    yield clock
    forget()


def forget() -> None:
    middleware.groups.cache_clear()
    middleware._group.cache_clear()


@pytest.fixture
def city(db: None) -> None:
    town.build()


def file(client: Client, *, token: str = "", key: str = "", **extra: str) -> Any:
    body = {
        "text": HOLE,
        "service": "road_damage",
        "point": SQUARE,
        "contact": {"phone": "0900000000"},
    }
    headers = {"X-Client-Token": token} if token else {}
    headers |= {"X-Api-Key": key} if key else {}
    return client.post(
        "/api/v1/petitions", json.dumps(body), content_type="application/json", headers=headers,
        **extra,
    )  # fmt: skip


def test_a_device_is_told_where_it_stands_and_turned_away_with_the_time_to_come_back(
    city: None, ticking: Clock, client: Client
) -> None:
    first = file(client, token=TOKEN, **AFAR)
    assert first.status_code == 201
    assert first["RateLimit-Policy"] == ('"filing-device";q=2;w=60, "filing-address";q=4;w=60')
    assert re.fullmatch(r'"filing-device";r=1;t=\d+', first["RateLimit"])
    assert file(client, token=TOKEN, **AFAR).status_code == 201

    over = file(client, token=TOKEN, **AFAR)

    assert over.status_code == 429
    assert over["Content-Type"] == "application/problem+json"
    body = over.json()
    assert (body["code"], body["violated-policies"]) == ("too_many_requests", ["filing-device"])
    assert int(over["Retry-After"]) == body["retry_after"] > 0
    assert f";r=0;t={over['Retry-After']}" in over["RateLimit"]
    assert file(client, token="another-device-of-this-house", **AFAR).status_code == 201

    ticking.at += int(over["Retry-After"])
    assert file(client, token=TOKEN, **AFAR).status_code == 201


def test_an_address_is_counted_for_all_its_devices(
    city: None, ticking: Clock, client: Client
) -> None:
    for number in range(4):
        assert file(client, token=f"token-of-device-{number}", **AFAR).status_code == 201

    over = file(client, token="token-of-device-9", **AFAR)

    assert over.json()["violated-policies"] == ["filing-address"]
    assert file(client, token="token-of-device-9", REMOTE_ADDR="203.0.113.8").status_code == 201


def test_this_machine_is_trusted_and_told_so(city: None, ticking: Clock, client: Client) -> None:
    answers = [file(client, token=TOKEN) for _ in range(3)]

    assert [one.status_code for one in answers] == [201] * 3
    assert answers[-1]["RateLimit-Policy"] == '"filing-trusted";q=120000;w=60'


def test_a_key_is_counted_by_itself_and_a_trusted_one_not_at_all(
    city: None, ticking: Clock, client: Client
) -> None:
    _key, secret = issue_key("city", scopes=["petitions:file"], actor="t", at=town.MONDAY)
    _free, free = issue_key(
        "bench", scopes=["petitions:file", "limits:none"], actor="t", at=town.MONDAY
    )

    counted = file(client, key=secret, **AFAR)
    assert '"filing-key"' in counted["RateLimit-Policy"]
    assert "address" not in counted["RateLimit-Policy"]

    assert [file(client, key=free, **AFAR).status_code for _ in range(5)] == [201] * 5
    assert "RateLimit" not in file(client, key=free, **AFAR)


def test_a_person_gets_back_all_he_typed_and_sends_it_again(
    city: None, ticking: Clock, client: Client
) -> None:
    client.cookies["thudo_draft"] = "draft"
    client.defaults |= AFAR
    typed = {"text": f"{HOLE} <b>", "place": "Town square", "no_place": "1"}
    for _ in range(2):
        assert client.post("/petitions/", typed).status_code in {302, 422}

    page = client.post(
        "/petitions/", typed, headers={"accept": "text/html", "accept-language": "en"}
    )

    told = page.content.decode()
    assert page.status_code == 429
    assert "Nothing you typed is lost" in told
    assert f'name="text" value="{HOLE} &lt;b&gt;"' in told
    assert 'action="/petitions/"' in told


def test_a_program_of_open311_is_told_in_its_own_words(
    city: None, ticking: Clock, client: Client
) -> None:
    answers = [client.post("/open311/v2/requests.json", **AFAR) for _ in range(5)]

    assert answers[-1].status_code == 429
    assert answers[-1].json()[0]["code"] == 429
    xml = client.post("/open311/v2/requests.xml", **AFAR).content
    assert b"<errors><error><code>429</code>" in xml.replace(b"\n", b"")


def test_guessing_a_password_ends_after_a_few_but_signing_in_often_does_not(
    city: None, ticking: Clock, client: Client
) -> None:
    register_user("an", display_name="An", password="right-one", actor="t", at=town.MONDAY)
    right, wrong = ({"username": "an", "password": one} for one in ("right-one", "wrong"))
    assert [client.post("/sign-in", right).status_code for _ in range(3)] == [302] * 3
    client.logout()
    assert [client.post("/sign-in", wrong).status_code for _ in range(2)] == [422, 422]

    over = client.post("/sign-in", right, headers={"accept": "text/html"})

    assert over.status_code == 429
    assert b"right-one" not in over.content
    assert client.post("/sign-in", {"username": "binh", "password": "x"}).status_code == 422


def test_what_anybody_may_read_tells_pages_of_other_sites_too(
    city: None, ticking: Clock, client: Client
) -> None:
    answer = client.get("/api/v1/services", **AFAR)

    assert answer["RateLimit-Policy"] == '"reading-address";q=6000;w=60'
    assert (
        answer["Access-Control-Expose-Headers"] == "ETag, RateLimit, RateLimit-Policy, Retry-After"
    )


@pytest.mark.django_db
def test_processes_near_a_limit_learn_of_each_other_through_the_table() -> None:
    clock, who = Clock(), [("somebody", Limit("device", 32, 60))]
    one, other = (Counters(clock, is_shared=False) for _ in range(2))
    for _ in range(20):
        one.spend("g", who)
    for _ in range(10):
        other.spend("g", who)

    one.exchange()
    other.exchange()
    one.spend("g", who)
    one.exchange()

    assert other.look("g", who)[0].left == 2
    assert one.look("g", who)[0].left == 1


@pytest.mark.django_db
def test_who_is_far_from_his_limit_costs_the_database_nothing(
    django_assert_num_queries: Any,
) -> None:
    counters = Counters(Clock(), is_shared=False)
    counters.spend("g", [("somebody", Limit("device", 64, 60))])

    with django_assert_num_queries(0):
        counters.exchange()


def test_who_waits_as_long_as_he_was_told_is_let_in() -> None:
    draw = random.Random(7)
    for _ in range(2000):
        count, before, now = draw.randint(1, 200), draw.randint(0, 300), draw.randint(0, 200)
        limit, elapsed = Limit("device", count, 60), draw.randint(0, 599) / 10
        found = standing("g", limit, before, now, elapsed)
        if found.wait:
            windows, rest = divmod(elapsed + found.wait, 60)
            then = {0: (before, now), 1: (now, 0)}.get(int(windows), (0, 0))
            assert rules.used(*then, rest, 60) <= count - 1 + 1e-6


def test_only_the_own_front_is_believed_when_it_names_a_sender() -> None:
    assert sender_address("203.0.113.7", "198.51.100.1") == "203.0.113.7"
    assert sender_address("127.0.0.1", "spoofed, 198.51.100.1") == "198.51.100.1"
    assert sender_address("", "2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64"
    assert sender_address("", "::ffff:198.51.100.1") == "198.51.100.1"
    assert sender_address("", "no address") == ""


def test_a_limit_that_is_none_is_said_at_once() -> None:
    with pytest.raises(ValueError, match="names no routes"):
        groups_of({"x": {"device": {"count": 1, "seconds": 1}}})
    with pytest.raises(ValueError, match="above 0"):
        groups_of({"x": {"routes": "GET /", "device": {"count": 0, "seconds": 1}}})
