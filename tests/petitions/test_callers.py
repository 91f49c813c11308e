"""One telephone number, however it is written."""

import tomllib
from typing import Any

import pytest

from tests.packs.folders import HANOI
from thudo.petitions.queries.callers import spelled
from thudo.petitions.rules import spellings


@pytest.mark.parametrize("number", ["0912345678", "+84912345678", "84912345678"])
def test_a_number_is_one_however_it_is_written(number: str) -> None:
    assert spellings(number, "84", "0")[0] == "0912345678"
    assert set(spellings(number, "84", "0")) == {"0912345678", "+84912345678", "84912345678"}
    assert spellings("+85512345678", "84", "0") == ("+85512345678",)
    assert spellings("113", "", "") == ("113",)


def test_the_shipped_city_says_how_its_numbers_are_written(settings: Any) -> None:
    settings.CITY = tomllib.loads((HANOI / "city.toml").read_text("utf-8"))

    assert settings.CITY["numbers"] == {"country": "84", "trunk": "0"}
    assert spelled("+84912345678")[0] == "0912345678"


def test_a_city_that_does_not_say_it_compares_numbers_as_they_are_written(settings: Any) -> None:
    settings.CITY = {"name": "Town"}

    assert spelled("0912345678") == ("0912345678",)
