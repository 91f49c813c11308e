"""The exact bytes of an entry: one form for one meaning."""

import enum
import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thudo.journal import rules
from thudo.journal.rules import NotCanonical, Subject, canonical, entry_body, instant

AT = datetime(2026, 2, 13, 9, 45, tzinfo=UTC)
SUBJECT = Subject("case", "7", 3)
names = st.text(st.characters(max_codepoint=126, min_codepoint=32), max_size=8)
texts = st.text(st.characters(exclude_categories=["Cs"]))
leaves = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts
values = st.recursive(leaves, lambda v: st.lists(v) | st.dictionaries(names, v), max_leaves=20)


def test_the_example_of_rfc_8785_for_text_and_literals() -> None:
    value = {
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }

    assert canonical(value).decode() == (
        '{"literals":[null,true,false],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


@given(values)
def test_reading_the_bytes_gives_the_value_again(value: object) -> None:
    assert json.loads(canonical(value)) == value


@given(st.dictionaries(names, leaves, min_size=2))
def test_the_order_in_which_keys_were_given_does_not_matter(value: dict[str, object]) -> None:
    turned = dict(reversed(value.items()))

    assert canonical(turned) == canonical(value)


def test_vietnamese_stays_as_it_is_written() -> None:
    assert canonical("Đường Nguyễn Trãi").decode() == '"Đường Nguyễn Trãi"'


@pytest.mark.parametrize(
    "value",
    [1.5, float("nan"), 2**53, -(2**53), "\ud800", {1: "a"}, {"đ": 1}, b"x", {1, 2}, [[0.1]],
     AT.replace(tzinfo=None)],
)  # fmt: skip
def test_what_has_no_single_form_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)


def test_ids_instants_and_enumerations_become_their_text() -> None:
    class Colour(enum.StrEnum):
        RED = "red"

    value = [UUID(int=7), AT, AT.date(), Colour.RED, ("a",)]

    assert json.loads(canonical(value)) == [
        "00000000-0000-0000-0000-000000000007",
        "2026-02-13T09:45:00.000000Z",
        "2026-02-13",
        "red",
        ["a"],
    ]


def test_an_instant_reads_the_same_in_every_zone() -> None:
    hanoi = AT.astimezone(timezone(timedelta(hours=7)))

    assert instant(hanoi) == instant(AT) == "2026-02-13T09:45:00.000000Z"


def test_a_body_is_read_back_as_the_entry_that_was_written() -> None:
    body = entry_body("case.opened", SUBJECT, "user:17", AT, {"unit": "p-hoan-kiem"})

    entry = rules.read_body(5, AT, body)

    assert entry == rules.JournalEntry(
        5, AT, "case.opened", SUBJECT, "user:17", {"unit": "p-hoan-kiem"}
    )


@pytest.mark.parametrize("key", ["phone", "text", "latitude", "full_name"])
def test_what_tells_who_or_where_is_refused(key: str) -> None:
    with pytest.raises(NotCanonical, match=key):
        entry_body("case.opened", SUBJECT, "user:17", AT, {key: "x"})


def test_sealed_text_can_be_checked_and_says_nothing_without_its_salt() -> None:
    salt = bytes(16)

    sealed = rules.seal("Ổ gà", salt)

    assert sealed == hashlib.sha256(salt + "Ổ gà".encode()).hexdigest()
    assert sealed != rules.seal("Ổ gà", b"1" * 16)


def test_old_schema_versions_are_raised_by_upcasters(monkeypatch: pytest.MonkeyPatch) -> None:
    body = entry_body("case.opened", SUBJECT, "clock", AT, {"dept": "x"})
    monkeypatch.setattr(rules, "SCHEMA", 2)
    monkeypatch.setitem(rules.UPCASTERS, ("case.opened", 1), lambda d: {"unit": d["dept"]})

    assert rules.read_body(1, AT, body).data == {"unit": "x"}


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [("case.opened", True), ("case.*", True), ("*", True), ("petition.*", False), ("case", False)],
)
def test_patterns_choose_actions(pattern: str, wanted: bool) -> None:
    assert rules.matches(pattern, "case.opened") is wanted


def test_a_snapshot_is_read() -> None:
    assert rules.read_snapshot("10:20:10,14") == rules.Span(20, (10, 14))
    assert rules.read_snapshot("10:10:") == rules.Span(10, ())
    assert rules.read_snapshot("") == rules.Span(0, ())
