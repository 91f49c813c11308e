"""What the slow proofs share: one start of everything, and one small town to be shaken."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import town
from tests.desks.conftest import build_staffed_town
from tests.journeys.stack import Stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """`thudo up` with the Hanoi pack; tests that kill its processes wait until all are back."""
    with Stack(tmp_path_factory.mktemp("audit") / "data") as running:
        yield running


@pytest.fixture
def small_town(db: None, settings: Any, tmp_path: Path) -> town.Cast:
    settings.FILES_DIR = tmp_path
    build_staffed_town()
    return town.CAST
