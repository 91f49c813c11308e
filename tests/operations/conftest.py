"""The small town for the pages that everybody sees."""

import pytest

from tests import town


@pytest.fixture
def small_town(db: None) -> town.Cast:
    town.build()
    return town.CAST
