"""A running city dumped and restored into another folder goes on there: rows, files, identities, journal."""

import re
import shutil
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.base.keeping import wait_until
from tests.journeys.stack import POINT, Caller, Stack, jpeg, readable, signed_in
from thudo.base import keeper

pytestmark = pytest.mark.audit
TOKEN = "a-mover-of-the-audit"
NAME = "Trần Thị Minh Họa"


def file_with_photo(url: str) -> Any:
    caller = Caller(url)
    photo = caller.upload("/api/v1/files", jpeg((11, 22, 33)), x_client_token=TOKEN).json()["id"]
    filing = {
        "text": "Nắp cống trước số 7 bị vỡ, trẻ em dễ ngã.", "contact": {"name": NAME, "phone": "0987654321"},
        "service": "road_damage", "point": {"lon": POINT[0], "lat": POINT[1]}, "files": [photo],
    }  # fmt: skip
    answer = caller.api("POST", "/petitions", filing, x_client_token=TOKEN)
    assert answer.status == 201, answer.text
    return answer.json()


def counts(data: Path) -> dict[str, int]:
    """Rows of every table that a standing city does not change by itself: figures follow it."""
    moving = {"django_session", "journal_follower", "operations_tally", "operations_rollup",
              "operations_mark"}  # fmt: skip
    share = keeper.hold(data)
    try:
        with psycopg.connect(share.url) as db:
            names = db.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
            ).fetchall()
            return {
                name: db.execute(f'SELECT count(*) FROM "{name}"').fetchall()[0][0]
                for (name,) in names if name not in moving
            }  # fmt: skip
    finally:
        share.close()


def positions(data: Path) -> tuple[int, int, int]:
    share = keeper.hold(data)
    try:
        with psycopg.connect(share.url) as db:
            row = db.execute(
                "SELECT count(*), count(DISTINCT position), max(position) FROM journal_entry"
            ).fetchone()
            assert row
            return row[0], row[1], row[2]
    finally:
        share.close()


def identity(url: str, number: str) -> str:
    """Who filed, as the intake desk reads it for a purpose."""
    desk = signed_in(url, "kiemtra")
    answer = desk.form(f"/petitions/{number}/identity-views", status=200, purpose="call_back")
    return readable(answer.text)


def test_a_dump_of_a_running_city_goes_on_in_another_folder(stack: Stack, tmp_path: Path) -> None:
    receipt = file_with_photo(stack.url)
    number, secret = receipt["number"], receipt["secret"]
    before = counts(stack.data)
    stack.run("dump", str(tmp_path / "city.tar"))
    there = tmp_path / "there"
    there.mkdir()
    shutil.copy(stack.data / "secrets", there / "secrets")

    new = Stack(there, people=False)
    new.run("restore", str(tmp_path / "city.tar"))
    assert counts(there) == before
    _, _, last = positions(there)

    with new:
        own = Caller(new.url).page(f"/petitions/{number}/{secret}")
        assert "Nắp cống trước số 7" in readable(own)
        small = re.search(rf"/petitions/{number}/files/[0-9a-f-]+/small", own)
        assert small
        mine = Caller(new.url)
        mine.page(f"/petitions/{number}/{secret}")
        assert mine.send("GET", small[0]).body[:4] == b"RIFF"
        assert NAME in identity(new.url, number)
        assert file_with_photo(new.url)["number"] != number
        wait_until(
            lambda: positions(there)[2] == positions(there)[0] > last, "the journal to go on"
        )
        count, distinct, most = positions(there)
        assert count == distinct == most
