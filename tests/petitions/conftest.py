"""The small town, and people who write to it."""

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from PIL import Image

from tests.town import MONDAY, TOWN_SQUARE
from thudo.accounts.rules import RESIDENT, Actor
from thudo.petitions.actions import file_petition
from thudo.petitions.models import Petition
from thudo.petitions.rules import Contact, Filing

HOLE = "Vỉa hè trước cổng trường bị bong gạch lát, đi lại khó."
FLOOD = "Đường trước cổng trường ngập sâu đến đầu gối, nước tràn vào nhà."
COMPLAINT = "Tôi khiếu nại quyết định thu hồi đất số 123 của UBND quận."
PRAISE = "Cảm ơn các anh chị cán bộ một cửa đã hướng dẫn rất nhiệt tình."
UNSURE = "Chuyện này kéo dài đã lâu, xin xem giúp."
CONTACT = Contact(phone="0900000000")


def a_hole(**more: Any) -> Filing:
    """A damaged road in the first ward, as the page sends it."""
    longitude, latitude = TOWN_SQUARE
    given: dict[str, Any] = {
        "text": HOLE, "service": "road_damage", "longitude": longitude, "latitude": latitude,
        "place": "1 High Street", "contact": CONTACT,
    }  # fmt: skip
    return Filing(**(given | more))


def file_hole(at: datetime = MONDAY, **more: Any) -> tuple[Petition, str]:
    """A filed petition and the secret of its link."""
    receipt = file_petition(a_hole(**more), actor=RESIDENT, at=at)
    return Petition.objects.get(number=receipt.number), receipt.secret


def sender_of(petition: Petition) -> Actor:
    """Who has shown the secret link."""
    return Actor("resident", opened=frozenset({petition.number}))


def jpeg(colour: tuple[int, int, int] = (90, 110, 100)) -> bytes:
    """A small photograph; another colour is another file."""
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the time that the pages of petitions read."""
    # A door that is first imported under the patch would keep that time for every later test.
    import thudo.urls  # noqa: F401
    from thudo.base import clock as base_clock
    from thudo.petitions.views import filing, following, tracking

    def set_to(at: datetime) -> None:
        for module in (filing, following, tracking, base_clock):
            monkeypatch.setattr(module, "now", lambda: at)

    return set_to
