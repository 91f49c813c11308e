"""What each topic sees, and grants that cannot be forged."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thudo.cases.lifecycle import STEPS
from thudo.journal.rules import PERSONAL, JournalEntry, Subject
from thudo.live import rules
from thudo.live.rules import GrantRefused

AT = datetime(2026, 2, 13, 9, 45, tzinfo=UTC)
KEY = rules.grant_key("secret")


def entry(action: str = "case.accepted", kind: str = "case", **data: Any) -> JournalEntry:
    return JournalEntry(7, AT, action, Subject(kind, "c1", 2), "user:17", data)


def test_a_public_petitions_step_shows_on_wall_ward_and_its_own_page() -> None:
    step = entry(public=True, area="00070", petition="1234567890")

    assert set(rules.open_topics(step)) == {"wall", "area:00070", "petition:1234567890"}


@pytest.mark.parametrize("public", [False, None, 1, "true"])
def test_a_private_petitions_step_shows_on_its_own_page_alone(public: object) -> None:
    step = entry(public=public, area="00070", petition="1234567890")

    assert rules.open_topics(step) == ("petition:1234567890",)


def test_what_the_desk_looked_at_shows_nowhere_in_the_open() -> None:
    look = entry("petition.identity_read", "petition", public=True, petition="1", area="2")

    assert rules.open_topics(look) == ()


def test_a_transfer_reaches_the_queues_of_both_units_and_the_desk() -> None:
    step = entry("case.transferred", unit="new", **{"from": "old", "proposed": "new"})

    assert rules.staff_topics(step) == ("case:c1", "unit:new", "unit:old", "desk:intake")


def test_an_answer_reaches_the_checking_desk() -> None:
    assert "desk:checking" in rules.staff_topics(entry("case.answered"))


def test_several_units_and_petitions_are_all_reached() -> None:
    step = entry(units=["a", "b"], petitions=["1", "2"])

    assert rules.staff_topics(step) == ("case:c1", "unit:a", "unit:b")
    assert rules.open_topics(step) == ("petition:1", "petition:2")


def test_every_step_of_a_case_may_show_in_the_open() -> None:
    assert {step.action for step in STEPS.values()} <= rules.OPEN_ACTIONS


words = st.text(min_size=1, max_size=8)
values = st.recursive(
    st.text() | st.integers() | st.booleans(),
    lambda v: st.lists(v, max_size=3) | st.dictionaries(words, v, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(words | st.sampled_from(sorted(rules.OPEN_KEYS)), values))
def test_in_the_open_only_plain_values_of_listed_keys_appear(data: dict[str, Any]) -> None:
    sent = rules.shown(entry(**data), to_staff=False)

    assert set(sent) == {"position", "at", "action", "subject", "data"}
    assert set(sent["data"]) <= rules.OPEN_KEYS
    assert not any(isinstance(v, dict | list) for v in sent["data"].values())


def test_to_staff_everything_goes_but_what_is_personal_at_any_depth() -> None:
    data = {"post": "p1", "phone": "09", "clocks": [{"kind": "intake", "text": "x"}]}

    sent = rules.shown(entry(**data), to_staff=True)

    assert sent["data"] == {"post": "p1", "clocks": [{"kind": "intake"}]}


def test_who_acted_is_not_sent() -> None:
    assert b"user:17" not in rules.frame(entry(), to_staff=True)


def test_no_open_key_is_personal() -> None:
    assert not rules.OPEN_KEYS & PERSONAL


@pytest.mark.parametrize(
    "topic", ["wall", "area:00070", "petition:12", "case:1", "unit:x", "desk:intake"]
)
def test_topics(topic: str) -> None:
    assert rules.is_topic(topic)


@pytest.mark.parametrize("topic", ["", "wall:1", "desk:x", "area:", "everything", "user:1", "area"])
def test_what_is_no_topic(topic: str) -> None:
    assert not rules.is_topic(topic)


def test_a_grant_is_read_back_within_its_minute() -> None:
    grant = rules.new_grant(["wall", "case:1"], "s1", 1000)

    assert rules.read_grant(rules.signed(grant, KEY), KEY, 1059.9) == grant


def test_after_a_minute_a_grant_is_worth_nothing() -> None:
    token = rules.signed(rules.new_grant(["wall"], "", 1000), KEY)

    with pytest.raises(GrantRefused, match="expired"):
        rules.read_grant(token, KEY, 1060)


@given(st.data())
def test_a_changed_grant_is_refused(data: st.DataObject) -> None:
    token = rules.signed(rules.new_grant(["petition:1234567890"], "s", 1000), KEY)
    place = data.draw(st.integers(0, len(token) - 1))
    sign = data.draw(st.sampled_from("ABCabc019-_.=%"))
    changed = token[:place] + sign + token[place + 1 :]

    try:
        read = rules.read_grant(changed, KEY, 1001)
    except GrantRefused:
        return
    # Base64's last sign has unused bits: another spelling of the very same grant.
    assert read == rules.read_grant(token, KEY, 1001)


@pytest.mark.parametrize("token", ["", "x", "a.b", "a.b.c", "é.é", "....", "%00.%00"])
def test_rubbish_is_refused(token: str) -> None:
    with pytest.raises(GrantRefused):
        rules.read_grant(token, KEY, 1001)


def test_another_servers_grant_is_refused() -> None:
    token = rules.signed(rules.new_grant(["wall"], "", 1000), rules.grant_key("other"))

    with pytest.raises(GrantRefused, match="signed"):
        rules.read_grant(token, KEY, 1001)
