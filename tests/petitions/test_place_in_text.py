"""While one types, a place that the text names is offered as a pin to confirm."""

from collections.abc import Callable

import pytest
from django.test import Client

from thudo.directory.queries import Located
from thudo.petitions.queries import suggesting

pytestmark = pytest.mark.django_db

TEXT = "Hố sâu trước số 12 phố Cát, xe máy ngã liên tục."
Says = Callable[..., None]


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Says:
    def answer(confidence: float, precision: str) -> None:
        place = Located("w1", "Ward 1", 105.05, 21.05, confidence, precision, "12 Phố Cát")
        monkeypatch.setattr(suggesting, "locate_text", lambda *_args, **_options: [place])

    return answer


def asked(browser: Client, **given: str) -> dict[str, object] | None:
    answer = browser.post("/petitions/suggestions", {"text": TEXT, **given}).json()
    place: dict[str, object] | None = answer["place"]
    return place


def test_a_sure_place_is_offered_with_its_words(browser: Client, says: Says) -> None:
    says(0.9, "number")

    assert asked(browser) == {
        "label": "12 Phố Cát, Ward 1",
        "lon": 105.05,
        "lat": 21.05,
        "offer": "Use this place: 12 Phố Cát, Ward 1",
    }


def test_a_guess_is_not_offered(browser: Client, says: Says) -> None:
    says(0.4, "number")

    assert asked(browser) is None


def test_a_ward_is_no_pin(browser: Client, says: Says) -> None:
    says(0.9, "ward")

    assert asked(browser) is None


def test_who_has_a_point_is_offered_none(browser: Client, says: Says) -> None:
    says(0.9, "number")

    assert asked(browser, lon="105.05", lat="21.05") is None
