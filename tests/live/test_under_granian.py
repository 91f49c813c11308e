"""The live process as it really runs: granian, PostgreSQL, sockets."""

import asyncio
import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from tests.database import environment
from thudo.journal import queries
from thudo.journal.actions import record, sequence_entries
from thudo.journal.rules import Subject
from thudo.live import rules

AT = datetime(2026, 2, 13, 9, 45, tzinfo=UTC)
WATCHERS, ENTRIES = 200, 50
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    names = dict.fromkeys(("case.accepted", rules.REVOKED), "x")
    monkeypatch.setattr(queries, "sentences", lambda: names)


@pytest.fixture
def port() -> Iterator[int]:
    """A live process on this test's database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "granian", "--interface", "asgi", "--no-ws", "--host", "127.0.0.1",
        "--port", str(number), "--backlog", "2048", "--backpressure", "4000", "thudo.live.asgi:app",
    ]  # fmt: skip
    process = subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL)
    try:
        _wait_until_well(number)
        yield number
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def _wait_until_well(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/live/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError("live did not become well")


def _record(action: str = "case.accepted", thing: str = "c1", **data: Any) -> None:
    subject = Subject("session" if action == rules.REVOKED else "case", thing, 1)
    with transaction.atomic():
        record(action, subject=subject, actor="clock", at=AT, data=data)


async def _open(
    port: int, *topics: str, session: str = ""
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    grant = rules.new_grant(topics, session, int(time.time()))
    token = rules.signed(grant, rules.grant_key(settings.SECRET_KEY))
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    writer.write(f"GET /live/stream?grant={token} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    await reader.readuntil(b": thudo\n\n")
    return reader, writer


async def _positions(reader: asyncio.StreamReader, count: int) -> list[int]:
    found: list[int] = []
    while len(found) < count:
        line = await asyncio.wait_for(reader.readline(), 15)
        if line.startswith(b"data: "):
            found.append(json.loads(line[6:])["position"])
    return found


async def _publish(*, times: int) -> None:
    for n in range(times):
        await asyncio.to_thread(_in_thread, n)
        await asyncio.sleep(0.01)


def _in_thread(n: int) -> None:
    _record(thing=f"c{n}", public=True, petition="1234567890")
    sequence_entries()
    connection.close()


def test_two_hundred_watchers_all_get_every_entry_in_order(port: int) -> None:
    async def story() -> list[list[int]]:
        streams = [await _open(port, "wall") for _ in range(WATCHERS)]
        readers = [asyncio.create_task(_positions(reader, ENTRIES)) for reader, _ in streams]
        await _publish(times=ENTRIES + 1)
        found = await asyncio.gather(*readers)
        for _, writer in streams:
            writer.close()
        return found

    # The very first round only makes the sequence's row.
    sequence_entries()

    found = asyncio.run(story())

    assert len(found) == WATCHERS
    assert all(positions == list(range(1, ENTRIES + 1)) for positions in found)


def test_a_revoked_session_is_cut_off_at_once(port: int) -> None:
    async def story() -> tuple[bytes, float]:
        reader, writer = await _open(port, "unit:u1", session="s1")
        await asyncio.to_thread(_revoke)
        began = time.monotonic()
        # The last chunk of a chunked answer: the stream is over, the connection may serve on.
        rest = await asyncio.wait_for(reader.readuntil(b"\r\n0\r\n\r\n"), 5)
        writer.close()
        return rest, time.monotonic() - began

    sequence_entries()

    rest, seconds = asyncio.run(story())

    assert b"data:" not in rest
    # Not the ten minutes after which a stream ends by itself.
    assert seconds < 5


def _revoke() -> None:
    _record(rules.REVOKED, "s1")
    sequence_entries()
    connection.close()
