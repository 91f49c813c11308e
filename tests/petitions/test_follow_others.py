"""Somebody who met the same matter follows a petition: counted, told, heard, free to stop."""

from datetime import timedelta

import pytest

from tests.petitions.conftest import file_hole, sender_of
from tests.petitions.test_follow import HOUR, case_of, finish
from tests.town import MONDAY, Cast
from thudo.accounts.rules import RESIDENT, Actor
from thudo.base.errors import Invalid, NotAllowed, NotFound, Refused
from thudo.cases import actions as cases
from thudo.cases import lifecycle
from thudo.cases.models import Case
from thudo.journal.queries import entries_about
from thudo.petitions import actions
from thudo.petitions.actions.following import AlreadyJudged
from thudo.petitions.models import Follower, FollowerVerdict, Petition
from thudo.petitions.queries.follow import follower_by, follower_words, following_of, voices_of
from thudo.petitions.rules import Contact


def follow(petition: Petition, browser: str = "", phone: str = "") -> tuple[Follower, Actor, str]:
    """A new follower, the actor that has shown his link, and its secret."""
    followed = actions.follow_petition(
        petition, contact=Contact(phone=phone), browser=browser, actor=RESIDENT, at=MONDAY
    )
    actor = Actor("resident", followed=frozenset({str(followed.follower.pk)}))
    return followed.follower, actor, followed.secret


def judge(follower: Follower, actor: Actor, value: str) -> FollowerVerdict:
    case = case_of(follower.petition)
    at = MONDAY + 4 * HOUR
    return actions.judge_followed(follower, case, value=value, text="Còn bụi.", actor=actor, at=at)


def told_of(petition: Petition) -> list[str]:
    return [entry.action for entry in entries_about("petition", str(petition.pk))]


def test_a_follower_gets_a_link_of_his_own_and_is_counted(small_town: Cast) -> None:
    petition, secret = file_hole()
    follower, _actor, own = follow(petition, phone="0900000001")

    assert len(own) == 22
    assert own != secret
    assert follower_by(petition.number, own) == follower
    assert follower_by(petition.number, secret) is None
    assert (voices_of(petition).followers, voices_of(petition).people) == (1, 2)
    assert told_of(petition)[-1] == "petition.followed"


def test_what_a_follower_left_is_sealed_and_not_in_the_journal(small_town: Cast) -> None:
    petition, _secret = file_hole()
    follower, _actor, own = follow(petition, phone="0900000001")

    follower.refresh_from_db()
    assert b"0900000001" not in bytes(follower.sealed or b"") + bytes(follower.secret)
    entry = entries_about("petition", str(petition.pk))[-1]
    assert "0900000001" not in str(entry.data)
    assert own not in str(entry.data)


def test_one_browser_is_counted_once(small_town: Cast) -> None:
    petition, _secret = file_hole()
    first, _actor, own = follow(petition, browser="b1")
    again, _actor, same = follow(petition, browser="b1")
    follow(petition, browser="b2")

    assert (first, own) == (again, same)
    assert voices_of(petition).followers == 2


def test_who_stops_is_no_longer_counted_and_what_he_left_is_erased(small_town: Cast) -> None:
    petition, _secret = file_hole()
    follower, actor, own = follow(petition, browser="b1", phone="0900000001")

    actions.unfollow_petition(follower, actor=actor, at=MONDAY + HOUR)

    assert voices_of(petition).followers == 0
    assert (follower.sealed, follower.browser) == (None, None)
    stopped = follower_by(petition.number, own)
    assert stopped is not None
    assert stopped.ended_at
    assert told_of(petition)[-1] == "petition.unfollowed"
    with pytest.raises(Refused):
        actions.unfollow_petition(follower, actor=actor, at=MONDAY + HOUR)
    follow(petition, browser="b1")
    assert voices_of(petition).followers == 1


def test_a_private_petition_cannot_be_followed_and_looks_like_none(small_town: Cast) -> None:
    private, _secret = file_hole(is_public=False)

    with pytest.raises(NotFound):
        follow(private)
    assert voices_of(private).people == 1


def test_the_sender_does_not_follow_himself(small_town: Cast) -> None:
    petition, _secret = file_hole()

    with pytest.raises(Refused):
        actions.follow_petition(petition, actor=sender_of(petition), at=MONDAY)


def test_what_has_ended_is_not_followed(small_town: Cast) -> None:
    petition, _secret = file_hole()
    finish(petition)

    with pytest.raises(Refused):
        follow(petition)


def test_a_follower_adds_a_sentence_that_only_those_who_handle_it_read(small_town: Cast) -> None:
    petition, _secret = file_hole()
    follower, actor, _own = follow(petition)

    actions.add_to_followed(follower, text="Chiều nay có người ngã.", actor=actor, at=MONDAY + HOUR)

    assert [word.text for word in follower_words([petition])] == ["Chiều nay có người ngã."]
    entry = entries_about("petition", str(petition.pk))[-1]
    assert entry.action == "petition.follower_added"
    assert "ngã" not in str(entry.data)
    assert entry.data["seal"]
    with pytest.raises(Invalid):
        actions.add_to_followed(follower, text="  ", actor=actor, at=MONDAY + HOUR)


@pytest.mark.parametrize("deed", ["add", "judge", "stop"])
def test_only_a_followers_own_link_lets_one_act(small_town: Cast, deed: str) -> None:
    petition, _secret = file_hole()
    follower, _actor, _own = follow(petition)
    _other, stranger, _own = follow(petition)
    for who in (stranger, sender_of(petition), small_town.handler):
        with pytest.raises(NotAllowed):
            if deed == "add":
                actions.add_to_followed(follower, text="Thêm.", actor=who, at=MONDAY)
            elif deed == "judge":
                judge(follower, who, "satisfied")
            else:
                actions.unfollow_petition(follower, actor=who, at=MONDAY)


def test_a_followers_verdict_is_counted_apart_and_given_once(small_town: Cast) -> None:
    petition, _secret = file_hole()
    follower, actor, _own = follow(petition)
    finish(petition)
    case = case_of(petition)

    assert following_of(follower, petition).judges == {str(case.pk)}
    judge(follower, actor, "satisfied")

    assert voices_of(petition).verdicts == {"satisfied": 1}
    assert petition.verdicts.count() == 0
    assert following_of(follower, petition).judges == frozenset()
    entry = entries_about("petition", str(petition.pk))[-1]
    assert (entry.action, entry.data["value"]) == ("petition.follower_judged", "satisfied")
    assert "bụi" not in str(entry.data)
    with pytest.raises(AlreadyJudged):
        judge(follower, actor, "acceptable")


def test_one_unsatisfied_follower_does_not_open_a_recheck_but_three_do(small_town: Cast) -> None:
    petition, _secret = file_hole()
    three = [follow(petition)[:2] for _ in range(3)]
    case = finish(petition)

    for follower, actor in three[:2]:
        judge(follower, actor, "not_satisfied")
    case.refresh_from_db()
    assert case.state == lifecycle.RESOLVED
    judge(*three[2], "not_satisfied")

    case.refresh_from_db()
    assert (case.state, case.unit) == (lifecycle.RECHECKING, "council")


def test_who_follows_after_the_result_does_not_judge_it(small_town: Cast) -> None:
    petition, _secret = file_hole()
    follower, actor, _own = follow(petition)
    Follower.objects.filter(pk=follower.pk).update(began_at=MONDAY + timedelta(days=1))
    finish(petition)
    follower.refresh_from_db()

    with pytest.raises(Refused):
        judge(follower, actor, "not_satisfied")
    assert following_of(follower, petition).judges == frozenset()


def test_a_merged_petition_keeps_its_followers_and_they_judge_where_it_goes_on(
    small_town: Cast,
) -> None:
    first, _secret = file_hole()
    second, _secret = file_hole(text="Vỉa hè cổng trường hỏng, trẻ em đi học hay ngã.")
    follower, actor, _own = follow(second)
    into = case_of(first)
    actions.merge_petition(case_of(second), into, actor=small_town.intake, at=MONDAY + HOUR)

    assert voices_of(first).people == 3
    assert voices_of(second).people == 3
    cases.accept_case(into, actor=small_town.handler, at=MONDAY + HOUR)
    into.refresh_from_db()
    claim = cases.Claim("resolved", "The pavement was laid again.", proof=("photo",))
    cases.answer_case(into, claim, draw=0.5, actor=small_town.handler, at=MONDAY + 2 * HOUR)
    cases.approve_answer(into, actor=small_town.checker, at=MONDAY + 3 * HOUR)
    assert following_of(follower, second).judges == {str(into.pk)}
    at = MONDAY + 4 * HOUR
    actions.judge_followed(follower, into, value="satisfied", actor=actor, at=at)
    assert Case.objects.get(pk=into.pk).state == lifecycle.RESOLVED


def test_private_petitions_of_a_shared_case_are_not_in_the_public_count(small_town: Cast) -> None:
    first, _secret = file_hole()
    private, _secret = file_hole(is_public=False)
    actions.merge_petition(
        case_of(private), case_of(first), actor=small_town.intake, at=MONDAY + HOUR
    )

    assert voices_of(first).people == 1
