"""Several workers at once: each due clock fires once."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg
import pytest

from tests.base.keeping import wait_until
from tests.journeys.stack import POINT, Caller, Stack, environment
from thudo.base import keeper

pytestmark = pytest.mark.audit
MANY = 120


@contextmanager
def sweeper(stack: Stack) -> Iterator[None]:
    words = ["work", "--only", "cases.jobs.sweep_clocks", "--data", str(stack.data)]
    process = subprocess.Popen(
        [sys.executable, "-m", "thudo", *words], cwd="/", env=environment(),
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield
    finally:
        process.terminate()
        _out, told = process.communicate(timeout=30)
        assert "Traceback" not in told, told


def file_many(url: str) -> list[str]:
    caller = Caller(url)
    filing = {
        "text": "Mặt đường trước cổng chợ có ổ gà rộng gần một mét.", "service": "road_damage",
        "point": {"lon": POINT[0], "lat": POINT[1]}, "contact": {"phone": "0912345678"},
    }  # fmt: skip
    return [caller.api("POST", "/petitions", filing).json()["number"] for _ in range(MANY)]


FIRED = """
SELECT c.label, count(DISTINCT e.id),
       (SELECT count(*) FROM journal_entry j WHERE j.subject_kind = 'case' AND j.subject_id = c.id::text
         AND j.action = 'case.escalated')
FROM cases_case c LEFT JOIN cases_escalation e ON e.case_id = c.id
WHERE c.label = ANY(%s) GROUP BY c.id
"""


def test_two_more_sweepers_beside_the_worker_fire_each_due_clock_once(stack: Stack) -> None:
    numbers = file_many(stack.url)
    share = keeper.hold(stack.data)
    with ExitStack() as ends:
        ends.callback(share.close)
        db: psycopg.Connection[Any] = ends.enter_context(
            psycopg.connect(share.url, autocommit=True)
        )
        for _ in range(2):
            ends.enter_context(sweeper(stack))
        time.sleep(6)  # they are all up before anything falls due
        began = time.monotonic()
        db.execute(
            "UPDATE cases_clock k SET due_at = now() - interval '1 minute' FROM cases_case c "
            "WHERE c.id = k.case_id AND c.label = ANY(%s) AND k.due_at IS NOT NULL", [numbers],
        )  # fmt: skip
        wait_until(lambda: all(row[1] for row in db.execute(FIRED, [numbers])), "all to fire", 60)
        print(f"{MANY} clocks by three sweepers in {time.monotonic() - began:.1f} s")
        time.sleep(3)
        fired = {row[0]: row[1:] for row in db.execute(FIRED, [numbers])}
    assert {n: row for n, row in fired.items() if row != (1, 1)} == {}
    assert len(fired) == MANY
    assert "Traceback" not in stack.tail("worker")
