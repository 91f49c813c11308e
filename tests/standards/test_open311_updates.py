"""Open311, servicerequestupdates both ways: the work read by pollers, the petitioner's words added."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests import town
from tests.operations.cast import case_of, finish, report
from tests.standards.open311 import Open311, root_of
from tests.standards.test_open311_filing import number_of
from tests.standards.test_open311_reading import recently
from tests.town import CAST
from thudo.base.clock import now
from thudo.cases import actions as deeds
from thudo.cases.models import Note
from thudo.petitions.models import Petition, PetitionCase
from thudo.standards.open311 import queries

SHAPE = "service_request_updates"


@pytest.fixture
def open311(client: Client, small_town: town.Cast) -> Open311:
    return Open311(client)


def read(open311: Open311, **asked: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = open311.get("servicerequestupdates", shape=SHAPE, **asked)
    return found


def test_each_step_is_told_with_the_status_after_it(open311: Open311) -> None:
    petition = report(at=recently(3))
    case = case_of(petition)
    deeds.accept_case(case, actor=CAST.handler, at=recently(2))
    deeds.note_progress(case, text="Asphalt is on its way.", actor=CAST.handler, at=recently(1.5))
    claim = deeds.Claim("resolved", "The hole before the school is filled.", proof=("photo",))
    deeds.answer_case(case, claim, draw=0.5, actor=CAST.handler, at=recently(1))
    deeds.approve_answer(case, actor=CAST.checker, at=recently(0.5))

    week = {"start_date": recently(7).isoformat()}
    rows = read(open311, **week)
    assert {row["service_request_id"] for row in rows} == {petition.number}
    assert [row["status"] for row in rows] == ["open", "open", "open", "closed"]
    assert [row["description"] for row in rows] == [
        "Đơn vị đã tiếp nhận.", "Asphalt is on its way.", "Đơn vị báo kết quả.", "The hole before the school is filled.",
    ]  # fmt: skip
    assert len({row["update_id"] for row in rows}) == 4
    assert [row["updated_datetime"] for row in rows] == sorted(r["updated_datetime"] for r in rows)
    further = read(open311, extensions="true", **week)
    assert [row["status"] for row in further] == [
        "investigating", "in_progress", "in_progress", "fixed",
    ]  # fmt: skip
    assert further[-1]["external_status_code"] == "resolved"


def test_a_result_that_is_not_out_yet_tells_no_words_of_it(open311: Open311) -> None:
    case = case_of(report(at=recently(3)))
    deeds.accept_case(case, actor=CAST.handler, at=recently(2))
    claim = deeds.Claim("resolved", "A secret until the desk has checked it.", proof=("photo",))
    deeds.answer_case(case, claim, draw=0.5, actor=CAST.handler, at=recently(1))
    deeds.send_back_answer(case, note="Between the desks.", actor=CAST.checker, at=recently(0.9))
    told = str(read(open311, start_date=recently(7).isoformat()))
    assert "secret" not in told
    assert "Between" not in told


def test_the_root_and_its_rows_are_named_as_mysociety_does(open311: Open311) -> None:
    finish(report(at=recently(3)), at=recently(0.5))
    root = root_of(open311.client.get("/open311/v2/servicerequestupdates.xml"))
    assert root.tag == "service_request_updates"
    assert [child.tag for child in root[0]] == [
        "update_id", "service_request_id", "status", "updated_datetime", "description", "media_url",
    ]  # fmt: skip


def test_a_window_holds_its_ends_and_pages_follow(open311: Open311) -> None:
    petition = report(at=recently(30))
    start = recently(20)
    end = start + timedelta(hours=2)
    finish(petition, at=start)
    finish(report(at=recently(3)), at=recently(2))

    asked = {"start_date": start.isoformat(), "end_date": end.isoformat()}
    found = read(open311, **asked)
    assert {row["service_request_id"] for row in found} == {petition.number}
    assert len(found) == 3
    pages = [read(open311, **asked, page=n, page_size=2) for n in (1, 2)]
    assert [row for page in pages for row in page] == found
    open311.get("servicerequestupdates", 400, start_date="2026-01-01", end_date="2026-10-01")


def test_nobody_makes_the_database_work_for_long(
    open311: Open311, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "_MOST_MILLISECONDS", 1)
    monkeypatch.setattr(queries, "_UPDATES", "SELECT pg_sleep(1), %s, %s, %s, %s, %s, %s, %s")
    (error,) = open311.get("servicerequestupdates", 400)
    assert "ngắn hơn" in error["description"]


def test_petitions_that_share_a_case_each_hear_of_it(open311: Open311) -> None:
    first, second = report(at=recently(3)), report(at=recently(3))
    PetitionCase.objects.filter(petition=second).update(case=case_of(first))
    deeds.accept_case(first.links.get().case, actor=CAST.handler, at=recently(0.5))
    rows = read(open311)
    assert {row["service_request_id"] for row in rows} == {first.number, second.number}
    assert len({row["update_id"] for row in rows}) == 2


def update_of(number: str, sent: dict[str, Any], **more: str) -> dict[str, Any]:
    """What FixMyStreet posts."""
    return {
        "api_key": sent["api_key"], "service_request_id": number, "update_id": "314",
        "status": "OPEN", "updated_datetime": f"{now():%Y-%m-%dT%H:%M:%SZ}",
        "description": "It has grown since.", "email": "smith@example.org",
        "first_name": "A", "last_name": "B", "public_anonymity_required": "TRUE", **more,
    }  # fmt: skip


def test_the_system_that_filed_adds_the_petitioners_words_once(
    open311: Open311, sent: dict[str, Any]
) -> None:
    number = number_of(open311.post("requests", sent))
    (first,) = open311.post("servicerequestupdates", update_of(number, sent))
    (again,) = open311.post("servicerequestupdates", update_of(number, sent))
    (other,) = open311.post("servicerequestupdates", update_of(number, sent, description="Worse."))

    assert first == again
    assert other != first
    notes = Note.objects.filter(case__links__petition__number=number, kind="reply")
    assert sorted(notes.values_list("text", "is_public")) == [
        ("It has grown since.", False), ("Worse.", False),
    ]  # fmt: skip


def test_a_case_that_waits_for_the_petitioner_goes_on(
    open311: Open311, sent: dict[str, Any]
) -> None:
    number = number_of(open311.post("requests", sent))
    case = case_of(Petition.objects.get(number=number))
    deeds.accept_case(case, actor=CAST.handler, at=now())
    deeds.ask_petitioner(case, text="How large is it?", actor=CAST.handler, at=now())
    open311.post("servicerequestupdates", update_of(number, sent))
    case.refresh_from_db()
    assert case.state == "in_progress"
    assert "How large is it?" not in str(read(open311))


def test_who_may_not_add_is_told_why(
    open311: Open311, sent: dict[str, Any], key: Callable[..., str]
) -> None:
    number = number_of(open311.post("requests", sent))
    stranger = {**sent, "api_key": key("petitions:file")}
    open311.post("servicerequestupdates", update_of(number, stranger), 403)
    open311.post("servicerequestupdates", update_of(number, {"api_key": ""}), 403)
    open311.post("servicerequestupdates", update_of("0000000000", sent), 404)
    open311.post("servicerequestupdates", update_of("", sent), 400)
    open311.post("servicerequestupdates", update_of(number, sent, description=""), 400)
    rehearsal = Open311(open311.client, "/open311/test/v2")
    rehearsal.post("servicerequestupdates", update_of(number, sent))
    assert not Note.objects.filter(kind="reply").exists()


def test_what_is_closed_takes_no_more_words(open311: Open311, sent: dict[str, Any]) -> None:
    number = number_of(open311.post("requests", sent))
    finish(Petition.objects.get(number=number), at=now())
    (error,) = open311.post("servicerequestupdates", update_of(number, sent), 400)
    assert "đánh giá" in error["description"]
