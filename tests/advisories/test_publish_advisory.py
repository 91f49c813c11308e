"""Publishing, amending, ending, taking back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.advisories.conftest import HOUR, Publish, content
from tests.town import CAST, HARBOUR, MONDAY, TOWN_SQUARE
from thudo.accounts.rules import RESIDENT, Actor
from thudo.advisories.actions import (
    AdvisoryChanged,
    AdvisoryOver,
    amend_advisory,
    end_advisory,
    keep_advisory,
    publish_advisory,
    withdraw_advisory,
)
from thudo.advisories.models import Advisory
from thudo.advisories.queries import revisions_of
from thudo.base.errors import Invalid, NotAllowed
from thudo.journal.queries import entries_about

LATER = MONDAY + 2 * HOUR
KEY = Actor("key:7", scopes=frozenset({"advisories:write"}), units=frozenset({"drainage"}))


def entries(row: Advisory) -> list[Any]:
    return entries_about("advisory", str(row.pk))


def test_it_is_published_and_journalled_without_its_words(publish: Publish) -> None:
    row = publish()

    (entry,) = entries(row)
    assert entry.action == "advisory.published"
    assert entry.actor == "user:an"
    assert entry.data["unit"] == "ward-1"
    assert entry.data["areas"] == ["w1"]
    assert "Cắt điện" not in str(entry.data)
    assert row.state(MONDAY) == "planned"
    assert row.state(LATER) == "running"


@pytest.mark.parametrize("actor", [RESIDENT, CAST.other_handler, CAST.checker])
def test_nobody_announces_for_a_unit_that_is_not_his(publish: Publish, actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        publish(actor=actor)


def test_a_key_announces_for_its_own_unit_alone(publish: Publish) -> None:
    assert publish(unit="drainage", actor=KEY).unit == "drainage"
    with pytest.raises(NotAllowed):
        publish(unit="ward-1", actor=KEY)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": {"vi": "  "}}, "title"),
        ({"title": {"vi": "x" * 161}}, "title"),
        ({"source_name": ""}, "source_name"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
        ({"source_url": "https://[bad"}, "source_url"),
        ({"kind": "party"}, "kind"),
        ({"services": ("nothing",)}, "services"),
        ({"areas": ("nowhere",)}, "areas"),
        ({"areas": ()}, "areas"),
        ({"ends_at": MONDAY}, "ends_at"),
        ({"ends_at": MONDAY + timedelta(days=2000)}, "ends_at"),
        ({"geometry": {"type": "Blob"}}, "geometry"),
        ({"geometry": {"type": "Point", "coordinates": ["a", 1]}, "radius": 50}, "geometry"),
        ({"geometry": {"type": "Point", "coordinates": [105.05, 21.05]}}, "geometry"),
        ({"geometry": {"type": "Point", "coordinates": [105.05, 21.05]}, "radius": 1}, "geometry"),
        ({"geometry": {"type": "Point", "coordinates": [1, 1]}, "radius": 50, "areas": ()}, "geometry"),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_said_beside_its_field(
    publish: Publish, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        publish(**wrong)
    assert list(refused.value.fields) == [field]


def test_the_wards_are_those_that_its_ground_touches(publish: Publish) -> None:
    middle = [(TOWN_SQUARE[0] + HARBOUR[0]) / 2, TOWN_SQUARE[1]]
    point = {"type": "Point", "coordinates": middle}

    assert publish(areas=(), geometry=point, radius=500).areas == ["w1", "w2"]


def test_amending_keeps_what_it_said_before(publish: Publish) -> None:
    row = publish()

    ends_at = MONDAY + 8 * HOUR
    amended = amend_advisory(
        row, content(ends_at=ends_at), note="Trạm hỏng nặng hơn.", actor=CAST.head, at=LATER
    )

    newest, first = revisions_of(amended)
    assert (newest.version, first.version) == (2, 1)
    assert list(newest.changed) == ["ends_at"]
    assert newest.note == "Trạm hỏng nặng hơn."
    assert entries(row)[-1].data["ends_at"] == "2026-03-02T10:00:00.000000Z"
    assert amended.state(MONDAY + 6 * HOUR) == "running"


def test_amending_nothing_writes_nothing(publish: Publish) -> None:
    row = publish()

    same = amend_advisory(row, content(), actor=CAST.handler, at=LATER)

    assert same.version == 1
    assert len(entries(row)) == 1


def test_an_old_page_does_not_overwrite_a_newer_version(publish: Publish) -> None:
    row = publish()
    amend_advisory(row, content(about="water"), seen=1, actor=CAST.handler, at=LATER)

    with pytest.raises(AdvisoryChanged):
        amend_advisory(row, content(about="road"), seen=1, actor=CAST.head, at=LATER)


def test_it_ends_and_then_nothing_more_is_said_of_it(publish: Publish) -> None:
    row = publish()

    ended = end_advisory(row, note="Đã có điện.", actor=CAST.handler, at=LATER)

    assert ended.state(LATER) == "ended"
    assert entries(row)[-1].action == "advisory.ended"
    with pytest.raises(AdvisoryOver):
        withdraw_advisory(row, note="x", actor=CAST.handler, at=LATER)
    with pytest.raises(AdvisoryOver):
        amend_advisory(row, content(), actor=CAST.handler, at=LATER)


def test_it_is_taken_back_with_a_reason(publish: Publish) -> None:
    row = publish()

    with pytest.raises(Invalid):
        withdraw_advisory(row, note=" ", actor=CAST.handler, at=LATER)
    with pytest.raises(NotAllowed):
        withdraw_advisory(row, note="Hoãn.", actor=CAST.other_handler, at=LATER)

    assert withdraw_advisory(row, note="Hoãn.", actor=CAST.handler, at=LATER).state(LATER) == (
        "withdrawn"
    )


def test_a_feed_that_repeats_itself_makes_one_advisory(small_town: None) -> None:
    once = content(areas=("w2",))
    deed = {"unit": "drainage", "external_id": "C-1", "actor": KEY}

    first = keep_advisory(once, at=MONDAY, **deed)
    again = keep_advisory(once, at=LATER, **deed)
    moved = keep_advisory(replace(once, ends_at=MONDAY + 9 * HOUR), at=LATER, **deed)

    assert first.pk == again.pk == moved.pk
    assert (again.version, moved.version) == (1, 2)


def test_an_exercise_is_marked(small_town: None) -> None:
    row = publish_advisory(
        content(), unit="ward-1", purpose="exercise", actor=CAST.handler, at=MONDAY
    )
    assert entries(row)[0].data["purpose"] == "exercise"
