"""Filing by its deed: what is answered, what is refused, and the same request twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from importlib import import_module
from pathlib import Path
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import connection

from tests import town
from tests.petitions.conftest import COMPLAINT, CONTACT, FLOOD, PRAISE, UNSURE, a_hole
from tests.town import MONDAY, Cast
from thudo.accounts.rules import RESIDENT, Actor
from thudo.base.errors import Invalid, NotAllowed
from thudo.base.identifiers import is_public_number
from thudo.cases.models import Case, Clock
from thudo.directory.queries import directory
from thudo.journal.queries import entries_about
from thudo.petitions.actions import file_petition
from thudo.petitions.actions.filing import KeyReused
from thudo.petitions.models import Idempotency, Petition, Petitioner
from thudo.petitions.rules import Contact, Receipt, RequestKey

KEY = RequestKey("browser:one", "k-1")


def file(at: datetime = MONDAY, key: RequestKey | None = None, **more: Any) -> Receipt:
    return file_petition(a_hole(**more), key=key, actor=RESIDENT, at=at)


def test_it_is_answered_at_once_with_number_owner_reason_and_instants(small_town: Cast) -> None:
    receipt = file()

    assert is_public_number(receipt.number)
    assert (receipt.unit, receipt.post) == ("ward-1", "ward-1/handler")
    assert receipt.reason["en"] == "This unit looks after it."
    assert receipt.legal_basis == "Town rule 2"
    # Eight working hours from Monday 09:00 end on Tuesday 09:00; forty more a week later.
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    assert receipt.intake_due_at == datetime(2026, 3, 3, 9, tzinfo=zone)
    assert receipt.promised_at == datetime(2026, 3, 10, 9, tzinfo=zone)


def test_it_is_journalled_without_words_or_people(small_town: Cast) -> None:
    receipt = file()

    petition = Petition.objects.get(number=receipt.number)
    entry = entries_about("petition", str(petition.pk))[0]
    assert entry.action == "petition.filed"
    assert entry.data["unit"] == "ward-1"
    told = str(entry.data)
    assert "gạch lát" not in told
    assert "0900000000" not in told
    assert "105.05" not in told
    assert entries_about("case", receipt.case)[0].action == "case.opened"


def test_who_filed_is_sealed_and_marked_as_unverified(small_town: Cast) -> None:
    receipt = file()

    row = Petitioner.objects.get(petition__number=receipt.number)
    assert b"0900000000" not in bytes(row.sealed)
    assert row.verification == "unverified"


def test_the_same_request_gets_the_same_answer(small_town: Cast) -> None:
    first, second = file(key=KEY), file(key=KEY)

    assert (second.number, second.secret) == (first.number, first.secret)
    assert second.promised_at == first.promised_at
    assert second.is_replay
    assert Petition.objects.count() == 1


def test_the_same_key_with_other_content_is_refused(small_town: Cast) -> None:
    file(key=KEY)

    with pytest.raises(KeyReused) as refusal:
        file(key=KEY, text="Một việc khác hẳn ở cùng chỗ này.")

    assert refusal.value.status == 422
    assert Petition.objects.count() == 1


def test_another_browser_may_use_the_same_key(small_town: Cast) -> None:
    file(key=KEY)
    file(key=RequestKey("browser:two", KEY.key))

    assert Petition.objects.count() == 2


def test_photos_sent_again_with_the_same_content_are_the_same_request(small_town: Cast) -> None:
    first = file(key=KEY, files=("a",), file_digests=("d1",))
    second = file(key=KEY, files=("b",), file_digests=("d1",))

    assert second.number == first.number


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_one_petition_and_two_equal_answers(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path
    town.build()
    together = Barrier(2)

    def send(_number: int) -> Receipt:
        try:
            together.wait(10)
            return file(key=KEY)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, range(2)))

    assert len({(a.number, a.secret, a.promised_at) for a in answers}) == 1
    assert Petition.objects.count() == Case.objects.count() == Idempotency.objects.count() == 1


def test_a_point_outside_the_city_is_refused_beside_its_field(small_town: Cast) -> None:
    with pytest.raises(Invalid) as refusal:
        file(longitude=120.0, latitude=10.0)

    assert "place" in refusal.value.fields
    assert Petition.objects.count() == 0


@pytest.mark.parametrize("text", ["", "Hỏng", "a" * 4001])
def test_a_text_too_short_or_too_long_is_refused(small_town: Cast, text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        file(text=text)

    assert "text" in refusal.value.fields


def test_without_any_way_to_reach_the_sender_it_is_asked_for(small_town: Cast) -> None:
    with pytest.raises(Invalid) as refusal:
        file(contact=Contact())

    assert list(refusal.value.fields) == ["phone"]


def test_what_the_text_turns_out_to_be_decides_who_must_say_his_name(small_town: Cast) -> None:
    from thudo.directory import models as lists

    lists.Stream.objects.filter(code="field").update(identity="required")
    town.forget()

    with pytest.raises(Invalid) as refusal:
        file(service="")
    file(service="", contact=Contact(name="An", phone="0900000000"))

    assert list(refusal.value.fields) == ["name"]


def test_a_stream_that_takes_anonymous_ones_asks_for_nothing(small_town: Cast) -> None:
    from thudo.directory import models as lists

    lists.Stream.objects.filter(code="field").update(identity="anonymous")
    town.forget()

    receipt = file(contact=Contact(), is_anonymous=True)

    assert receipt.handling == "case"


def test_a_service_that_cannot_be_asked_for_is_refused(small_town: Cast) -> None:
    with pytest.raises(Invalid):
        file(service="praise")


def test_a_legal_complaint_is_not_taken_and_names_why(small_town: Cast) -> None:
    receipt = file(text=COMPLAINT, service="", contact=Contact())

    petition = Petition.objects.get(number=receipt.number)
    assert receipt.handling == petition.handling == "refused"
    assert petition.refusal == "complaint_denunciation"
    assert receipt.promised_at is None
    assert Case.objects.count() == 0
    assert entries_about("petition", str(petition.pk))[0].action == "petition.screened"


def test_praise_is_thanked_and_becomes_no_case(small_town: Cast) -> None:
    receipt = file(text=PRAISE, service="")

    assert receipt.handling == "thanked"
    assert Case.objects.count() == 0


def test_a_service_named_by_the_person_stands_against_a_guess_of_praise(small_town: Cast) -> None:
    receipt = file(text=PRAISE, service="road_damage")

    assert (receipt.handling, receipt.unit) == ("case", "ward-1")


def test_no_choice_turns_a_legal_complaint_into_a_petition(small_town: Cast) -> None:
    assert file(text=COMPLAINT, service="road_damage").handling == "refused"


def test_who_insists_is_read_by_the_desk(small_town: Cast) -> None:
    receipt = file(text=COMPLAINT, service="", insists=True)

    assert (receipt.handling, receipt.unit, receipt.intake_kind) == ("case", "desk", "triage")


def test_what_is_unsure_goes_to_the_desk_on_its_own_clock(small_town: Cast) -> None:
    receipt = file(text=UNSURE, service="")

    assert (receipt.unit, receipt.intake_kind) == ("desk", "triage")
    clock = Clock.objects.get(case=receipt.case)
    assert (clock.kind, clock.allowance, clock.unit) == ("triage", 120, "desk")
    assert receipt.reason["en"] == "The desk reads it first."


def test_a_proposal_that_was_left_standing_is_told_from_a_choice(small_town: Cast) -> None:
    kept, changed, silent = file(), file(service="noise"), file(service="")

    by = dict(Petition.objects.values_list("number", "service_by"))
    assert [by[r.number] for r in (kept, changed, silent)] == ["proposed", "person", "proposed"]


def test_an_urgent_one_reaches_who_is_on_duty_within_minutes(small_town: Cast) -> None:
    receipt = file(text=FLOOD, service="flooding")

    assert (receipt.urgency, receipt.unit, receipt.post) == ("urgent", "drainage", "drainage/duty")
    clock = Clock.objects.get(case=receipt.case, kind="acknowledge")
    assert clock.due_at is not None
    assert (clock.due_at - MONDAY).total_seconds() == 15 * 60


def test_an_answer_that_the_pack_calls_urgent_raises_it(small_town: Cast) -> None:
    from thudo.directory import models as lists

    options = [{"code": "deep", "text": {"en": "Deep"}, "severity": "urgent"}]
    question = {"code": "depth", "kind": "choice", "text": {"en": "How deep?"}, "options": options}
    lists.Service.objects.filter(code="road_damage").update(questions=[question])
    town.forget()

    assert file(answers={"depth": "deep"}).urgency == "urgent"
    assert file().urgency == "normal"


def test_only_the_desk_files_for_somebody_else(small_town: Cast) -> None:
    with pytest.raises(NotAllowed):
        file(channel="phone")

    filing = a_hole(channel="phone", contact=CONTACT)
    receipt = file_petition(filing, actor=small_town.intake, at=MONDAY)

    petition = Petition.objects.get(number=receipt.number)
    assert (petition.channel, petition.filed_by) == ("phone", "user:giang")


def test_homes_filed_before_lose_their_address_in_the_search_of_all(small_town: Cast) -> None:
    file(place="12 khuong dinh", is_home=True)
    move = import_module("thudo.petitions.migrations.0002_homes_are_not_found_by_their_address")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE petitions_petition SET vector = to_tsvector('simple', folded)")

    move.forget_addresses(apps, connection.schema_editor())

    with connection.cursor() as cursor:
        cursor.execute("SELECT vector @@ 'khuong', vector @@ 'truong' FROM petitions_petition")
        assert cursor.fetchone() == (False, True)


def test_a_system_that_knows_its_users_need_not_say_who_they_are(
    small_town: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_key = Actor("key:1", scopes=frozenset({"petitions:file"}))
    nobody = a_hole(contact=Contact(), channel="api")
    with pytest.raises(Invalid):
        file_petition(nobody, actor=by_key, at=MONDAY)

    monkeypatch.setitem(directory().city["filing"], "vouched_channels", ["api"])

    assert file_petition(nobody, actor=by_key, at=MONDAY).unit == "ward-1"
    with pytest.raises(Invalid):
        file(contact=Contact())
