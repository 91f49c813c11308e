"""Advisories by the API: read by anybody, written by a unit's system."""

from typing import Any

import pytest
from django.test import Client

from tests import town
from tests.advisories.conftest import HOUR
from thudo.accounts.actions import issue_key
from thudo.advisories.models import Advisory
from thudo.base.clock import now

PATH = "/api/v1/advisories"


@pytest.fixture
def key(db: None) -> dict[str, str]:
    town.build()
    scopes = ["advisories:write"]
    _, secret = issue_key("power", scopes=scopes, unit="drainage", actor="test", at=town.MONDAY)
    return {"X-Api-Key": secret}


def body(**more: Any) -> dict[str, Any]:
    at = now()
    given = {
        "unit": "drainage", "external_id": "C-1", "kind": "cut", "about": "power",
        "title": {"vi": "Cắt điện"}, "begins_at": (at + HOUR).isoformat(),
        "ends_at": (at + 5 * HOUR).isoformat(), "areas": ["w1"], "streets": ["Lò Rèn"],
        "source": {"name": "Điện lực", "at": at.isoformat()}, "services": ["noise"],
    }  # fmt: skip
    return given | more


def post(path: str, sent: Any, key: dict[str, str] | None = None) -> Any:
    return Client().post(path, sent, content_type="application/json", headers=key or {})


def test_a_units_system_publishes_and_repeats_itself(key: dict[str, str]) -> None:
    sent = body()

    first = post(PATH, sent, key)
    again = post(PATH, sent, key)
    moved = post(PATH, sent | {"ends_at": (now() + 9 * HOUR).isoformat()}, key)

    assert [one.status_code for one in (first, again, moved)] == [201, 201, 201]
    assert first.json()["id"] == again.json()["id"] == moved.json()["id"]
    assert (again.json()["version"], moved.json()["version"]) == (1, 2)
    assert first.json()["state"] == "planned"
    assert list(moved.json()["revisions"][0]["changed"]) == ["ends_at"]


def test_it_ends_or_is_taken_back(key: dict[str, str]) -> None:
    one = post(PATH, body(), key).json()["id"]
    two = post(PATH, body(external_id="C-2"), key).json()["id"]

    assert post(f"{PATH}/{one}/endings", {"note": "Xong"}, key).json()["state"] == "ended"
    assert post(f"{PATH}/{two}/withdrawals", {}, key).status_code == 422
    assert post(f"{PATH}/{two}/withdrawals", {"note": "Hoãn"}, key).json()["state"] == "withdrawn"
    assert post(f"{PATH}/{one}/amendments", body(), key).status_code == 409
    assert post(PATH, body(), key).status_code == 409


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"unit": "ward-1"}, 403),
        ({"kind": "party"}, 422),
        ({"begins_at": "2026-03-02T08:00:00"}, 422),
        ({"ends_at": "2020-03-02T08:00:00Z"}, 422),
        ({"areas": ["nowhere"]}, 422),
        ({"areas": [], "geometry": {"type": "Polygon", "coordinates": [[1, 2]]}}, 422),
        ({"geometry": {"type": "MultiPoint", "coordinates": [[1]]}, "radius": 50}, 422),
        ({"geometry": {"type": "GeometryCollection"}}, 422),
        ({"geometry": {"coordinates": {}}}, 422),
        ({"extra": 1}, 422),
        ({"title": {}}, 422),
    ],
)
def test_what_is_wrong_is_a_problem(
    key: dict[str, str], wrong: dict[str, Any], status: int
) -> None:
    answer = post(PATH, body(**wrong), key)

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert not Advisory.objects.exists()


def test_nobody_writes_without_the_scope(key: dict[str, str]) -> None:
    _, other = issue_key("x", scopes=["petitions:file"], actor="test", at=town.MONDAY)
    row = post(PATH, body(), key).json()["id"]

    for headers in ({}, {"X-Api-Key": other}):
        assert post(PATH, body(), headers).status_code == 403
        assert post(f"{PATH}/{row}/endings", {}, headers).status_code == 403


def test_anybody_reads_by_place(key: dict[str, str]) -> None:
    row = post(PATH, body(), key).json()["id"]
    client = Client()

    def items(query: str = "") -> list[tuple[int, str]]:
        answer = client.get(PATH + query)
        assert answer.status_code == 200
        assert answer["Access-Control-Allow-Origin"] == "*"
        return [(one["id"], one["how"]) for one in answer.json()["items"]]

    assert items() == items("?area=w1&about=power&service=noise") == [(row, "")]
    assert items("?area=w2") == []
    assert items("?lon=105.05&lat=21.05") == [(row, "near")]
    assert items("?lon=105.05&lat=21.05&street=pho%20lo%20ren") == [(row, "street")]
    assert client.get(f"{PATH}/{row}").json()["source"]["name"] == "Điện lực"
    for query in ("?area=x", "?about=x", "?service=x", "?lon=x&lat=1", "?lon=1", "?lon=nan&lat=1"):
        assert client.get(PATH + query).status_code == 400
    for number in ("999", "x", "9" * 30):
        assert client.get(f"{PATH}/{number}").status_code == 404
    assert client.get("/api/v1/consultations?area=w1").json() == {"items": []}
