"""The door people know: its web view, its sign-in, its history, and what it is told."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

import thudo.channels.followers  # noqa: F401
from tests.channels.conftest import HOLE, SQUARE, Doors
from tests.petitions.conftest import file_hole
from tests.town import CAST, MONDAY, TOWN_SQUARE
from thudo.accounts.rules import RESIDENT
from thudo.base.middleware import content_policy
from thudo.cases import actions as cases
from thudo.cases.actions import fire_due_clocks
from thudo.cases.models import Case, Clock
from thudo.channels.actions import import_past
from thudo.channels.actions.importing import ChangedThere
from thudo.channels.models import Known, Outgoing
from thudo.channels.rules.history import Past, Unreadable, rows
from thudo.channels.rules.person import person_of
from thudo.connectors import openid
from thudo.connectors.dummy import Manner
from thudo.connectors.openid_dummy import OpenIdDummy
from thudo.journal.actions import sequence_entries
from thudo.journal.followers import deliver_all
from thudo.journal.models import Entry
from thudo.petitions.actions import file_petition
from thudo.petitions.models import Petition, Petitioner
from thudo.petitions.rules import Contact, Filing

# Sign-in ------------------------------------------------------------------------------------------


@pytest.fixture
def provider(doors: Doors, settings: Any) -> Iterator[OpenIdDummy]:
    openid.forget()
    with OpenIdDummy() as dummy:
        dummy.issued_at = MONDAY.timestamp()
        settings.CHANNELS = settings.CHANNELS | {"APP_ISSUER": dummy.url, "APP_CLIENT": "thudo"}
        settings.CITY = settings.CITY | {"city_app": {"name": {"vi": "Ứng dụng"}, "country": "84"}}
        yield dummy


@pytest.fixture
def browser(small_town: object) -> Client:
    return Client(headers={"accept-language": "vi"})


def sign_in(browser: Client, provider: OpenIdDummy, address: str) -> Any:
    there = browser.get(address)
    assert there.status_code == 302, there.content
    back = provider.sign_in(there["Location"])
    return browser.get(f"/app/callback?{urlencode(back)}")


def sent(browser: Client, **more: str) -> Petition:
    longitude, latitude = TOWN_SQUARE
    form = {"text": HOLE, "service": "road_damage", "lon": longitude, "lat": latitude, **more}
    answer = browser.post("/petitions/", form)
    assert answer.status_code == 302, answer.content
    return Petition.objects.latest("filed_at")


def test_the_apps_link_opens_our_page_with_who_is_known_and_no_second_header(
    browser: Client, provider: OpenIdDummy
) -> None:
    back = sign_in(browser, provider, "/app?to=/petitions/new")
    page = browser.get(back["Location"]).content.decode()

    assert back["Location"] == "/petitions/new"
    assert 'value="0912000111"' in page
    assert "Đã xác minh qua Ứng dụng" in page
    assert '<header class="head">' not in page
    assert '<footer class="foot">' not in page
    assert "is-embedded" in page


def test_what_is_filed_then_is_marked_with_the_app_and_verified(
    browser: Client, provider: OpenIdDummy
) -> None:
    sign_in(browser, provider, "/app?to=/")

    petition = sent(browser, phone="0912 000 111", name="Nguyễn Thị Minh Họa")

    assert petition.channel == "app"
    assert Petitioner.objects.get(petition=petition).verification == "app"


def test_another_number_is_not_verified_by_it(browser: Client, provider: OpenIdDummy) -> None:
    sign_in(browser, provider, "/app?to=/")

    petition = sent(browser, phone="0999888777")

    assert Petitioner.objects.get(petition=petition).verification == "unverified"


def test_who_signs_out_is_not_vouched_for(browser: Client, provider: OpenIdDummy) -> None:
    sign_in(browser, provider, "/app/sign-in?to=/petitions/new")
    browser.post("/app/sign-outs", {"to": "/petitions/new"})

    assert "0912000111" not in browser.get("/petitions/new").content.decode()
    assert sent(browser, phone="0912000111").channel == "web"


def test_a_callback_that_nobody_asked_for_knows_nobody(
    browser: Client, provider: OpenIdDummy
) -> None:
    for query in ("", "code=x&state=x", "error=login_required"):
        assert browser.get(f"/app/callback?{query}")["Location"] == "/"
    assert "sessionid" not in browser.cookies or not browser.session.get("known_person")


def test_without_a_sign_in_there_he_files_all_the_same(
    browser: Client, provider: OpenIdDummy
) -> None:
    there = browser.get("/app?to=/petitions/new")
    state = provider.sign_in(there["Location"])["state"]
    back = browser.get(f"/app/callback?error=login_required&state={state}")

    assert back["Location"] == "/petitions/new"
    assert "prompt=none" in there["Location"]
    assert sent(browser, phone="0912000111").channel == "web"


def test_a_provider_that_is_down_keeps_nobody_out(
    browser: Client, provider: OpenIdDummy, settings: Any
) -> None:
    openid.forget()
    settings.CHANNELS = settings.CHANNELS | {"APP_ISSUER": "http://127.0.0.1:9"}

    assert browser.get("/app?to=/petitions/new")["Location"] == "/petitions/new"


def test_a_forged_token_knows_nobody(browser: Client, provider: OpenIdDummy) -> None:
    provider.forge()
    sign_in(browser, provider, "/app?to=/")

    assert not browser.session.get("known_person")


def test_the_link_leads_nowhere_else(browser: Client, doors: Doors) -> None:
    for to in ("//evil.example", "https://evil.example", "javascript:x", "x", "/\\evil.example"):
        assert browser.get("/app", {"to": to})["Location"] == "/"


NUMBERS = {"country": "84", "trunk": "0"}


def test_only_what_is_verified_counts() -> None:
    claims = {"sub": "1", "name": " An  Nguyễn ", "phone_number": "+84912000111",
              "phone_number_verified": False, "email": "An@Example.org",
              "email_verified": True}  # fmt: skip
    person = person_of(claims, {}, NUMBERS)
    assert (person.name, person.phone, person.email) == ("An Nguyễn", "", "an@example.org")


def test_what_says_nothing_counts_only_if_the_app_vouches_for_all() -> None:
    claims = {"sub": "1", "sdt": "+84912000111", "email": "an@example.org"}
    app = {"claims": {"phone": "sdt"}, "vouches": ["phone"]}
    person = person_of(claims, app, NUMBERS)
    assert (person.phone, person.email) == ("0912000111", "")
    assert person_of(claims, {**app, "vouches": []}, NUMBERS).phone == ""
    assert person_of({"sub": "1", "sdt": "84-x"}, app, NUMBERS).phone == ""


def test_embedded_pages_stay_so_until_the_app_says_stop(browser: Client) -> None:
    assert "is-embedded" in browser.get("/petitions/new?embed=1").content.decode()
    assert "is-embedded" in browser.get("/petitions/new").content.decode()
    assert "is-embedded" not in browser.get("/petitions/new?embed=0").content.decode()
    assert '<header class="head">' in browser.get("/petitions/new").content.decode()


def test_frames_are_refused_unless_the_settings_name_who_may() -> None:
    assert "frame-ancestors 'none'" in content_policy("")
    assert "frame-ancestors https://app.example" in content_policy("", "https://app.example")


# What the app is told -----------------------------------------------------------------------------


def told(doors: Doors) -> list[dict[str, Any]]:
    sequence_entries()
    deliver_all()
    doors.read()
    return list(doors.app.changes.values())


def app_petition(at: datetime = MONDAY) -> Petition:
    filing = Filing(
        text=HOLE, service="road_damage", longitude=SQUARE.longitude, latitude=SQUARE.latitude,
        contact=Contact(phone="0912000111"), channel="app",
    )  # fmt: skip
    receipt = file_petition(filing, actor=RESIDENT, at=at)
    return Petition.objects.get(number=receipt.number)


BAD = [Manner.TIME_OUT, Manner.REFUSE, Manner.TWICE, Manner.LATE, Manner.LOSE_REPLY]


def test_the_app_is_told_each_step_once_and_in_order(doors: Doors) -> None:
    sequence_entries()
    petition = app_petition()
    file_hole()
    case = petition.links.get().case
    cases.accept_case(case, actor=CAST.handler, at=MONDAY + timedelta(hours=1))
    cases.begin_case(case, actor=CAST.handler, at=MONDAY + timedelta(hours=2))
    for hour in (3, 4):
        at = MONDAY + timedelta(hours=hour)
        cases.note_progress(case, text="Đang lát lại gạch.", actor=CAST.handler, at=at)
    doors.app.manners.next(*BAD)

    for _turn in range(12):
        doors.clock.forward(hours=2)
        changes = told(doors)

    steps = ["petition.filed", "case.accepted", "case.begun", *["case.progress_noted"] * 2]
    assert [c["action"] for c in changes] == steps
    assert {c["number"] for c in changes} == {petition.number}
    assert changes[1]["state"] == "awaiting_handling"
    assert doors.app.times > len(steps)
    assert not Outgoing.objects.exclude(state="sent").exists()


def test_without_an_app_nothing_is_put_out(doors: Doors, settings: Any) -> None:
    settings.CHANNELS = settings.CHANNELS | {"APP_PUSH": ""}
    sequence_entries()
    app_petition()
    assert told(doors) == []
    assert not Outgoing.objects.exists()


# Its history --------------------------------------------------------------------------------------

FILED = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)


def past(**more: Any) -> Past:
    given = {
        "code": "IH-1", "filed_at": FILED, "text": HOLE, "digest": "1", "service": "road_damage",
        "longitude": SQUARE.longitude, "latitude": SQUARE.latitude, "phone": "0912000111",
    }  # fmt: skip
    return Past(**(given | more))


CLOSED = {"accepted_at": FILED + timedelta(hours=3), "closed_at": FILED + timedelta(days=4),
          "answer": "Đã lát lại đoạn vỉa hè trước cổng trường."}  # fmt: skip


@pytest.mark.usefixtures("located")
def test_a_closed_one_keeps_its_instants_and_no_clock_of_it_fires(doors: Doors) -> None:
    found = import_past(past(is_verified=True, **CLOSED), "app", at=MONDAY)

    petition = Petition.objects.get(number=found.number)
    case = petition.links.get().case
    assert (petition.channel, petition.filed_at) == ("app", FILED)
    assert (case.state, Petitioner.objects.get().verification) == ("answered", "app")
    assert {entry.at for entry in Entry.objects.filter(action="case.answered")} == {
        CLOSED["closed_at"]
    }
    assert not Clock.objects.filter(due_at__isnull=False, stopped_at=None).exists()
    assert fire_due_clocks(at=MONDAY, limit=100) == 0


@pytest.mark.usefixtures("located")
def test_it_is_not_told_back_but_what_comes_after_is(doors: Doors) -> None:
    sequence_entries()
    number = import_past(past(accepted_at=FILED + timedelta(hours=3)), "app", at=MONDAY).number
    case = Petition.objects.get(number=number).links.get().case
    cases.begin_case(case, actor=CAST.handler, at=MONDAY)

    changes = told(doors)

    assert [(c["action"], c["code"]) for c in changes] == [("case.begun", "IH-1")]


@pytest.mark.usefixtures("located")
def test_the_same_row_again_changes_nothing_and_another_says_so(small_town: object) -> None:
    first = import_past(past(**CLOSED), "app", at=MONDAY)
    again = import_past(past(**CLOSED), "app", at=MONDAY)

    assert (first.number, first.is_new, again.is_new) == (again.number, True, False)
    with pytest.raises(ChangedThere):
        import_past(past(digest="2"), "app", at=MONDAY)
    assert Petition.objects.count() == Case.objects.count() == Known.objects.count() == 1


@pytest.mark.usefixtures("located")
def test_one_that_no_unit_takes_is_imported_at_the_desk(small_town: object) -> None:
    found = import_past(past(service="", longitude=None, latitude=None, **CLOSED), "app", at=MONDAY)
    case = Petition.objects.get(number=found.number).links.get().case
    assert (case.unit, case.state) == ("desk", "answered")
    assert not Clock.objects.filter(due_at__isnull=False, stopped_at=None).exists()


def test_the_command_reads_a_file_and_names_the_rows_that_it_left(
    small_town: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import argparse

    from thudo.channels import command

    file = tmp_path / "past.csv"
    file.write_text(
        "code,filed_at,text,lon,lat,service,phone,closed_at,answer\n"
        f'A,2026-01-05T09:00:00,"{HOLE}",105.05,21.05,road_damage,0912000111,2026-01-09T10:00:00,Xong\n'
        f'B,hôm qua,"{HOLE}",,,,,,\n'
        "C,2026-01-05T09:00:00,x,,,,,,\n",
        "utf-8-sig",
    )
    arguments = argparse.Namespace(act="import", file=file, json=False)

    assert command.run(arguments) == command.run(arguments) == 1

    said = capsys.readouterr()
    assert "1 imported" in said.out
    assert "1 known" in said.out
    assert "line 3: filed_at is no ISO 8601 instant" in said.err
    assert Petition.objects.get().filed_at == datetime(2026, 1, 5, 2, 0, tzinfo=UTC)


def test_a_file_without_its_columns_is_refused() -> None:
    import io

    with pytest.raises(Unreadable, match="filed_at"):
        list(rows(io.StringIO("code,text\n"), UTC))


@pytest.mark.usefixtures("located")
def test_the_apps_own_code_leads_to_the_page(browser: Client) -> None:
    number = import_past(past(**CLOSED), "app", at=MONDAY).number

    assert browser.get("/app/petitions/IH-1")["Location"] == f"/petitions/{number}"
    assert browser.get("/app/petitions/IH-2").status_code == 404


def test_a_stranger_may_not_see_how_the_doors_do(browser: Client) -> None:
    assert browser.get("/channels").status_code == 302
    assert browser.post("/channels/mail/retries").status_code == 403
