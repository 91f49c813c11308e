"""kill -9 of everything in turn under filings: what was acknowledged is there, once, whole."""

import itertools
import os
import signal
import threading
import time
import urllib.error
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.base.keeping import command_lines, keeper_pid, postmaster_pid, wait_until
from tests.journeys.stack import POINT, Caller, Stack
from thudo.base import keeper

pytestmark = pytest.mark.audit
RATE = 20  # filings a second
SECONDS_EACH = 8
HOLE = "Mặt đường trước số {n} có ổ gà rộng gần một mét, tối qua đã có hai xe máy ngã."

ONCE = """
SELECT p.number, count(DISTINCT l.case_id), count(DISTINCT c.id),
       (SELECT count(*) FROM journal_entry e WHERE e.subject_kind = 'petition'
         AND e.subject_id = p.id::text AND e.action = 'petition.filed'),
       (SELECT count(*) FROM journal_entry e JOIN petitions_petition_case k ON e.subject_id = k.case_id::text
         WHERE k.petition_id = p.id AND e.subject_kind = 'case' AND e.action = 'case.opened'),
       (SELECT count(*) FROM petitions_petitioner i WHERE i.petition_id = p.id)
FROM petitions_petition p
LEFT JOIN petitions_petition_case l ON l.petition_id = p.id
LEFT JOIN cases_clock c ON c.case_id = l.case_id AND c.kind = 'intake'
WHERE p.filed_by = 'resident' GROUP BY p.id
"""


def pids(data: Path, part: str) -> list[int]:
    """Processes of one part of `thudo up` on this folder, by their words and their environment."""
    mark = f"THUDO_DATA={data.resolve()}\0".encode()
    found = []
    for pid, line in command_lines():
        try:
            ours = mark in (Path("/proc") / str(pid) / "environ").read_bytes()
        except OSError:
            continue
        if ours and part in line:
            found.append(pid)
    return found


def kill(data: Path, part: str) -> None:
    doomed = {
        "keeper": lambda: [keeper_pid(data)], "postmaster": lambda: [postmaster_pid(data)],
        "web": lambda: pids(data, "thudo.wsgi"), "live": lambda: pids(data, "thudo.live.asgi"),
        "worker": lambda: pids(data, "thudo\0work"), "front": lambda: pids(data, "Caddyfile"),
    }[part]()  # fmt: skip
    assert doomed, part
    for pid in doomed:
        os.kill(pid, signal.SIGKILL)


class Filer:
    """Residents who send until they have an answer, always under the same key."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.acknowledged: dict[str, str] = {}
        self.tries = itertools.count()
        self.moments: list[float] = []

    def file(self, n: int) -> None:
        key, caller = str(uuid4()), Caller(self.url)
        filing = {
            "text": HOLE.format(n=n), "service": "road_damage", "contact": {"phone": "0912345678"},
            "point": {"lon": POINT[0], "lat": POINT[1]},
        }  # fmt: skip
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            next(self.tries)
            if self._sent(caller, filing, key):
                return
            time.sleep(0.3)

    def _sent(self, caller: Caller, filing: dict[str, Any], key: str) -> bool:
        try:
            answer = caller.api(
                "POST", "/petitions", filing, idempotency_key=key, x_client_token=f"client-{key}"
            )
        except (OSError, urllib.error.URLError):
            return False
        assert answer.status == 201 or answer.status >= 500, answer.text
        if answer.status == 201:
            self.acknowledged[key] = answer.json()["number"]
            self.moments.append(time.monotonic())
        return answer.status == 201


@contextmanager
def filing(url: str) -> Iterator[Filer]:
    """Filings at RATE until the block ends, then until each has its answer."""
    filer, stop = Filer(url), threading.Event()

    def drive(pool: ThreadPoolExecutor) -> None:
        for n in itertools.count(1):
            if stop.wait(1 / RATE):
                return
            pool.submit(filer.file, n)

    with ThreadPoolExecutor(24) as pool:
        driver = threading.Thread(target=drive, args=(pool,))
        driver.start()
        try:
            yield filer
        finally:
            stop.set()
            driver.join()


def longest_gap(moments: list[float], since: float) -> float:
    times = sorted([since, *(m for m in moments if m > since)])
    return max((b - a for a, b in itertools.pairwise(times)), default=0.0)


def test_what_was_acknowledged_is_there_once_and_whole_whatever_was_killed(stack: Stack) -> None:
    with filing(stack.url) as filer:
        time.sleep(3)
        for part in ("web", "live", "worker", "front", "postmaster", "keeper"):
            count, began = len(filer.acknowledged), time.monotonic()
            kill(stack.data, part)
            wait_until(
                lambda began=began, count=count: time.monotonic() - began > SECONDS_EACH
                and len(filer.acknowledged) > count + RATE,
                f"filings to go on after the kill of {part}", 90,
            )  # fmt: skip
            gap = longest_gap(filer.moments, began)
            print(f"kill -9 of {part}: no answer for {gap:.1f} s at the longest")
    numbers = list(filer.acknowledged.values())
    print(f"{len(numbers)} petitions acknowledged in {next(filer.tries)} tries")
    assert len(set(numbers)) == len(numbers), "one number was given to two"

    share = keeper.hold(stack.data)
    try:
        with psycopg.connect(share.url, autocommit=True) as db:
            found = {row[0]: row[1:] for row in db.execute(ONCE).fetchall()}
            assert [n for n in numbers if n not in found] == [], "acknowledged and lost"
            # One case, its intake clock, filed once, opened once, one sealed identity.
            wrong = {n: row for n, row in found.items() if row != (1, 1, 1, 1, 1)}
            assert {n: row for n, row in wrong.items() if n in set(numbers)} == {}
            keys = db.execute(
                "SELECT key, answer->>'number' FROM petitions_idempotency WHERE key = ANY(%s)",
                [list(filer.acknowledged)],
            ).fetchall()
            assert dict(keys) == filer.acknowledged
            doubled = db.execute(
                "SELECT text FROM petitions_petition WHERE text LIKE %s GROUP BY text HAVING count(*) > 1",
                [HOLE.format(n="%")],
            ).fetchall()
            assert doubled == []
            wait_until(lambda: _is_dense(db), "each entry to have its place", 60)
    finally:
        share.close()
    wait_until(lambda: Caller(stack.url).send("GET", "/live/health").status == 200, "streams", 30)


def _is_dense(db: "psycopg.Connection[Any]") -> bool:
    row = db.execute(
        "SELECT count(*), count(position), count(DISTINCT position), min(position), max(position) "
        "FROM journal_entry"
    ).fetchone()
    assert row
    count, placed, distinct, least, most = row
    return bool(count == placed == distinct == most and least == 1)
