"""What wards announce and ask reaches those who follow a place there, and nobody else."""

from dataclasses import replace

from tests.advisories.conftest import content
from tests.notices.conftest import HOUR, MINUTE, decide, follow, send, told
from tests.town import CAST, HARBOUR, MONDAY, TOWN_SQUARE, Cast
from thudo.advisories.actions import (
    amend_advisory,
    publish_advisory,
    publish_consultation,
    withdraw_advisory,
)
from thudo.advisories.actions.consulting import Asked
from thudo.connectors.web_push_dummy import PushDummy
from thudo.notices.models import Message
from thudo.notices.rules import topics
from thudo.notices.rules.timing import LIFE

SLOT = MONDAY + 15 * MINUTE
POWER = "Planned cut: Power cut for repairs, 10:00–14:00 Monday 2 Mar."


def announce(**more: object):
    purpose = str(more.pop("purpose", "actual"))
    return publish_advisory(
        content(**more), unit="ward-1", purpose=purpose, actor=CAST.handler, at=MONDAY
    )


def everybody(gateway: PushDummy) -> None:
    """Two who live at the square, by ward and by street, and one at the harbour."""
    follow(gateway.subscribe("ward"), "area:w1")
    follow(gateway.subscribe("street"), topics.near(*TOWN_SQUARE))
    follow(gateway.subscribe("harbour"), topics.near(*HARBOUR))


def heard(gateway: PushDummy) -> dict[str, list[str]]:
    return {name: told(gateway, name) for name in ("ward", "street", "harbour")}


def test_a_planned_cut_is_told_to_its_ward(small_town: Cast, gateway: PushDummy) -> None:
    everybody(gateway)
    announce()
    announce(purpose="exercise", title={"vi": "Diễn tập", "en": "An exercise"})
    decide()
    send(SLOT)

    assert heard(gateway) == {"ward": [POWER], "street": [POWER], "harbour": []}


def test_a_closed_street_is_told_to_who_lives_near_it(small_town: Cast, gateway: PushDummy) -> None:
    everybody(gateway)
    far = {"type": "Point", "coordinates": [TOWN_SQUARE[0] + 0.03, TOWN_SQUARE[1]]}
    announce(geometry=far, radius=50)
    decide()
    send(SLOT)

    assert heard(gateway) == {"ward": [POWER], "street": [], "harbour": []}


def test_a_grave_warning_for_the_city_is_told_to_all_at_once(
    small_town: Cast, gateway: PushDummy
) -> None:
    everybody(gateway)
    words = {"vi": "Lũ lên nhanh", "en": "The river rises fast"}
    warning = content(kind="warning", about="weather", severity="severe", title=words)
    publish_advisory(
        replace(warning, areas=("town",)), unit="council", actor=CAST.leader, at=MONDAY
    )
    decide()
    send(MONDAY)

    assert {len(some) for some in heard(gateway).values()} == {1}
    assert {one.headers["urgency"] for one in gateway.received} == {"high"}


def test_another_time_and_a_withdrawal_are_news_mended_words_are_not(
    small_town: Cast, gateway: PushDummy
) -> None:
    everybody(gateway)
    row = announce()
    decide()
    send(SLOT)
    given = content()
    amend_advisory(row, replace(given, text={"en": "Two lanes."}), actor=CAST.handler, at=MONDAY)
    decide()
    assert send(SLOT + HOUR) == 0

    later = replace(given, begins_at=MONDAY + 2 * HOUR)
    amend_advisory(row, later, actor=CAST.handler, at=MONDAY)
    decide()
    send(SLOT)
    withdraw_advisory(row, note="Put off.", actor=CAST.handler, at=MONDAY + HOUR)
    decide()
    send(SLOT + HOUR)

    assert told(gateway, "ward")[1] == POWER.replace("10:00–", "11:00–")
    assert "taken back at 10:00" in told(gateway, "ward")[2]


def test_what_a_ward_asks_is_told_to_its_people(small_town: Cast, gateway: PushDummy) -> None:
    everybody(gateway)
    yes, no = {"vi": "Có", "en": "Yes"}, {"vi": "Không", "en": "No"}
    question = {"vi": "Có nên cấm đỗ xe?", "en": "No parking at the market?"}
    asked = Asked(question, (yes, no), MONDAY, MONDAY + 24 * HOUR)
    publish_consultation(asked, unit="ward-1", actor=CAST.head, at=MONDAY)
    decide()
    send(SLOT)

    sentence = ["The ward asks: No parking at the market?"]
    assert heard(gateway) == {"ward": sentence, "street": sentence, "harbour": []}


def test_a_warning_made_graver_or_wider_is_told_and_stays_pressing(
    small_town: Cast, gateway: PushDummy
) -> None:
    everybody(gateway)
    mild = content(kind="warning", about="weather", severity="minor")
    row = publish_advisory(mild, unit="ward-1", actor=CAST.handler, at=MONDAY)
    decide()
    send(SLOT)
    grave = replace(mild, severity="extreme")
    amend_advisory(row, grave, actor=CAST.handler, at=MONDAY + HOUR)
    decide()
    assert send(MONDAY + HOUR) == 2
    amend_advisory(
        row, replace(grave, begins_at=MONDAY + 3 * HOUR), actor=CAST.handler, at=MONDAY + 2 * HOUR
    )
    decide()
    assert send(MONDAY + 2 * HOUR) == 2
    wider = replace(mild, begins_at=MONDAY + 3 * HOUR, areas=("w1", "w2"))
    amend_advisory(row, wider, actor=CAST.handler, at=MONDAY + 3 * HOUR)
    decide()
    assert send(MONDAY + 4 * HOUR) == 3


def test_after_a_long_standstill_what_is_no_news_any_more_is_not_sent(
    small_town: Cast, gateway: PushDummy
) -> None:
    everybody(gateway)
    announce()
    decide()

    assert send(MONDAY + LIFE + HOUR) == 0
    assert {one.state for one in Message.objects.all()} == {"expired"}
