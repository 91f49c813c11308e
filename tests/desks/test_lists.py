"""The lists of the officer's desk as people use them through HTTP."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cases.conftest import open_one
from tests.desks.conftest import SignIn
from tests.desks.pages import text_of
from tests.town import CAST, MONDAY, forget
from thudo.base.identifiers import public_number
from thudo.cases import actions
from thudo.cases.models import Case, Clock, Escalation
from thudo.deadlines.models import Calendar
from thudo.journal.models import Entry
from thudo.operations.queries import figures


def test_a_stranger_is_led_to_the_sign_in_page(opened: Case, client: Client) -> None:
    paths = ("/cases/", f"/cases/{opened.pk}", f"/cases/{opened.pk}/notes", "/checks/", "/intake/")
    for path in paths:
        answer = client.get(path)

        assert answer.status_code == 302, path
        assert answer.headers["Location"].startswith("/sign-in?next="), path


def test_cases_stand_under_what_is_due_with_their_counts(
    opened: Case, signed_in: SignIn, clock: Callable[[datetime], None]
) -> None:
    open_one(number="5720000002", at=MONDAY + timedelta(hours=5))
    an = signed_in("an")
    assert "This week 2" in text_of(an.get("/cases/"))

    clock(MONDAY + timedelta(days=1))

    page = text_of(an.get("/cases/"))
    assert "Overdue 1" in page
    assert "Before 17:00 today 1" in page


def test_a_unit_that_never_closes_has_work_for_today_not_before_an_hour(
    opened: Case, signed_in: SignIn
) -> None:
    week = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    Calendar.objects.update(week=week)
    forget()
    Clock.objects.update(due_at=MONDAY + timedelta(hours=4))

    page = text_of(signed_in("an").get("/cases/?tab=unit"))

    assert "Today 1" in page
    assert "today 1" not in page


def test_work_that_is_due_after_the_close_is_not_said_to_be_due_before_it(
    opened: Case, signed_in: SignIn, morning: datetime
) -> None:
    Clock.objects.update(due_at=morning.replace(hour=13))  # 20:00 in the town

    assert "Today 1" in text_of(signed_in("an").get("/cases/?tab=unit"))


def test_an_answer_that_waits_for_its_check_stands_under_waiting(
    opened: Case, signed_in: SignIn, morning: datetime
) -> None:
    actions.accept_case(opened, actor=CAST.handler, at=morning)
    actions.ask_petitioner(opened, text="Which gate?", actor=CAST.handler, at=morning)

    assert "Waiting for others 1" in text_of(signed_in("an").get("/cases/?tab=unit"))


def test_filters_narrow_the_list(opened: Case, signed_in: SignIn, morning: datetime) -> None:
    urgent = open_one(urgency="urgent", number="5720000002")
    actions.accept_case(opened, actor=CAST.handler, at=morning)
    an = signed_in("an")

    pages = {
        tab: an.get(f"/cases/?tab={tab}").content.decode() for tab in ("unit", "intake", "urgent")
    }

    found = {tab: (str(opened.pk) in page, str(urgent.pk) in page) for tab, page in pages.items()}
    assert found == {"unit": (True, True), "intake": (False, True), "urgent": (False, True)}


def test_another_ward_s_officer_finds_neither_row_nor_page(opened: Case, signed_in: SignIn) -> None:
    other = signed_in("chi")

    assert "1 High Street" not in text_of(other.get("/cases/?tab=unit"))
    assert other.get(f"/cases/{opened.pk}").status_code == 404


def test_a_leader_sees_every_case_and_may_do_nothing_to_it(opened: Case, signed_in: SignIn) -> None:
    leader = signed_in("khoa")

    page = leader.get("/cases/")
    assert "1 High Street" in text_of(page)
    assert 'name="cases"' not in page.content.decode()
    assert "1 High Street" not in text_of(leader.get("/cases/?tab=all&unit=ward-2"))
    assert "Nothing is to be done here" in text_of(leader.get(f"/cases/{opened.pk}"))
    assert leader.post(f"/cases/{opened.pk}/acceptances", {"seen": 1}).status_code == 403


@pytest.mark.parametrize("typed", ["5720000001", "57 20 00 00 01", " 5720-0000.01 "])
def test_a_number_read_out_opens_its_case(opened: Case, signed_in: SignIn, typed: str) -> None:
    answer = signed_in("an").get("/cases/numbers", {"number": typed})

    assert answer.headers["Location"] == f"/cases/{opened.pk}"


@pytest.mark.parametrize(
    ("name", "typed", "status", "sentence"),
    [
        ("an", "572", 422, "A number has ten digits"),
        ("an", "5720000009", 422, "one digit may be wrong"),
        ("an", "1000000005", 404, "No case that you may read has this number."),
    ],
)
def test_a_number_that_opens_nothing_says_why(
    opened: Case, signed_in: SignIn, name: str, typed: str, status: int, sentence: str
) -> None:
    answer = signed_in(name).get("/cases/numbers", {"number": typed})

    assert answer.status_code == status
    assert sentence in text_of(answer)
    assert f'value="{typed}"' in answer.content.decode()


def test_another_unit_s_number_is_answered_as_one_that_nobody_has(
    opened: Case, signed_in: SignIn
) -> None:
    number = public_number()
    Case.objects.update(numbers=[number])
    chi = signed_in("chi")

    others, nobodys = (
        chi.get("/cases/numbers", {"number": one}) for one in (number, public_number())
    )

    assert (others.status_code, nobodys.status_code) == (404, 404)
    assert "No case that you may read" in text_of(others)


def test_a_leader_s_list_says_what_late_counts_beside_the_public_figure(
    opened: Case, signed_in: SignIn, clock: Callable[[datetime], None]
) -> None:
    open_one(number="5720000002")
    Case.objects.filter(pk=opened.pk).update(promised_at=MONDAY + timedelta(hours=9))
    clock(MONDAY + timedelta(days=2))

    page = text_of(signed_in("khoa").get("/cases/"))

    assert "Overdue 2" in page
    assert "as public pages count: 1 ." in page
    assert figures.today(MONDAY + timedelta(days=2)).late == 1


def test_loads_show_each_unit_to_leaders_and_one_s_own_to_officers(
    opened: Case, signed_in: SignIn
) -> None:
    open_one(number="5720000002")
    Case.objects.filter(label="5720000002").update(unit="ward-2")

    assert "ward-2" in text_of(signed_in("khoa").get("/cases/loads"))
    assert "ward-2" not in text_of(signed_in("an").get("/cases/loads"))


def test_what_was_reported_upwards_is_seen_once_and_journalled(
    opened: Case, signed_in: SignIn, clock: Callable[[datetime], None]
) -> None:
    actions.fire_due_clocks(at=MONDAY + timedelta(days=2))
    escalation = Escalation.objects.get()
    head = signed_in("binh")
    assert "1 High Street" in text_of(head.get("/reports/"))

    for _ in range(2):
        assert head.post(f"/reports/{escalation.pk}/sightings").status_code == 302

    escalation.refresh_from_db()
    assert escalation.seen_by.startswith("user:")
    assert Entry.objects.filter(action="case.escalation_seen").count() == 1
    assert "1 High Street" not in text_of(head.get("/reports/"))
    assert signed_in("chi").post(f"/reports/{escalation.pk}/sightings").status_code == 403


def test_only_the_list_is_sent_to_a_live_region(opened: Case, signed_in: SignIn) -> None:
    answer = signed_in("an").get("/cases/?tab=unit", headers={"X-Fragment": "1"})

    assert "<html" not in answer.content.decode()
    assert f'id="case-{opened.pk}"' in answer.content.decode()


def test_desks_of_another_kind_are_led_to_their_own_list(
    small_town: object, signed_in: SignIn
) -> None:
    assert signed_in("giang").get("/cases/").headers["Location"] == "/intake/"
    assert signed_in("ha").get("/cases/").headers["Location"] == "/checks/"


@pytest.mark.parametrize("path", ["/cases/?tab=unit", "/reports/", "/cases/loads"])
def test_a_longer_list_costs_no_more_statements(opened: Case, signed_in: SignIn, path: str) -> None:
    from django.db import connection

    an = signed_in("an")
    an.get(path)
    with CaptureQueriesContext(connection) as few:
        an.get(path)
    for number in range(20):
        open_one(number=f"57200001{number:02d}")

    with CaptureQueriesContext(connection) as many:
        an.get(path)

    assert asked(many) == asked(few)
    assert len(asked(many)) <= 14


def asked(captured: CaptureQueriesContext) -> list[str]:
    """What a page asked; what is asked once a second of the lists in memory counts for none."""
    now_and_then = ("directory_pack_version", "deadlines_calendar", "routing_authority")
    statements = [q["sql"] for q in captured]
    return [s[:60] for s in statements if not any(table in s for table in now_and_then)]
