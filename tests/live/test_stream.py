"""Streams as a browser meets them, spoken to through ASGI."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings

from thudo.journal.rules import JournalEntry, Subject, entry_body
from thudo.live import rules
from thudo.live.asgi import hub as hub_module
from thudo.live.asgi.application import Live
from thudo.live.asgi.ring import Event, Ring, event_of

AT = datetime(2026, 2, 13, 9, 45, tzinfo=UTC)


def event(position: int, action: str = "case.accepted", thing: str = "c1", **data: Any) -> Event:
    kind = "session" if action == rules.REVOKED else "case"
    subject = Subject(kind, thing, 1)
    entry = JournalEntry(position, AT, action, subject, "user:17", data)
    return event_of(entry, entry_body(action, subject, "user:17", AT, data))


def public(position: int, **data: Any) -> Event:
    return event(position, public=True, area="00070", petition="1234567890", **data)


def token(*topics: str, session: str = "", at: float | None = None, key: str = "") -> str:
    grant = rules.new_grant(topics, session, int(time.time() if at is None else at))
    return rules.signed(grant, rules.grant_key(key or settings.SECRET_KEY))


class Browser:
    """One request to the application; what it was sent, and a door to leave by."""

    def __init__(self, live: Live, query: str, **scope: Any) -> None:
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.body = b""
        self.is_over = False
        self._gone = asyncio.Event()
        self._live, self._scope = live, {
            "type": "http", "method": "GET", "path": "/live/stream", "headers": [],
            "query_string": query.encode(), **scope,
        }  # fmt: skip

    async def __aenter__(self) -> "Browser":
        self._task = asyncio.create_task(self._live(self._scope, self._receive, self._send))
        await settle()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.go()

    async def go(self) -> None:
        self._gone.set()
        await asyncio.wait_for(self._task, 1)

    async def _receive(self) -> dict[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        else:
            self.body += message["body"]
            self.is_over = not message.get("more_body", False)

    def entries(self) -> list[dict[str, Any]]:
        frames = [f for f in self.body.decode().split("\n\n") if f.startswith("id:")]
        return [json.loads(f.split("data: ", 1)[1]) for f in frames if "event:" not in f]

    def positions(self) -> list[int]:
        return [entry["position"] for entry in self.entries()]


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def a_live(*events: Event, kept: int = 20_000) -> Live:
    live = Live()
    live.hub.ring = Ring(kept)
    live.hub.publish(events)
    live.follower.read_at = 0.0
    return live


def run(story: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(story(), 10))  # type: ignore[arg-type]


def test_a_stream_gets_what_comes_and_nothing_of_others() -> None:
    async def story() -> None:
        live = a_live()
        async with (
            Browser(live, f"grant={token('petition:1234567890')}") as own,
            Browser(live, f"grant={token('petition:1111111111')}") as other,
            Browser(live, f"grant={token('wall')}") as wall,
        ):
            live.hub.publish([public(1), event(2, petition="1111111111", public=False)])
            await settle()

            assert (own.positions(), other.positions(), wall.positions()) == ([1], [2], [1])
            assert b"id: 1\n" in own.body

    run(story)


def test_a_stream_goes_on_where_the_last_one_ended() -> None:
    async def story() -> None:
        live = a_live(*[public(n) for n in range(1, 6)])
        async with Browser(live, f"grant={token('wall')}&after=3") as wall:
            live.hub.publish([public(6)])
            await settle()

            assert wall.positions() == [4, 5, 6]

    run(story)


def test_the_browsers_own_last_event_id_serves_too() -> None:
    async def story() -> None:
        live = a_live(*[public(n) for n in range(1, 4)])
        headers = [(b"last-event-id", b"2")]
        async with Browser(live, f"grant={token('wall')}", headers=headers) as wall:
            assert wall.positions() == [3]

    run(story)


@pytest.mark.parametrize("after", [0, 4, 999_999])
def test_who_was_away_too_long_is_told_of_the_gap(after: int) -> None:
    async def story() -> None:
        live = a_live(*[public(n) for n in range(1, 20)], kept=8)
        async with Browser(live, f"grant={token('wall')}&after={after}") as wall:
            assert b'id: 19\nevent: gap\ndata: {"position":19}\n\n' in wall.body
            assert wall.positions() == []

            live.hub.publish([public(20)])
            await settle()
            assert wall.positions() == [20]

    run(story)


def test_without_a_place_a_stream_begins_now() -> None:
    async def story() -> None:
        live = a_live(public(1))
        async with Browser(live, f"grant={token('wall')}") as wall:
            assert wall.positions() == []
            assert wall.body

    run(story)


def test_headers_keep_proxies_from_holding_events_back() -> None:
    async def story() -> None:
        async with Browser(a_live(), f"grant={token('wall')}") as wall:
            assert wall.status == 200
            assert wall.headers[b"content-type"].startswith(b"text/event-stream")
            assert b"no-transform" in wall.headers[b"cache-control"]
            assert wall.headers[b"x-accel-buffering"] == b"no"

    run(story)


def test_nothing_private_passes_on_an_open_topic() -> None:
    private = {"post": "p1", "handler": "user:9", "seal": "ab12", "label": "1234567890/2"}
    nested = {"clocks": [{"kind": "intake"}], "changed": {"unit": "u"}}

    async def story() -> None:
        live = a_live()
        async with (
            Browser(live, f"grant={token('wall', 'petition:1234567890')}") as resident,
            Browser(live, f"grant={token('unit:u1')}") as officer,
        ):
            live.hub.publish([public(1, state="in_progress", unit="u1", **private, **nested)])
            await settle()

            assert resident.entries()[0]["data"] == {
                "state": "in_progress", "unit": "u1", "area": "00070", "petition": "1234567890",
            }  # fmt: skip
            assert officer.entries()[0]["data"]["post"] == "p1"

    run(story)


def test_an_entry_on_two_of_a_streams_topics_comes_once() -> None:
    async def story() -> None:
        live = a_live()
        topics = ("wall", "area:00070", "case:c1")
        async with Browser(live, f"grant={token(*topics)}") as page:
            live.hub.publish([public(1, post="p1")])
            await settle()

            assert page.positions() == [1]
            assert page.entries()[0]["data"]["post"] == "p1"

    run(story)


def test_signing_out_ends_the_sessions_streams_at_once_and_its_grants() -> None:
    async def story() -> None:
        live = a_live()
        async with (
            Browser(live, f"grant={token('unit:u1', session='s1')}") as ended,
            Browser(live, f"grant={token('unit:u1', session='s2')}") as other,
        ):
            live.hub.publish([event(1, rules.REVOKED, "s1"), event(2, unit="u1")])
            await settle()

            assert (ended.is_over, other.is_over) == (True, False)
            assert (ended.positions(), other.positions()) == ([], [2])
            async with Browser(live, f"grant={token('unit:u1', session='s1')}") as again:
                assert again.status == 403

    run(story)


@pytest.mark.parametrize(
    "grant",
    [
        "",
        "rubbish",
        pytest.param(token("wall", at=1000), id="expired"),
        pytest.param(token("wall", key="another"), id="foreign"),
        pytest.param(token("wall")[:-5] + "AAAAA", id="tampered"),
    ],
)
def test_without_a_good_grant_there_is_no_stream(grant: str) -> None:
    async def story() -> None:
        live = a_live()
        async with Browser(live, f"grant={grant}") as nobody:
            assert nobody.status == 403
            assert nobody.headers[b"content-type"] == b"application/problem+json"
            assert live.hub.count == 0

    run(story)


@pytest.mark.parametrize(
    ("scope", "status"),
    [({"method": "POST"}, 405), ({"path": "/live/other"}, 404), ({"path": "/"}, 404)],
)
def test_other_requests_are_refused(scope: dict[str, str], status: int) -> None:
    async def story() -> None:
        async with Browser(a_live(), "", **scope) as nobody:
            assert nobody.status == status

    run(story)


def test_a_place_that_is_no_number_is_refused() -> None:
    async def story() -> None:
        async with Browser(a_live(), f"grant={token('wall')}&after=-1") as nobody:
            assert nobody.status == 400

    run(story)


def test_every_stream_hears_a_heartbeat_within_fifteen_seconds_and_ends_within_ten_minutes() -> (
    None
):
    async def story() -> None:
        live = a_live()
        async with Browser(live, f"grant={token('wall')}") as wall:
            before, began = wall.body, asyncio.get_running_loop().time()

            for second in range(hub_module.HEARTBEAT_SECONDS):
                live.hub.beat(began + second)
            await settle()
            assert wall.body == before + b":\n\n"
            assert not wall.is_over

            for second in range(hub_module.LIFE_SECONDS, hub_module.LIFE_SECONDS + 15):
                live.hub.beat(began + second)
            await settle()
            assert wall.is_over
            assert live.hub.count == 0

    run(story)


def test_who_leaves_is_forgotten() -> None:
    async def story() -> None:
        live = a_live()
        async with Browser(live, f"grant={token('wall', session='s')}") as wall:
            assert live.hub.count == 1
            await wall.go()

            assert live.hub.count == 0
            assert live.hub.publish([public(1)]) == 0

    run(story)


def test_who_takes_nothing_is_let_go_instead_of_filling_memory() -> None:
    async def story() -> None:
        live, never = a_live(), asyncio.Event()

        async def stuck(message: dict[str, Any]) -> None:
            await never.wait()

        grant = rules.new_grant(["wall"], "", 0)
        watcher = live.hub.admit(stuck, grant, None, 0.0)
        for n in range(1, 3000):
            live.hub.publish([public(n)])
        await settle()

        assert watcher.waiting_bytes <= hub_module.MOST_WAITING + 1000
        assert watcher.is_closing

    run(story)


def test_health_says_whether_the_journal_is_read() -> None:
    async def story() -> None:
        live = a_live(public(3))
        async with Browser(live, "", path="/live/health") as early:
            assert early.status in {200, 503}
        live.follower.read_at = asyncio.get_running_loop().time()
        async with Browser(live, "", path="/live/health") as good:
            assert (good.status, json.loads(good.body)["position"]) == (200, 3)
        live.follower.read_at -= 6
        async with Browser(live, "", path="/live/health") as stale:
            assert stale.status == 503

    run(story)


def test_before_the_journal_is_read_there_is_no_stream() -> None:
    async def story() -> None:
        live = Live()
        async with Browser(live, f"grant={token('wall')}") as early:
            assert early.status == 503

    run(story)
