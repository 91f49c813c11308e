"""What is shown of similar petitions while one types, and what never is."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.petitions.conftest import FLOOD, HOLE, file_hole
from tests.petitions.test_follow import DONE, HOUR, finish
from tests.town import CAST, HARBOUR, MONDAY, TOWN_SQUARE, Cast
from thudo.petitions import actions
from thudo.petitions.queries.similar import Lookalikes, similar_to
from thudo.petitions.rules import likeness, metres_between, title_of

TYPED = "via he cong truong bong gach, kho di qua"
METRE = 1 / 111_320
TODAY = MONDAY + timedelta(days=1)


def near(
    text: str = TYPED, service: str = "road_damage", at: datetime = TODAY, east: float = 0.0
) -> Lookalikes:
    longitude, latitude = TOWN_SQUARE
    return similar_to(text, service, [], longitude + east * METRE, latitude, at)


def test_an_open_petition_nearby_is_shown_with_its_distance(small_town: Cast) -> None:
    petition, _secret = file_hole()

    [one] = near(east=60).open
    assert (one.number, one.place, one.service) == (petition.number, "1 High Street", "road_damage")
    assert 50 <= one.metres <= 70
    assert one.title == HOLE
    assert (one.people, one.photo) == (1, "")


@pytest.mark.parametrize(
    "hidden",
    [
        {"is_public": False},
        {"is_home": True},
        {"longitude": HARBOUR[0], "latitude": HARBOUR[1]},
        {"text": FLOOD, "service": "flooding"},
    ],
    ids=["private", "home", "far", "another matter"],
)
def test_it_is_not_shown(small_town: Cast, hidden: dict[str, Any]) -> None:
    file_hole(**hidden)

    assert not near()


def test_a_hidden_petition_is_not_shown(small_town: Cast) -> None:
    petition, _secret = file_hole()
    actions.hide_petition(petition, text="Nội dung riêng tư.", actor=CAST.intake, at=MONDAY)

    assert not near()


def test_a_neighbouring_kind_is_shown_only_in_like_words(small_town: Cast) -> None:
    file_hole()

    assert near(text=HOLE, service="flooding").open
    assert not near(text="Đèn ở đây không sáng đã ba hôm nay rồi", service="flooding").open


def test_an_old_petition_is_not_shown(small_town: Cast) -> None:
    file_hole()

    assert not near(at=MONDAY + timedelta(days=46)).open


def test_what_was_done_lately_is_told_once_it_is_published(small_town: Cast) -> None:
    petition, _secret = file_hole()
    finish(petition)

    found = near()
    assert found.open == ()
    [one] = found.answered
    assert (one.done, one.ended_at, one.mark) == (DONE, MONDAY + 3 * HOUR, "done")
    assert near(at=MONDAY + timedelta(days=70)).answered == ()


def test_at_most_three_likest_first_and_each_case_once(small_town: Cast) -> None:
    filed = [file_hole()[0] for _ in range(5)]
    likest, _secret = file_hole(text=TYPED)
    first, second = (filed[0].links.get().case, filed[1].links.get().case)
    actions.merge_petition(first, second, actor=CAST.intake, at=MONDAY)

    found = near().open
    assert len(found) == 3
    assert found[0].number == likest.number


def test_followers_are_counted_on_the_card(small_town: Cast) -> None:
    petition, _secret = file_hole()
    actions.follow_petition(petition, actor=CAST.stranger, at=MONDAY)

    [one] = near().open
    assert (one.followers, one.people) == (1, 2)


def test_a_few_letters_look_for_nothing(small_town: Cast) -> None:
    file_hole()

    assert not near(text="via he")


def test_far_or_of_another_kind_needs_like_words() -> None:
    def shown(alike: float, metres: float, *, same: bool) -> bool:
        return likeness(alike=alike, metres=metres, reach=150, is_same_service=same) > 0

    assert shown(0.0, 70, same=True)
    assert not shown(0.05, 140, same=True)
    assert shown(0.15, 140, same=True)
    assert not shown(0.15, 10, same=False)
    assert shown(0.25, 100, same=False)
    assert not shown(1.0, 151, same=True)


def test_metres_are_right_to_a_metre() -> None:
    assert abs(metres_between((105.8, 21.0), (105.8, 21.001)) - 111.3) < 1


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "Kính gửi thành phố. nắp cống trước nhà 12 bị vỡ. Rất nguy hiểm.",
            "Nắp cống trước nhà 12 bị vỡ.",
        ),
        ("Ngập.", "Ngập."),
        ("Quán bánh cuốn. Vỉa hè bong gạch.", "Quán bánh cuốn."),
        ("a " * 80, "A " + ("a " * 43).strip() + "…"),
    ],
)
def test_a_title_is_the_sentence_that_told_the_kind(text: str, title: str) -> None:
    assert title_of(text, ["nap cong", "vo"]) == title
