"""The pages find places with the lists of the database, and wait for nothing."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.packs.folders import MARSA, loaded
from thudo.directory.queries import locate_text

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _marsa(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), loaded(MARSA):
        yield


def test_a_street_of_the_database_is_found() -> None:
    found = locate_text("a hole in the rue des pecheurs")[0]

    assert (found.area, found.precision, found.label) == ("M1", "street", "Rue des Pêcheurs")


def test_once_built_nobody_waits() -> None:
    locate_text("rue des pecheurs")

    assert locate_text("rue des pecheurs", wait=False)[0].area == "M1"
