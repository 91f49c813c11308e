"""What every test may rely on."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, expect
from pytest_django import DjangoDbBlocker

from tests.browser import browser
from thudo.base.keeper.accounts import STORE

if TYPE_CHECKING:
    from tests import town

# Also for the programs that tests start; a place sets its own.
os.environ.setdefault("THUDO_SECRET_KEY", "tests-only")
os.environ.setdefault("THUDO_IDENTITY_KEYS", "k1:dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=")
# What a page shows at last counts; how fast is measured elsewhere, on a machine that is not shared.
expect.set_options(timeout=15_000)
settings.IDENTITY_KEYS = os.environ["THUDO_IDENTITY_KEYS"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """--renew writes generated pages of docs/reference instead of comparing with them."""
    parser.addoption("--renew", action="store_true", default=False)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Start the embedded server when the first test asks for a database."""
    from tests import database

    database.provide()


@pytest.fixture(scope="session", autouse=True)
def no_cluster_is_left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """pytest's folders are closed to others, so root's test clusters lie elsewhere: remove them."""
    yield
    for mark in STORE.glob("cluster-*/belongs-to"):
        if mark.read_text("utf-8").startswith(str(tmp_path_factory.getbasetemp())):
            shutil.rmtree(mark.parent)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real browser. Maps are not drawn in it (no WebGL): drawing them costs most of a test."""
    with browser() as one:
        yield one


@pytest.fixture
def small_town(db: None, settings: Any, tmp_path: Path) -> "town.Cast":
    """Two wards, their units, people and rules; files lie in a folder of the test."""
    from tests import town

    settings.FILES_DIR = tmp_path
    town.build()
    return town.CAST


@pytest.fixture(name="browser")
def browser_of_a_resident(small_town: "town.Cast") -> Client:
    """A resident's browser; it speaks English so that the tests can be read."""
    return Client(headers={"accept-language": "en"})


@pytest.fixture(scope="module")
def hanoi(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """The shipped pack, without the names that the search finds, for one module."""
    from tests.packs.folders import hanoi_without_places, loaded

    folder = hanoi_without_places(tmp_path_factory.mktemp("packs"))
    with django_db_blocker.unblock(), loaded(folder):
        yield
