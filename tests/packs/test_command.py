"""`thudo pack check|load`."""

import argparse
from pathlib import Path

import pytest

from tests import town
from tests.packs.folders import MARSA, change, copy_of_marsa
from thudo.packs.command import pack as command


def _run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser.add_subparsers(dest="act", required=True))
    return command.run(parser.parse_args(words))


def test_check_says_that_a_pack_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("check", str(MARSA)) == 0
    assert "sound" in capsys.readouterr().out


def test_check_prints_each_problem_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copy_of_marsa(tmp_path)
    change(folder, "authority.csv", "2024-01-01,2026-07-01", "2024-01-01,2026-08-01")

    assert _run("check", str(folder)) == 1
    assert f"{folder}/authority.csv:4: " in capsys.readouterr().out


@pytest.mark.django_db
def test_load_twice(capsys: pytest.CaptureFixture[str]) -> None:
    town.forget()

    assert _run("load", str(MARSA)) == 0
    assert _run("load", str(MARSA)) == 0

    said = capsys.readouterr().out
    assert "loaded (version" in said
    assert "is loaded already" in said


@pytest.mark.django_db
def test_load_refuses_a_broken_pack(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = copy_of_marsa(tmp_path)
    change(folder, "terms.csv", "elapsed,30", "elapsed,0")

    assert _run("load", str(folder)) == 1
    assert "terms.csv:4" in capsys.readouterr().err
