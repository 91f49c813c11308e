"""The real pack as the stage of the invented city."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import LazySettings

from tests import town
from thudo.packs.actions import load_pack
from thudo.simulation import queries
from thudo.simulation.queries import World

PACK = Path(__file__).resolve().parents[2] / "packs" / "hanoi"
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture
def world(db: None, settings: LazySettings, tmp_path: Path) -> World:
    """The city loaded, files and progress in a folder of the test's own."""
    settings.PACK_DIR, settings.DATA_DIR, settings.FILES_DIR = PACK, tmp_path, tmp_path / "files"
    town.forget()
    load_pack(PACK, actor="system", at=NOW)
    town.forget()
    return queries.world()
