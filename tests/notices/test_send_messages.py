"""From the journal to the screen of a phone: decided once, sent at least once, by a good gateway
and a bad one."""

from datetime import timedelta

import pytest

from tests.notices.conftest import HOUR, MINUTE, decide, follow, send, told
from tests.petitions.conftest import file_hole, sender_of
from tests.town import CAST, HARBOUR, MONDAY, TOWN_SQUARE, Cast
from thudo.cases import actions as cases
from thudo.cases.actions import Claim
from thudo.cases.models import Case
from thudo.connectors.dummy import Manner
from thudo.connectors.web_push_dummy import PushDummy
from thudo.journal import actions as journal
from thudo.notices import actions
from thudo.notices.models import Follow, Gateway, Message, Notice, Recipient
from thudo.notices.rules import topics
from thudo.notices.rules.timing import KEPT, LEASE, LIFE
from thudo.petitions import actions as petitions
from thudo.petitions.models import Petition

DONE = "The pavement before the school was laid again on Monday."


def of(petition: Petition) -> str:
    return f"petition:{petition.number}"


def case_of(petition: Petition) -> Case:
    return Case.objects.get(links__petition=petition)


def accept(petition: Petition) -> Case:
    case = case_of(petition)
    cases.accept_case(case, actor=CAST.handler, at=MONDAY + HOUR)
    return case


def finish(case: Case) -> None:
    claim = Claim("resolved", DONE, proof=("photo",))
    cases.answer_case(case, claim, draw=0.5, actor=CAST.handler, at=MONDAY + 2 * HOUR)
    petitions.approve_result(case, actor=CAST.checker, at=MONDAY + 3 * HOUR)


def test_each_step_reaches_the_phone_in_its_readers_language(
    small_town: Cast, gateway: PushDummy
) -> None:
    petition, _ = file_hole()
    follow(gateway.subscribe("an"), of(petition))
    follow(gateway.subscribe("binh"), of(petition), language="vi")

    case = accept(petition)
    decide()
    assert send(MONDAY + HOUR) == 2
    cases.note_progress(case, text="Half is laid.", actor=CAST.handler, at=MONDAY + HOUR)
    cases.ask_petitioner(case, text="Which side?", actor=CAST.handler, at=MONDAY + HOUR)
    decide()
    assert send(MONDAY + 2 * HOUR) == 2

    assert told(gateway, "an") == [
        "ward-1 has taken it in. Result promised before 10:00 Monday 9 Mar.",
        "ward-1 has reported progress. ward-1 asks for more information.",
    ]
    assert told(gateway, "binh")[0].startswith("ward-1 đã tiếp nhận. Hẹn trả lời kết quả trước ")
    first = gateway.received[0]
    assert first.words["url"] == f"/petitions/{petition.number}"
    assert first.words["tag"] == of(petition)
    pressing = [one.headers["urgency"] for one in gateway.received if one.browser == "an"]
    assert pressing == ["normal", "high"]


def test_a_result_is_told_when_it_is_published_and_not_while_it_is_checked(
    small_town: Cast, gateway: PushDummy
) -> None:
    petition, _ = file_hole()
    case = accept(petition)
    decide()
    follow(gateway.subscribe("an"), of(petition))
    finish(case)
    petitions.judge_petition(
        petition, case_of(petition), value="not_satisfied", actor=sender_of(petition),
        at=MONDAY + 4 * HOUR,
    )  # fmt: skip
    decide()
    send(MONDAY + 4 * HOUR)

    assert " ".join(told(gateway)) == (
        "It is done. Please see the result and say if you are satisfied. "
        "council looks at the result again."
    )


def test_what_came_before_one_followed_is_no_news(small_town: Cast, gateway: PushDummy) -> None:
    petition, _ = file_hole()
    accept(petition)
    decide()
    follow(gateway.subscribe("an"), of(petition))
    decide()

    assert send(MONDAY + HOUR) == 0


def test_a_private_petition_says_only_that_there_is_an_update(
    small_town: Cast, gateway: PushDummy
) -> None:
    petition, _ = file_hole(is_public=False)
    follow(gateway.subscribe("an"), of(petition))
    accept(petition)
    decide()
    send(MONDAY + HOUR)

    assert told(gateway) == ["There is an update."]


def test_one_recipient_hears_one_thing_once_from_its_nearest_topic(
    small_town: Cast, gateway: PushDummy
) -> None:
    petition, _ = file_hole()
    an = gateway.subscribe("an")
    for topic in ("area:w1", topics.near(*TOWN_SQUARE), of(petition)):
        follow(an, topic)
    finish(accept(petition))
    decide()
    decide()

    found = Notice.objects.filter(kind="answered")
    assert [notice.follow.topic for notice in found] == [of(petition)]


def test_the_same_entries_brought_again_decide_nothing_twice(
    small_town: Cast, gateway: PushDummy
) -> None:
    petition, _ = file_hole()
    follow(gateway.subscribe("an"), of(petition))
    accept(petition)
    decide()
    journal.place_follower("notices.notices", 0)
    decide()

    assert Notice.objects.count() == 1


def test_a_place_hears_of_what_is_new_and_answered_there_together(
    small_town: Cast, gateway: PushDummy
) -> None:
    follow(gateway.subscribe("an"), "area:w1")
    follow(gateway.subscribe("binh"), topics.near(*TOWN_SQUARE))
    follow(gateway.subscribe("chi"), topics.near(*HARBOUR))
    here, _ = file_hole()
    file_hole(text="Another hole before the school, a deep one.")
    file_hole(is_public=False, text="A hole that only the city is to know of.")
    file_hole(is_home=True, text="The pavement before my own house is broken.")
    finish(accept(here))
    decide()

    assert send(MONDAY + 3 * HOUR) == 2, "the quarter of an hour of the result is not over yet"
    assert send(MONDAY + 3 * HOUR + 15 * MINUTE) == 2
    assert told(gateway, "an") == ["3 new reports.", "A result was published: road_damage."]
    assert told(gateway, "binh")[0] == "2 new reports."
    assert told(gateway, "chi") == []
    assert {one.words["url"] for one in gateway.received} == {"/places/mine"}


def test_what_was_hidden_meanwhile_is_told_to_nobody(small_town: Cast, gateway: PushDummy) -> None:
    follow(gateway.subscribe("an"), "area:w1")
    petition, _ = file_hole()
    decide()
    petitions.hide_petition(petition, text="names people", actor=CAST.intake, at=MONDAY)

    send(MONDAY + HOUR)

    assert gateway.received == []
    assert [message.state for message in Message.objects.all()] == ["void"]


def waiting(gateway: PushDummy, browser: str = "an") -> Follow:
    """Somebody who follows a petition that was just taken in, and has not heard of it."""
    petition, _ = file_hole()
    row = follow(gateway.subscribe(browser), of(petition))
    accept(petition)
    decide()
    return row


def test_a_browser_that_is_gone_is_forgotten(small_town: Cast, gateway: PushDummy) -> None:
    waiting(gateway)
    gateway.gone.add("an")

    send(MONDAY + HOUR)

    assert not Recipient.objects.exists()
    assert not Notice.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize("manner", [Manner.REFUSE, Manner.LOSE_REPLY])
def test_a_failing_gateway_is_tried_again_later_with_the_same_key(
    small_town: Cast, gateway: PushDummy, manner: Manner
) -> None:
    waiting(gateway)
    at = MONDAY + HOUR
    gateway.manners.next(manner, manner)

    assert send(at) == 1
    assert send(at + timedelta(seconds=29)) == 0
    assert send(at + timedelta(seconds=30)) == 1
    assert send(at + timedelta(seconds=89)) == 0
    assert send(at + timedelta(seconds=90)) == 1

    assert Message.objects.get().state == "sent"
    assert len({one.words["id"] for one in gateway.received}) == 1
    assert not Gateway.objects.exists()


def test_one_gateway_that_fails_holds_up_no_other_and_is_tried_with_one_message(
    small_town: Cast, gateway: PushDummy
) -> None:
    petition, _ = file_hole()
    for browser in ("an", "binh", "chi"):
        follow(gateway.subscribe(browser, host="bad.example"), of(petition))
    case = accept(petition)
    decide()
    gateway.manners.next(Manner.REFUSE, Manner.REFUSE, Manner.REFUSE)
    send(MONDAY + HOUR)
    assert gateway.received == []

    follow(gateway.subscribe("dung", host="good.example"), of(petition))
    cases.note_progress(case, text="Half is laid.", actor=CAST.handler, at=MONDAY + HOUR)
    decide()
    send(MONDAY + HOUR + timedelta(seconds=1))
    assert [one.browser for one in gateway.received] == ["dung"]

    gateway.manners.next(Manner.REFUSE)
    asked = len(gateway.asked)
    send(MONDAY + HOUR + 2 * MINUTE)
    assert len(gateway.asked) == asked + 1, "after its rest one message tells enough"

    for minute in range(3, 10):
        send(MONDAY + HOUR + minute * MINUTE)
    assert all(len(told(gateway, browser)) == 2 for browser in ("an", "binh", "chi"))


def test_what_could_not_be_sent_for_days_is_no_news(small_town: Cast, gateway: PushDummy) -> None:
    waiting(gateway)
    gateway.manners.next(Manner.REFUSE)
    send(MONDAY + HOUR)

    send(MONDAY + HOUR + LIFE + MINUTE)

    assert gateway.received == []
    assert Message.objects.get().state == "expired"
    actions.forget_old(at=MONDAY + HOUR + KEPT + MINUTE)
    assert not Notice.objects.exists()


def test_what_a_worker_took_and_never_settled_is_sent_when_its_lease_is_over(
    small_town: Cast, gateway: PushDummy
) -> None:
    waiting(gateway)
    actions.compose_messages(at=MONDAY + HOUR)
    message = Message.objects.get()
    Message.objects.update(due_at=MONDAY + HOUR + LEASE, attempts=1)

    assert send(MONDAY + HOUR + LEASE - MINUTE) == 0
    assert send(MONDAY + HOUR + LEASE) == 1
    assert gateway.received[0].words["id"] == str(message.pk)


def test_without_anybody_who_follows_the_journal_passes_at_one_question(
    small_town: Cast, django_assert_num_queries
) -> None:
    file_hole()
    entries = journal.queries.entries_after(0)
    with django_assert_num_queries(1):
        actions.decide_notices(entries)
