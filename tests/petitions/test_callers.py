"""One telephone number, however it is written."""

import pytest

from thudo.petitions.rules import spellings


@pytest.mark.parametrize("spelled", ["0912345678", "+84912345678", "84912345678"])
def test_a_number_is_one_however_it_is_written(spelled: str) -> None:
    assert spellings(spelled, "84", "0")[0] == "0912345678"
    assert set(spellings(spelled, "84", "0")) == {"0912345678", "+84912345678", "84912345678"}
    assert spellings("+85512345678", "84", "0") == ("+85512345678",)
    assert spellings("113", "", "") == ("113",)
