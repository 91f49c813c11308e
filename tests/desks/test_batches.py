"""Many at once: each case by itself, and what was refused says why."""

from datetime import datetime
from typing import Any

import pytest

from tests.cases.conftest import open_one
from tests.desks.conftest import SignIn
from tests.desks.pages import text_of
from tests.town import CAST
from thudo.cases import actions
from thudo.cases.models import Case
from thudo.journal.models import Entry

DONE = "The whole street was inspected and made safe."


@pytest.fixture
def three(opened: Case, morning: datetime) -> list[Case]:
    """Two that were taken in, and one that was not."""
    cases = [opened, open_one(number="5720000002"), open_one(number="5720000003")]
    for case in cases[:2]:
        actions.accept_case(case, actor=CAST.handler, at=morning)
    return cases


def send(client: Any, cases: list[Case], act: str, **typed: Any) -> Any:
    chosen = [f"{case.pk}:{case.version}" for case in cases]
    return client.post("/cases/batches", {"act": act, "cases": chosen, **typed})


def test_the_page_shows_what_was_ticked(three: list[Case], signed_in: SignIn) -> None:
    chosen = "&".join(f"cases={case.pk}" for case in three)

    page = signed_in("an").get(f"/cases/batches/new?act=notes&{chosen}")

    assert "3 cases at once: Progress" in text_of(page)


def test_one_note_for_all_and_the_refused_one_says_why(
    three: list[Case], signed_in: SignIn
) -> None:
    answer = send(signed_in("an"), three, "notes", text="Crew ordered.")

    page = text_of(answer)
    assert "2 of 3 done" in page
    assert "This cannot be done now: the case is “Waiting for intake”." in page
    assert Entry.objects.filter(action="case.progress_noted").count() == 2


def test_a_case_that_somebody_moved_meanwhile_is_left_out(
    three: list[Case], signed_in: SignIn, morning: datetime
) -> None:
    before = Case.objects.get(pk=three[0].pk)
    actions.begin_case(three[0], actor=CAST.handler, at=morning)

    page = text_of(send(signed_in("an"), [before, three[1]], "notes", text="Crew ordered."))

    assert "1 of 2 done" in page
    assert "Somebody else has just updated this case." in page


@pytest.mark.parametrize(
    ("act", "typed", "action"),
    [
        ("transfers", {"unit": "ward-2", "ground": "place", "text": "There."}, "case.transferred"),
        ("extensions", {"due_on": "2026-03-20", "text": "Rain."}, "case.deadline_extended"),
        ("assignments", {"post": "ward-1/duty"}, "case.assigned"),
        (
            "answers",
            {"outcome": "answered", "text": DONE, "remaining": "x", "next_step": "y",
             "next_on": "2026-03-20"},
            "case.answered",
        ),
    ],
)  # fmt: skip
def test_hand_over_extension_and_answer_for_all(
    three: list[Case], signed_in: SignIn, act: str, typed: dict[str, Any], action: str
) -> None:
    answer = send(signed_in("binh"), three[:2], act, **typed)

    assert "2 of 2 done" in text_of(answer)
    assert Entry.objects.filter(action=action).count() == 2


def test_nobody_reaches_another_ward_s_cases_by_their_ids(
    three: list[Case], signed_in: SignIn
) -> None:
    page = text_of(send(signed_in("chi"), three, "notes", text="Mine now."))

    assert "0 of 0 done" in page
    assert not Entry.objects.filter(action="case.progress_noted").exists()


def test_what_is_missing_comes_back_with_the_list(three: list[Case], signed_in: SignIn) -> None:
    answer = send(signed_in("an"), three, "notes", text="")

    assert answer.status_code == 422
    assert answer.content.decode().count('name="cases"') == 3


@pytest.mark.parametrize("chosen", [[], ["nonsense"]])
def test_an_empty_or_broken_choice_is_refused_with_a_sentence(
    small_town: object, signed_in: SignIn, chosen: list[str]
) -> None:
    answer = signed_in("an").post("/cases/batches", {"act": "notes", "cases": chosen})

    assert answer.status_code == 422
