"""While one types, a place that the text names is offered as a pin to confirm."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.petitions.conftest import HOLE
from thudo.directory.queries import Located, locating
from thudo.petitions.forms import filing
from thudo.petitions.models import Petition

pytestmark = pytest.mark.django_db

TEXT = "Hố sâu trước số 12 phố Cát, xe máy ngã liên tục."
Says = Callable[..., None]


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Says:
    def answer(confidence: float, precision: str) -> None:
        place = Located("w1", "Ward 1", 105.05, 21.05, confidence, precision, "12 Phố Cát")
        monkeypatch.setattr(locating, "locate_text", lambda *_args, **_options: [place])

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


def typed(browser: Client, place: str) -> HttpResponse:
    return browser.post("/petitions/", {"text": HOLE, "place": place, "phone": "0900 000 000"})


def test_a_typed_place_that_is_surely_read_is_not_asked_back(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Located("w1", "Ward 1", 105.05, 21.05, 0.9, "number", "12 Phố Cát")
    monkeypatch.setattr(filing, "locate_text", lambda *_args: [read])

    assert typed(browser, "trước cửa nhà số 12 phố Cát").status_code == 302

    petition = Petition.objects.get()
    assert (petition.place, petition.area) == ("trước cửa nhà số 12 phố Cát", "w1")
    assert petition.longitude == 105.05


def test_a_typed_place_that_is_read_unsurely_is_asked_back(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Located("w1", "Ward 1", 105.05, 21.05, 0.4, "number", "12 Phố Cát")
    monkeypatch.setattr(filing, "locate_text", lambda *_args: [read])

    assert typed(browser, "trước cửa nhà số 12 phố Cát").status_code == 422
