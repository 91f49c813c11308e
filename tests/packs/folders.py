"""Packs for tests: the shipped ones, loaded for a module and rolled back; and broken copies."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction

from tests import town
from thudo.packs.actions import Loaded, load_pack

ROOT = Path(__file__).resolve().parents[2]
HANOI = ROOT / "packs" / "hanoi"
MARSA = ROOT / "packs" / "marsa"
AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@contextmanager
def loaded(folder: Path, at: datetime = AT) -> Iterator[Loaded]:
    """The pack in the database until the end of the block; caches of another are forgotten."""
    with transaction.atomic():
        town.forget()
        yield load_pack(folder, actor="system", at=at)
        transaction.set_rollback(True)
    town.forget()


def hanoi_without_places(folder: Path) -> Path:
    """Its units and rules without the thousands of names that the search finds."""
    skip = shutil.ignore_patterns("places-*.csv")
    return Path(shutil.copytree(HANOI, folder / "hanoi", ignore=skip))


def copy_of_marsa(folder: Path) -> Path:
    """A pack that a test may break."""
    return Path(shutil.copytree(MARSA, folder / "marsa"))


def change(folder: Path, name: str, old: str, new: str) -> None:
    """Replace what must be there."""
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text, f"{old!r} is not in {name}"
    path.write_text(text.replace(old, new, 1), "utf-8")
