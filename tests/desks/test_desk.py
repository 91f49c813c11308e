"""The officer's desk as people use it through HTTP."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests.cases.conftest import open_one
from tests.desks.conftest import SignIn
from tests.town import MONDAY
from thudo.cases.models import Case


def test_a_stranger_is_led_to_the_sign_in_page(opened: Case, client: Client) -> None:
    for path in ("/cases/", f"/cases/{opened.pk}", f"/cases/{opened.pk}/notes", "/checks/", "/intake/"):
        answer = client.get(path)
        assert answer.status_code == 302, path
        assert answer.headers["Location"].startswith("/sign-in?next="), path


def test_the_desk_lists_the_unit_s_cases_under_what_is_due(opened: Case, signed_in: SignIn) -> None:
    page = signed_in("an").get("/cases/")

    assert page.status_code == 200
    assert b"1 High Street" in page.content


def test_another_ward_s_officer_finds_neither_row_nor_page(opened: Case, signed_in: SignIn) -> None:
    other = signed_in("chi")

    assert b"1 High Street" not in other.get("/cases/").content
    assert other.get(f"/cases/{opened.pk}").status_code == 404


def test_one_case_stands_on_one_page(opened: Case, signed_in: SignIn) -> None:
    page = signed_in("an").get(f"/cases/{opened.pk}").content.decode()

    for words in ("A hole in the road before the school.", "This unit looks after it.", "Town rule 2", "Town rule", "Ward w1"):
        assert words in page
