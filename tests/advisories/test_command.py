"""`thudo advisories load`."""

import argparse
from pathlib import Path

import pytest

from thudo.advisories.command import run
from thudo.advisories.models import Advisory

HEAD = "external_id,kind,about,title_vi,begins_at,ends_at,areas,streets,source_name\n"
GOOD = "C-1,cut,power,Cắt điện,2026-03-05T08:00,2026-03-05T12:00,w1,Lò Rèn; Hàng Than,Điện lực\n"


def load(path: Path, text: str) -> int:
    path.write_text("\ufeff" + text, "utf-8")
    return run(argparse.Namespace(file=path, unit="drainage"))


def test_a_table_is_loaded_once_and_then_amends(
    small_town: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "plan.csv"

    assert load(path, HEAD + GOOD) == 0
    assert load(path, HEAD + GOOD.replace("12:00", "15:00")) == 0

    row = Advisory.objects.get()
    assert row.begins_at.isoformat() == "2026-03-05T01:00:00+00:00"
    assert row.ends_at is not None
    assert row.ends_at.isoformat() == "2026-03-05T08:00:00+00:00"
    assert row.streets == ["Lò Rèn", "Hàng Than"]
    assert (row.unit, row.origin_kind, row.version) == ("drainage", "file", 2)
    assert "1 advisories kept, 0 rows refused." in capsys.readouterr().out


def test_a_wrong_row_stops_none_of_the_others(
    small_town: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = "C-2,cut,power,X,yesterday,,w1,,Y\nC-3,cut,power,X,2026-03-05,,nowhere,,Y\n,cut\n"

    assert load(tmp_path / "plan.csv", HEAD + wrong + GOOD) == 1

    told = capsys.readouterr()
    assert "1 advisories kept, 3 rows refused." in told.out
    assert [line.split(": ")[0] for line in told.err.splitlines()] == [
        "plan.csv:2", "plan.csv:3", "plan.csv:4",
    ]  # fmt: skip


def test_a_table_of_something_else_is_refused(small_town: None, tmp_path: Path) -> None:
    assert load(tmp_path / "plan.csv", "a,b\n1,2\n") == 1
    assert not Advisory.objects.exists()
