"""The telephone desk: the caller, incidents, questions, petitions, call-backs, verdicts by phone."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F

from tests import town
from tests.desks.conftest import SignIn
from tests.desks.pages import text_of
from tests.packs.folders import HANOI
from thudo.accounts.rules import RESIDENT
from thudo.advisories.actions import publish_advisory
from thudo.advisories.models import Advisory, Voice
from thudo.advisories.rules import Content
from thudo.base.errors import NotAllowed
from thudo.cases import actions as work
from thudo.cases.actions import Claim
from thudo.cases.models import Case
from thudo.desks import actions
from thudo.desks.models import AnsweredQuestion, Callback, PhoneVerdict
from thudo.desks.queries import phone
from thudo.journal.models import Entry
from thudo.journal.queries import entries_about
from thudo.petitions.actions import approve_result, file_petition
from thudo.petitions.models import Petition, Verdict
from thudo.petitions.rules import Contact, Filing

PHONE, OTHER = "0912345678", "0987654321"
HOLE = "There is a hole in the road before the school."


@pytest.fixture(autouse=True)
def pack(settings: Any, tmp_path: Path) -> Iterator[None]:
    (tmp_path / "phone.toml").write_text(
        '[verdicts]\ncheck_share = 0.5\n'
        '[[questions]]\ncode = "hours"\nname = {vi = "Giờ", en = "Hours"}\n'
        'text = {vi = "Tám giờ", en = "From eight"}\n', "utf-8",
    )  # fmt: skip
    settings.PACK_DIR = tmp_path
    phone.phone_desk.cache_clear()
    yield
    phone.phone_desk.cache_clear()


def filed(at: datetime, number: str = "+84912345678", **more: Any) -> Petition:
    longitude, latitude = town.TOWN_SQUARE
    filing = Filing(
        text=HOLE, service="road_damage", longitude=longitude, latitude=latitude,
        place="1 Town square", contact=Contact("Bưởi", number), **more,
    )  # fmt: skip
    receipt = file_petition(filing, actor=RESIDENT, at=at)
    return Petition.objects.get(number=receipt.number)


def flood(at: datetime, street: str = "Khuong Dinh") -> Advisory:
    content = Content(
        kind="incident", about="drainage", title={"vi": "Ngập", "en": "Flood"},
        begins_at=at - timedelta(hours=1), source_name="Drainage", source_at=at, areas=("w1",),
        streets=(street,),
    )  # fmt: skip
    who = town.actor("dung", "head", "drainage")
    return publish_advisory(content, unit="drainage", actor=who, at=at)


def resolved(at: datetime) -> tuple[Petition, Case]:
    petition = filed(at)
    case = Case.objects.get(links__petition=petition)
    cast = town.CAST
    work.accept_case(case, actor=cast.handler, at=at)
    work.begin_case(case, actor=cast.handler, at=at)
    claim = Claim(
        "answered",
        "The hole was closed off for now.",
        remaining="Asphalt is missing.",
        next_step="Patch it.",
        next_at=at + timedelta(days=1),
    )
    work.answer_case(case, claim, draw=0.5, actor=cast.handler, at=at)
    approve_result(case, actor=cast.checker, at=at)
    case.refresh_from_db()
    return petition, case


def test_the_callers_number_brings_up_his_petitions_and_place_and_the_view_is_journalled(
    small_town: object, morning: datetime, signed_in: SignIn
) -> None:
    petition = filed(morning)
    filed(morning, OTHER)

    page = signed_in("giang").get("/phone/", {"caller": "091 234 5678"})

    told = text_of(page)
    number = petition.number
    assert f"{number[:2]} {number[2:4]}" in told
    assert "Same place: 1 Town square" in told
    other = Petition.objects.exclude(pk=petition.pk).get().number
    assert " ".join(other[i : i + 2] for i in range(0, 10, 2)) not in told
    entry = Entry.objects.get(action="caller.looked_up")
    data = json.loads(bytes(entry.body))["data"]
    assert data == {"petitions": [petition.number]}
    assert PHONE.encode() not in bytes(entry.body)
    assert "no-store" in page["Cache-Control"]


def test_running_incidents_stand_on_top_with_the_sentence_and_a_caller_counts_once(
    small_town: object, morning: datetime, signed_in: SignIn
) -> None:
    row = flood(morning)
    giang = signed_in("giang")
    assert "Flood" in text_of(giang.get("/phone/"))
    assert "Flood" in text_of(giang.get("/phone/", headers={"X-Fragment": "1"}))

    ask = {"incident": str(row.pk), "phone": PHONE}
    program = {"accept": "application/json"}
    said = giang.post("/phone/voices", ask, headers=program).json()["said"]
    giang.post("/phone/voices", ask | {"phone": "+84 912 345 678"}, headers=program)

    assert said == f"Counted: 1 callers so far. Read out: incident {row.pk}."
    assert Voice.objects.count() == 1
    back = giang.post("/phone/voices", ask)
    assert back["Location"] == f"/phone/?caller={PHONE}&done=voice-{row.pk}"
    without = giang.post("/phone/voices", {"incident": str(row.pk)}, headers=program)
    assert without.status_code == 422
    Advisory.objects.update(ended_at=F("begins_at"))
    assert giang.post("/phone/voices", ask, headers=program).status_code == 422


def test_a_question_is_answered_and_counted_without_a_petition(
    small_town: object, morning: datetime, signed_in: SignIn
) -> None:
    giang = signed_in("giang")
    assert "From eight" in text_of(giang.get("/phone/"))

    said = giang.post("/phone/answers", {"code": "hours"}, headers={"accept": "application/json"})

    assert said.json()["said"] == "Counted: 1 questions answered today."
    assert AnsweredQuestion.objects.get().code == "hours"
    assert [e.action for e in entries_about("question", "hours")] == ["question.answered"]
    assert not Petition.objects.exists()
    assert giang.post("/phone/answers", {"code": "none"}).status_code == 422


def test_a_dictated_petition_is_filed_once_and_read_out_in_pairs(
    small_town: object, morning: datetime, signed_in: SignIn
) -> None:
    giang = signed_in("giang")
    typed = {"text": HOLE, "phone": PHONE, "service": "road_damage", "place": "Town square",
             "lon": "105.05", "lat": "21.05", "is_private": "on", "idempotency_key": "one"}  # fmt: skip

    page = giang.post("/phone/petitions", typed)
    giang.post("/phone/petitions", typed)

    petition = Petition.objects.get()
    assert page.status_code == 201
    pairs = " ".join(petition.number[i : i + 2] for i in range(0, 10, 2))
    assert pairs in text_of(page)
    assert (petition.channel, petition.filed_by[:5], petition.is_public) == (
        "phone",
        "user:",
        False,
    )
    assert petition.petitioner.verification == "clerk"


def test_what_is_wrong_comes_back_with_all_that_was_typed(
    small_town: object, morning: datetime, signed_in: SignIn
) -> None:
    typed = {"text": "Short", "phone": PHONE, "name": "Bưởi", "place": "Town square"}

    page = signed_in("giang").post("/phone/petitions", typed)

    assert page.status_code == 422
    for value in typed.values():
        assert value in page.content.decode()
    wrong = signed_in("giang").post("/phone/petitions", typed | {"phone": "12"})
    assert "This is not a telephone number." in text_of(wrong)


def test_while_he_types_the_clerk_sees_what_runs_there_and_who_reported_it(
    small_town: object, morning: datetime, signed_in: SignIn
) -> None:
    row, petition = flood(morning), filed(morning, is_public=False)
    case = Case.objects.get(links__petition=petition)
    typed = {"text": "Flooded at Khuong Dinh", "lon": "105.05", "lat": "21.05",
             "service": "road_damage"}  # fmt: skip

    alike = signed_in("giang").post("/phone/suggestions", typed).json()["similar"]
    running = signed_in("giang").post("/phone/suggestions", typed | {"service": "flooding"}).json()

    assert f"/cases/{case.pk}" in [one["href"] for one in alike]
    assert f"#incident-{row.pk}" in [one["href"] for one in running["similar"]]


def test_a_call_back_is_taken_by_one_clerk_who_alone_sees_the_number(
    small_town: town.Cast, morning: datetime, signed_in: SignIn
) -> None:
    giang = signed_in("giang")
    ask = {"phone": PHONE, "reason": "Wants to know about the flood"}
    assert giang.post("/phone/callbacks", ask)["Location"] == "/phone/callbacks?done=asked"
    giang.post("/phone/callbacks", ask | {"phone": "+84912345678"})
    row = Callback.objects.get()
    page = giang.get("/phone/callbacks")
    assert "… 678" in text_of(page)
    assert PHONE not in page.content.decode()
    assert PHONE.encode() not in bytes(row.sealed)

    taken = text_of(giang.post(f"/phone/callbacks/{row.pk}/takings"))

    assert PHONE in taken
    assert "about the flood" in taken
    with pytest.raises(actions.callbacks.TakenByAnother):
        actions.take_callback(row, actor=small_town.intake, at=morning)
    giang.post(f"/phone/callbacks/{row.pk}/attempts")
    row.refresh_from_db()
    assert (row.attempts, row.taken_by) == (1, "")
    assert (
        giang.post(f"/phone/callbacks/{row.pk}/endings", {"outcome": "reached"}).status_code == 409
    )
    giang.post(f"/phone/callbacks/{row.pk}/takings")
    giang.post(f"/phone/callbacks/{row.pk}/endings", {"outcome": "reached"})
    row.refresh_from_db()
    assert (row.outcome, row.ended_at) == ("reached", morning)
    told = [entry.action for entry in entries_about("callback", str(row.pk))]
    assert told == [
        "callback.asked", "callback.taken", "callback.tried", "callback.taken", "callback.ended"
    ]  # fmt: skip


def test_a_call_back_whose_clerk_left_is_taken_by_another(
    small_town: town.Cast, morning: datetime
) -> None:
    gone, other = small_town.intake, town.actor("lan", "intake", "desk")
    row = actions.ask_callback(PHONE, reason="", actor=gone, at=morning)
    actions.take_callback(row, actor=gone, at=morning)

    with pytest.raises(actions.callbacks.TakenByAnother):
        actions.take_callback(row, actor=other, at=morning + timedelta(minutes=29))
    assert actions.take_callback(row, actor=other, at=morning + timedelta(minutes=30)).phone


def test_a_number_in_a_form_that_is_wrong_is_looked_up_and_journalled(
    small_town: object, morning: datetime, signed_in: SignIn
) -> None:
    signed_in("giang").post("/phone/petitions", {"text": "Short", "phone": PHONE})

    assert Entry.objects.filter(action="caller.looked_up").count() == 1


def test_a_verdict_by_telephone_is_marked_and_some_are_asked_for_again_by_another_clerk(
    small_town: town.Cast, morning: datetime
) -> None:
    petition, case = resolved(morning)
    clerk, other = small_town.intake, town.actor("lan", "intake", "desk")
    give = {"phone": PHONE, "value": "satisfied", "actor": clerk, "at": morning}
    with pytest.raises(NotAllowed):
        actions.take_verdict(petition, case, draw=0.1, **{**give, "phone": OTHER})

    row = actions.take_verdict(petition, case, draw=0.1, **give)

    assert Verdict.objects.get().by_phone == row
    assert (row.clerk, row.check_state) == (clerk.key, "due")
    with pytest.raises(NotAllowed):
        actions.check_verdict(row, outcome="confirmed", actor=clerk, at=morning)
    actions.check_verdict(row, outcome="differs", actor=other, at=morning)
    row.refresh_from_db()
    assert (row.check_state, row.checked_by) == ("differs", other.key)
    told = [entry.action for entry in entries_about("petition", str(petition.pk))]
    assert told[-3:] == ["petition.judged", "verdict.taken_by_phone", "verdict.checked"]


def test_a_verdict_that_is_not_drawn_is_not_asked_for_again(
    small_town: town.Cast, morning: datetime, signed_in: SignIn
) -> None:
    petition, case = resolved(morning)
    giang = signed_in("giang")
    assert "The caller says:" in text_of(giang.get("/phone/", {"caller": PHONE}))

    answer = giang.post(
        "/phone/verdicts", {"number": petition.number, "phone": PHONE, "value": "acceptable"}
    )

    assert answer["Location"] == f"/phone/?caller={PHONE}&done=verdict"
    assert PhoneVerdict.objects.get().verdict.case == case
    assert "The caller says:" not in text_of(giang.get("/phone/", {"caller": PHONE}))
    assert giang.get("/phone/verdicts").status_code == 200


@pytest.mark.parametrize(
    "address", ["/phone/", "/phone/callbacks", "/phone/sheets", "/phone/paper"]
)
def test_only_the_intake_desk_has_the_telephone(
    small_town: object, morning: datetime, signed_in: SignIn, address: str
) -> None:
    assert signed_in("giang").get(address).status_code == 200
    assert signed_in("an").get(address).status_code == 403


def test_the_shipped_city_has_its_questions_in_both_languages(settings: Any) -> None:
    settings.PACK_DIR = HANOI
    phone.phone_desk.cache_clear()

    desk = phone.phone_desk()

    assert 0 < desk.check_share <= 1
    assert all(one.name.keys() == one.text.keys() == {"vi", "en"} for one in desk.questions)
    assert len({one.code for one in desk.questions}) == len(desk.questions) >= 5


def test_a_city_without_the_file_checks_every_verdict(settings: Any, tmp_path: Path) -> None:
    settings.PACK_DIR = tmp_path / "none"
    phone.phone_desk.cache_clear()

    assert phone.phone_desk().check_share == 1.0
