"""Vietnamese text made comparable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thudo.base.folding import clean, fold, sort_key
from thudo.base.identifiers import is_public_number, new_id, public_number, secret_code


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Đường\t Nguyễn  Trãi ", "Đường Nguyễn Trãi"),
        ("một\r\nhai\rba", "một\nhai\nba"),
        ("a\u0000b\u200bc", "abc"),
        ("Tie\u0302\u0301ng", "Tiếng"),
    ],
)
def test_clean_keeps_the_words_and_the_lines(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@given(st.text())
def test_clean_is_done_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_fold_is_what_a_phone_without_accents_types() -> None:
    assert fold("Ổ gà ĐƯỜNG Nguyễn Trãi") == "o ga duong nguyen trai"


def test_names_sort_as_in_a_vietnamese_dictionary() -> None:
    names = ["Ức", "Đống Đa", "Ba Đình", "Âu", "An", "Ăn"]
    assert sorted(names, key=sort_key) == ["An", "Ăn", "Âu", "Ba Đình", "Đống Đa", "Ức"]


@given(st.integers(0, 9), st.integers(0, 9))
def test_a_wrong_digit_is_seen_in_a_number(place: int, digit: int) -> None:
    number = public_number()
    wrong = number[:place] + str(digit) + number[place + 1 :]
    assert is_public_number(wrong) == (wrong == number)


def test_a_secret_has_at_least_100_bits_and_ids_sort_by_time() -> None:
    code = secret_code()
    assert 31 ** len(code) > 2**100
    assert set(code) <= set("23456789abcdefghjkmnpqrstuvwxyz")
    # All 31 signs come, at every place: 22 * 31 of them would be missed by chance once in 10^11.
    drawn = [secret_code() for _ in range(1000)]
    assert all(len({one[place] for one in drawn}) == 31 for place in range(22))
    first, second = new_id(), new_id()
    assert first.version == second.version == 7
    assert first.int >> 80 <= second.int >> 80
