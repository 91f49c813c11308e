"""The small town announces."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests import town
from thudo.accounts.rules import Actor
from thudo.advisories.actions import publish_advisory
from thudo.advisories.models import Advisory
from thudo.advisories.rules import Content

HOUR = timedelta(hours=1)


def content(**more: Any) -> Content:
    """A planned power cut in ward 1 from 10:00 to 14:00 of the town's Monday."""
    given: dict[str, Any] = {
        "kind": "cut",
        "about": "power",
        "title": {"vi": "Cắt điện để sửa trạm", "en": "Power cut for repairs"},
        "services": ("noise",),
        "areas": ("w1",),
        "begins_at": town.MONDAY + HOUR,
        "ends_at": town.MONDAY + 5 * HOUR,
        "source_name": "Power company",
        "source_at": town.MONDAY - HOUR,
    }
    return Content(**{**given, **more})


Publish = Callable[..., Advisory]


@pytest.fixture
def publish(small_town: None) -> Publish:
    """Publish content(**more) for ward 1 by its handler."""

    def deed(*, unit: str = "ward-1", actor: Actor | None = None, **more: Any) -> Advisory:
        return publish_advisory(
            content(**more), unit=unit, actor=actor or town.CAST.handler, at=town.MONDAY
        )

    return deed
