"""Who may follow what, from which browser; the way out; a browser that moves."""

import json
from typing import Any

import pytest
from django.test import Client

from tests.notices.conftest import decide, follow
from tests.petitions.conftest import file_hole
from tests.town import MONDAY, TOWN_SQUARE, Cast
from thudo.base.grants import grant
from thudo.connectors.web_push import decode
from thudo.connectors.web_push_dummy import browser_json, new_subscription
from thudo.notices.actions.following import MOST_FOLLOWS, TooMany
from thudo.notices.models import Follow, Recipient
from thudo.notices.queries import addresses
from thudo.notices.queries.keys import public_key, stop_token
from thudo.notices.rules import topics


def post(browser: Client, noun: str, body: Any) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    return browser.post(f"/notices/{noun}", text, content_type="application/json")


def wish(topic: str, given: str = "", name: str = "an") -> dict[str, Any]:
    return {"subscription": browser_json(new_subscription(name)), "topic": topic, "grant": given}


def test_the_key_is_a_point_of_the_curve(browser: Client) -> None:
    key = browser.get("/notices/key").json()["key"]
    assert key == public_key()
    assert len(decode(key)) == 65


def test_the_page_of_the_secret_link_offers_it_and_its_grant_opens_it(browser: Client) -> None:
    petition, secret = file_hole()
    topic = f"petition:{petition.number}"

    page = browser.get(f"/petitions/{petition.number}/{secret}").content.decode()
    given = page.split('data-grant="')[1].split('"')[0]
    answer = post(Client(), "follows", wish(topic, given))

    assert answer.status_code == 201
    assert Follow.objects.get().topic == topic


def test_a_stranger_is_offered_nothing_and_may_follow_no_petition(browser: Client) -> None:
    petition, _ = file_hole()
    topic = f"petition:{petition.number}"

    assert b"push-offer" not in browser.get(f"/petitions/{petition.number}").content
    for given in ("", "x", grant("petition:0000000000"), grant("area:w1")):
        assert post(browser, "follows", wish(topic, given)).status_code == 403
    assert not Recipient.objects.exists()


def test_places_are_everybodys(browser: Client) -> None:
    for topic in ("area:w1", topics.near(*TOWN_SQUARE)):
        assert post(browser, "follows", wish(topic)).status_code == 201
    for topic in ("area:w9", "near:8928308280fffff", "wall", "case:1", "area:", "near:x"):
        assert post(browser, "follows", wish(topic)).status_code in {403, 404}


@pytest.mark.parametrize(
    "body",
    [
        "", "{", "[]", '{"topic": "area:w1"}',
        wish("area:w1") | {"subscription": {"endpoint": "https://x", "keys": {}}},
        wish("area:w1")
        | {"subscription": {"endpoint": "http://10.0.0.1/", "keys": {"p256dh": "A", "auth": "A"}}},
    ],
)  # fmt: skip
def test_what_is_no_subscription_is_refused_with_a_sentence(browser: Client, body: Any) -> None:
    answer = post(browser, "follows", body)
    assert answer.status_code == 422
    assert answer.json()["title"]


def test_the_address_is_sealed_and_twice_is_once(small_town: Cast) -> None:
    an = new_subscription("an")
    follow(an, "area:w1")
    follow(an, "area:w1")

    row = Recipient.objects.get()
    assert b"push.example" not in bytes(row.sealed) + bytes(row.address_hash)
    assert addresses.subscription_of(row) == an
    assert Follow.objects.count() == 1


def test_a_browser_sees_what_it_follows_stops_one_and_is_forgotten_with_the_last(
    browser: Client,
) -> None:
    an = new_subscription("an")
    follow(an, "area:w1")
    follow(an, "area:w2")
    mine = {"endpoint": an.endpoint}
    assert post(browser, "lookups", mine).json() == {"topics": ["area:w1", "area:w2"]}
    assert post(browser, "lookups", {"endpoint": "https://other"}).json() == {"topics": []}

    assert post(browser, "follows/endings", mine | {"topic": "area:w1"}).status_code == 204
    assert post(browser, "lookups", mine).json() == {"topics": ["area:w2"]}
    post(browser, "follows/endings", mine | {"topic": "area:w2"})

    assert not Recipient.objects.exists()


def test_every_message_carries_a_way_out_that_needs_nothing_else(browser: Client) -> None:
    row = follow(new_subscription("an"), "area:w1")
    address = f"/notices/stops/{stop_token(row.pk)}"

    asked = browser.get(address).content.decode()
    assert "asked to hear of Ward w1" in asked
    assert Follow.objects.exists()

    for _ in range(2):
        answer = Client(enforce_csrf_checks=True, headers={"accept-language": "en"}).post(address)
        assert b"have stopped" in answer.content
    assert not Recipient.objects.exists()
    assert browser.get("/notices/stops/" + "0" * 32 + ".x").status_code == 404


def test_a_browser_with_another_address_keeps_what_it_follows(browser: Client) -> None:
    old, new = new_subscription("old"), new_subscription("new")
    follow(old, "area:w1")

    moved = {"endpoint": old.endpoint, "subscription": browser_json(new)}
    assert post(browser, "moves", moved).status_code == 204
    assert post(browser, "moves", moved).status_code == 404

    assert addresses.subscription_of(Recipient.objects.get()) == new


def test_nobody_follows_more_than_anybody_reads(small_town: Cast) -> None:
    an = new_subscription("an")
    cells = topics.heard_from(topics.name_of(topics.near(*TOWN_SQUARE)))
    follow(an, cells[0])
    row = Recipient.objects.get()
    Follow.objects.bulk_create(
        Follow(recipient=row, topic=f"area:x{n}", since=0, created_at=MONDAY)
        for n in range(MOST_FOLLOWS - 1)
    )

    with pytest.raises(TooMany):
        follow(an, cells[1])
    assert follow(an, cells[0]).topic == cells[0]
    decide()
