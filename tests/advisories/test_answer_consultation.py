"""A ward asks; a device answers once."""

from datetime import timedelta
from typing import Any

import pytest

from tests.town import CAST, MONDAY, TOWN_SQUARE
from thudo.accounts.rules import RESIDENT
from thudo.advisories.actions import (
    ConsultationClosed,
    answer_consultation,
    close_consultation,
    publish_consultation,
    withdraw_consultation,
)
from thudo.advisories.actions.consulting import Asked
from thudo.advisories.models import Consultation, Reply
from thudo.advisories.queries import comments_of, consultations_open, reply_of, results_of
from thudo.base.errors import Invalid, NotAllowed
from thudo.journal.queries import entries_about

DAY = timedelta(days=1)


def asked(**more: Any) -> Asked:
    given: dict[str, Any] = {
        "question": {"vi": "Chợ nên mở mấy giờ?", "en": "When should the market open?"},
        "choices": [{"vi": "5 giờ"}, {"vi": "6 giờ"}],
        "opens_at": MONDAY,
        "closes_at": MONDAY + 7 * DAY,
        "takes_comments": True,
    }
    return Asked(**{**given, **more})


@pytest.fixture
def question(small_town: None) -> Consultation:
    return publish_consultation(asked(), unit="ward-1", actor=CAST.handler, at=MONDAY)


def answer(row: Consultation, device: bytes, choice: str, comment: str = "") -> bool:
    return answer_consultation(
        row, choice=choice, device=device, comment=comment, actor=RESIDENT, at=MONDAY + DAY
    )


def test_the_people_of_the_ward_are_asked(question: Consultation) -> None:
    assert question.areas == ["w1"]
    assert consultations_open(point=TOWN_SQUARE, at=MONDAY) == [question]
    assert consultations_open(area="w2", at=MONDAY) == []
    assert consultations_open(area="w1", at=MONDAY + 7 * DAY) == []


def test_a_device_answers_once_and_may_think_again(question: Consultation) -> None:
    assert answer(question, b"1", "a")
    assert answer(question, b"2", "b", "Sớm quá thì ồn.")
    assert not answer(question, b"1", "b")
    assert not answer(question, b"1", "b")

    results = results_of(question)
    assert [(one.code, one.count) for one in results.choices] == [("a", 0), ("b", 2)]
    assert reply_of(question, b"1") == "b"
    assert comments_of(question) == [("b", "Sớm quá thì ồn.")]
    told = [
        (e.data["choice"], e.data["replaces"])
        for e in entries_about("consultation", str(question.pk))
        if e.action == "consultation.answered"
    ]
    assert sorted(told) == [("a", ""), ("b", ""), ("b", "a")]


def test_an_answer_tells_the_hour_and_no_more(question: Consultation) -> None:
    answer_consultation(
        question, choice="a", device=b"1", actor=RESIDENT, at=MONDAY + timedelta(minutes=17)
    )
    assert Reply.objects.get().hour == MONDAY


def test_what_is_not_open_takes_no_answer(question: Consultation) -> None:
    with pytest.raises(Invalid):
        answer(question, b"1", "z")
    close_consultation(question, actor=CAST.head, at=MONDAY + DAY / 2)
    with pytest.raises(ConsultationClosed):
        answer(question, b"1", "a")
    with pytest.raises(ConsultationClosed):
        withdraw_consultation(question, actor=CAST.head, at=MONDAY + DAY)


def test_what_was_asked_wrongly_is_shown_no_more(question: Consultation) -> None:
    withdraw_consultation(question, actor=CAST.head, at=MONDAY)

    assert consultations_open(area="w1", at=MONDAY) == []


@pytest.mark.parametrize("actor", [RESIDENT, CAST.other_handler, CAST.intake])
def test_nobody_asks_for_a_ward_that_is_not_his(small_town: None, actor: Any) -> None:
    with pytest.raises(NotAllowed):
        publish_consultation(asked(), unit="ward-1", actor=actor, at=MONDAY)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"question": {}}, "question"),
        ({"choices": [{"vi": "Có"}]}, "choices"),
        ({"choices": [{"vi": "Có"}, {"vi": " Có "}]}, "choices"),
        ({"choices": [{"vi": str(n)} for n in range(7)]}, "choices"),
        ({"areas": ("nowhere",)}, "areas"),
        ({"closes_at": MONDAY}, "closes_on"),
        ({"closes_at": MONDAY + 400 * DAY}, "closes_on"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    small_town: None, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        publish_consultation(asked(**wrong), unit="ward-1", actor=CAST.handler, at=MONDAY)
    assert list(refused.value.fields) == [field]
