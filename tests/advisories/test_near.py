"""What is announced for a place and a time."""

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.advisories.conftest import HOUR, Publish
from tests.town import CAST, HARBOUR, MONDAY, TOWN_SQUARE
from thudo.advisories.actions import add_voice, end_advisory, publish_advisory
from thudo.advisories.queries import near, running
from thudo.base.errors import NotAllowed
from thudo.journal.queries import entries_about

AROUND_SQUARE = {"type": "Point", "coordinates": list(TOWN_SQUARE)}


def hows(**asked: object) -> list[tuple[str, str]]:
    found = near(at=MONDAY, **asked)  # type: ignore[arg-type]
    return [(one.advisory.title["en"], one.how) for one in found]


def test_a_ward_a_street_and_a_spot(publish: Publish) -> None:
    publish(title={"en": "ward"})
    publish(title={"en": "street"}, streets=("Phố Lò Rèn",))
    publish(title={"en": "spot"}, geometry=AROUND_SQUARE, radius=300)
    publish(title={"en": "city"}, areas=("town",))
    publish(title={"en": "other ward"}, areas=("w2",))

    assert hows(point=TOWN_SQUARE) == [
        ("ward", "here"), ("spot", "here"), ("city", "here"), ("street", "near"),
    ]  # fmt: skip
    assert hows(area="w1", street="truoc so 5 pho lo ren") == [
        ("ward", "here"), ("city", "here"), ("street", "street"), ("spot", "near"),
    ]  # fmt: skip
    far = (TOWN_SQUARE[0] + 0.02, TOWN_SQUARE[1])
    assert ("spot", "elsewhere") in hows(point=far)
    assert hows(area="w2") == [("city", "here"), ("other ward", "here")]


def test_outside_the_city_nothing_is_announced(publish: Publish) -> None:
    publish(areas=("town",))

    assert hows(point=(1.0, 1.0)) == []
    assert len(hows()) == 1


def test_only_what_answers_the_service(publish: Publish) -> None:
    publish(title={"en": "noise"})
    publish(title={"en": "flood"}, kind="incident", about="drainage", services=("flooding",))
    publish(title={"en": "storm"}, kind="warning", about="weather", services=())

    assert {title for title, _ in hows(area="w1", service="flooding")} == {"flood", "storm"}


def test_what_runs_stands_before_what_is_planned(publish: Publish) -> None:
    publish(title={"en": "later"}, begins_at=MONDAY + HOUR)
    publish(title={"en": "now"}, begins_at=MONDAY - HOUR)
    publish(title={"en": "next month"}, begins_at=MONDAY + 700 * HOUR, ends_at=MONDAY + 701 * HOUR)

    assert [title for title, _ in hows(area="w1")] == ["now", "later"]


def test_what_is_over_or_an_exercise_is_not_told(publish: Publish) -> None:
    end_advisory(publish(), actor=CAST.handler, at=MONDAY)
    publish(begins_at=MONDAY - 3 * HOUR, ends_at=MONDAY)
    from tests.advisories.conftest import content

    publish_advisory(content(), unit="ward-1", purpose="exercise", actor=CAST.handler, at=MONDAY)

    assert hows(area="w1") == []


def test_one_query_whatever_stands_there(
    publish: Publish, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        publish(geometry=AROUND_SQUARE, radius=300, streets=("A", "B"))
    near(area="w1", at=MONDAY)

    with django_assert_num_queries(1):
        near(point=HARBOUR, street="A", at=MONDAY)


def test_the_clerk_hears_incidents_first_and_a_sentence_to_say(publish: Publish) -> None:
    publish(title={"en": "Works"}, begins_at=MONDAY - HOUR)
    publish(
        title={"en": "Flood"}, kind="incident", begins_at=MONDAY - HOUR, ends_at=None,
        streets=("Lò Rèn",), instruction={"en": "Please go around."},
    )  # fmt: skip

    first, second = running(MONDAY)

    assert first.advisory.title["en"] == "Flood"
    assert second.state == "running"
    for piece in ("Flood", "Lò Rèn", "Please go around.", "Power company"):
        assert piece in first.sentence


def test_a_caller_counts_once(publish: Publish) -> None:
    row = publish()

    counts = [
        add_voice(row, caller_hash=caller, actor=CAST.intake, at=MONDAY)
        for caller in (b"one", b"two", b"one")
    ]

    assert counts == [1, 2, 2]
    told = [e for e in entries_about("advisory", str(row.pk)) if e.action == "advisory.voice_added"]
    assert [entry.data["voices"] for entry in told] == [1, 2]
    with pytest.raises(NotAllowed):
        add_voice(row, caller_hash=b"x", actor=CAST.handler, at=MONDAY)
