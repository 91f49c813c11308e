"""What journeys over a network that can break share."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.journeys.cable import Cable


@pytest.fixture
def cable(small_town: object, live_server: Any) -> Iterator[Cable]:
    """The small town's site at the far end of a cable."""
    place = urlsplit(live_server.url)
    cable = Cable(place.hostname or "", place.port or 0)
    yield cable
    cable.close()
