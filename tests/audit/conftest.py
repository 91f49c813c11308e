"""What the slow proofs share: one start of everything, and one small town to be shaken."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import town
from tests.desks.conftest import PEOPLE
from tests.journeys.stack import Stack
from thudo.accounts.models import Holding, User


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """`thudo up` with the Hanoi pack; tests that kill its processes wait until all are back."""
    with Stack(tmp_path_factory.mktemp("audit") / "data") as running:
        yield running


@pytest.fixture
def small_town(db: None, settings: Any, tmp_path: Path) -> town.Cast:
    settings.FILES_DIR = tmp_path
    town.build()
    for name, posts in PEOPLE.items():
        user = User.objects.create(username=name, display_name=name.title())
        for post in posts:
            Holding.objects.create(user=user, post_id=post, starts_at=town.MONDAY)
    return town.CAST
