"""ASGI: addresses, headers, and the life of one stream."""

import asyncio
import json
import resource
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings

from thudo.base.clock import now
from thudo.live import rules
from thudo.live.asgi.hub import Hub, Watcher
from thudo.live.asgi.journal import Follower

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

STALE_SECONDS = 5.0
_STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    # no-transform: a proxy that compresses holds events back.
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
]


class Refusal(Exception):
    """An answer other than a stream: status, word for machines, sentence for developers."""

    def __init__(self, status: int, code: str, title: str) -> None:
        super().__init__(title)
        self.status, self.code, self.title = status, code, title


class Live:
    """The application. One per process: it reads the journal once for all its streams."""

    def __init__(self) -> None:
        self.hub = Hub()
        self.follower = Follower(self.hub)
        self._tasks: list[asyncio.Task[None]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            try:
                await self._answer(scope, receive, send)
            except Refusal as refusal:
                await _refuse(send, refusal)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.stop()
        await send({"type": "lifespan.shutdown.complete"})

    def start(self) -> None:
        """Begin to read the journal."""
        _raise_open_files()
        self._tasks = [
            asyncio.create_task(self.follower.run()),
            asyncio.create_task(self._beat()),
        ]

    def stop(self) -> None:
        """Stop reading and end every stream."""
        for task in self._tasks:
            task.cancel()
        self.hub.close()

    async def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(1 - loop.time() % 1)
            self.hub.beat(loop.time())

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            raise Refusal(405, "method_not_allowed", "Only GET")
        if scope["path"] == "/live/health":
            await self._tell_health(send)
        elif scope["path"] == "/live/stream":
            await self._stream(scope, receive, send)
        else:
            raise Refusal(404, "not_found", "No such address")

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.follower.read_at is None:
            raise Refusal(503, "starting", "The journal is not being read yet")
        query = parse_qs(scope["query_string"].decode("latin-1"))
        grant = self._grant(query.get("grant", [""])[0])
        after = _position(query.get("after", [""])[0] or _last_event_id(scope))
        if self.hub.is_revoked(grant.session):
            raise Refusal(403, "grant_refused", "revoked")
        await send({"type": "http.response.start", "status": 200, "headers": _STREAM_HEADERS})
        watcher = self.hub.admit(send, grant, after, asyncio.get_running_loop().time())
        try:
            await _until_over(watcher, receive)
        finally:
            self.hub.leave(watcher)

    def _grant(self, token: str) -> rules.Grant:
        try:
            key = rules.grant_key(settings.SECRET_KEY)
            return rules.read_grant(token, key, now().timestamp())
        except rules.GrantRefused as error:
            raise Refusal(403, "grant_refused", str(error)) from error

    async def _tell_health(self, send: Send) -> None:
        read_at, time_now = self.follower.read_at, asyncio.get_running_loop().time()
        is_well = read_at is not None and time_now - read_at < STALE_SECONDS
        body = {"ok": is_well, "position": self.hub.ring.last, "watchers": self.hub.count}
        await _send_json(send, 200 if is_well else 503, b"application/json", body)


async def _until_over(watcher: Watcher, receive: Receive) -> None:
    """Wait for the browser to go or the stream to end; only receive() tells of the first."""
    gone = asyncio.create_task(_until_gone(watcher, receive))
    try:
        await watcher.over
    finally:
        gone.cancel()


async def _until_gone(watcher: Watcher, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    watcher.end()


async def _refuse(send: Send, refusal: Refusal) -> None:
    body = {
        "type": f"urn:thudo:problem:{refusal.code}",
        "title": refusal.title,
        "status": refusal.status,
        "code": refusal.code,
    }
    await _send_json(send, refusal.status, b"application/problem+json", body)


async def _send_json(send: Send, status: int, kind: bytes, body: dict[str, Any]) -> None:
    headers = [(b"content-type", kind), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})


def _position(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Refusal(400, "invalid", "after is a position: digits")
    return int(text)


def _last_event_id(scope: Scope) -> str:
    return next((v.decode("latin-1") for k, v in scope["headers"] if k == b"last-event-id"), "")


def _raise_open_files() -> None:
    # Every stream is an open file; the soft limit is often 1,024.
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
