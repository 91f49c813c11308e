"""The pages of following, without a script: from a card or a report's page to one's own link."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests.petitions.conftest import COMPLAINT, HOLE, file_hole
from tests.petitions.test_follow import HOUR, finish
from tests.petitions.test_pages import GOOD, photo, words
from tests.town import MONDAY, Cast
from thudo.directory.models import PackVersion
from thudo.directory.queries import forget
from thudo.files.models import Attachment
from thudo.petitions.models import Follower, FollowerVerdict, FollowerWord, Petition

Clock = Callable[[datetime], None]
TYPED = "via he cong truong bong gach, kho di qua"


@pytest.fixture(autouse=True)
def monday(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    from thudo.petitions.views import follow

    clock(MONDAY)
    monkeypatch.setattr(follow, "now", lambda: MONDAY)


def follow(browser: Client, petition: Petition, **typed: object) -> str:
    """Follow from the report's page; the path of the follower's own page."""
    answer = browser.post(f"/petitions/{petition.number}/followers", typed)
    assert answer.status_code == 302
    return str(answer["Location"]).split("?")[0]


def test_a_reports_page_offers_to_follow_it_and_then_is_the_followers_own(browser: Client) -> None:
    petition, _secret = file_hole()
    assert "Have you met the same matter?" in words(browser.get(f"/petitions/{petition.number}"))

    link = follow(browser, petition, phone="0900 000 001")

    told = words(browser.get(link))
    assert "You follow this report" in told
    assert "2 people report or follow this" in told
    assert link in told
    assert "0900" not in told
    other = Client(headers={"accept-language": "en"})
    assert "You follow this report" in words(other.get(link))
    assert "2 people report or follow this" in words(
        Client().get(f"/petitions/{petition.number}", headers={"accept-language": "en"})
    )


def test_the_list_of_my_reports_has_those_i_follow(browser: Client) -> None:
    petition, _secret = file_hole()
    follow(browser, petition)

    assert "Reports you follow" in words(browser.get("/petitions/mine"))
    assert petition.number in browser.get("/petitions/mine").content.decode()
    browser.post("/petitions/mine/forgetting")
    assert petition.number not in browser.get("/petitions/mine").content.decode()


def test_a_card_on_the_filing_page_sends_what_was_typed_along(browser: Client) -> None:
    petition, _secret = file_hole()
    browser.get("/petitions/new")
    page = browser.post("/petitions/", GOOD | {"text": TYPED, "step": "similar"})

    assert page.status_code == 200
    assert f'formaction="/petitions/{petition.number}/followers"' in page.content.decode()
    assert Petition.objects.count() == 1
    link = follow(browser, petition, **(GOOD | {"text": TYPED, "photos": photo()}))
    word = FollowerWord.objects.get()
    picture = Attachment.objects.get(subject_kind="follower_word")
    assert (word.text, picture.subject_id, picture.is_public) == (TYPED, str(word.pk), False)
    address = f"/petitions/{petition.number}/following/files/{picture.pk}/small"
    assert address in browser.get(link).content.decode()
    assert browser.get(address).getvalue()
    assert Client().get(address).status_code == 404
    assert Client().get(f"/files/{picture.pk}").status_code == 404


def test_the_step_before_sending_says_that_there_is_none(browser: Client) -> None:
    browser.get("/petitions/new")
    page = browser.post("/petitions/", GOOD | {"step": "similar"})

    assert "No similar report was found nearby." in words(page)
    assert HOLE in page.content.decode()


def test_a_private_report_offers_nothing_and_takes_no_followers(browser: Client) -> None:
    private, _secret = file_hole(is_public=False)

    assert "Have you met" not in words(browser.get(f"/petitions/{private.number}"))
    assert browser.post(f"/petitions/{private.number}/followers").status_code == 404
    assert browser.post("/petitions/1234567890/followers").status_code == 404
    assert Follower.objects.count() == 0


def test_a_wrong_number_is_said_and_nothing_is_followed(browser: Client) -> None:
    petition, _secret = file_hole()
    page = browser.post(f"/petitions/{petition.number}/followers", {"phone": "12", "text": TYPED})

    assert page.status_code == 422
    assert "This is not a phone number." in words(page)
    assert TYPED in page.content.decode()
    assert Follower.objects.count() == 0


def test_a_follower_adds_judges_and_stops_on_his_page(browser: Client, clock: Clock) -> None:
    petition, _secret = file_hole()
    link = follow(browser, petition)
    base = f"/petitions/{petition.number}/following"
    added = browser.post(f"{base}/words", {"text": "Thêm một chỗ nữa."}, follow=True)
    assert "Thêm một chỗ nữa." in words(added)
    assert browser.post(f"{base}/words", {"text": " "}).status_code == 422
    assert "Thêm một chỗ nữa." not in words(Client().get(f"/petitions/{petition.number}"))

    case = finish(petition)
    clock(MONDAY + 4 * HOUR)
    assert "You waited for it too" in words(browser.get(link))
    given = {"case": str(case.pk), "value": "acceptable"}
    assert "Followers: 1 acceptable" in words(browser.post(f"{base}/verdicts", given, follow=True))
    assert FollowerVerdict.objects.get().value == "acceptable"
    assert petition.verdicts.count() == 0

    browser.post(f"{base}/endings")
    assert browser.get(link)["Location"] == f"/petitions/{petition.number}"
    assert browser.post(f"{base}/words", {"text": "Nữa."}).status_code == 404


def test_a_strangers_browser_is_no_follower(browser: Client) -> None:
    petition, _secret = file_hole()
    follow(browser, petition)
    stranger = Client()

    for what in ("words", "verdicts", "endings"):
        answer = stranger.post(f"/petitions/{petition.number}/following/{what}", {"text": "x"})
        assert answer.status_code == 404
    assert stranger.get(f"/petitions/{petition.number}/followers/{'2' * 22}").status_code == 404


def test_those_who_handle_it_read_what_followers_add_but_not_who_they_are(
    browser: Client, small_town: Cast
) -> None:
    from tests.petitions.test_follow import case_of
    from thudo.desks.queries.sheet import case_for, sheet_of

    petition, _secret = file_hole()
    follow(browser, petition, phone="0900000001", text=TYPED)

    at = MONDAY + timedelta(hours=1)
    sheet = sheet_of(small_town.handler, case_for(small_town.handler, case_of(petition).pk, at), at)
    assert sheet.followers == 1
    assert [(r.text, r.is_follower) for r in sheet.replies] == [(TYPED, True)]
    assert "0900000001" not in repr(sheet)


def test_the_right_office_stands_with_what_this_channel_may_not_take(browser: Client) -> None:
    row = PackVersion.objects.get()
    words_of = {"en": "Reception office"}
    office = {
        "services": ["complaint_denunciation"],
        "name": words_of,
        "address": {"en": "1 Law Street"},
    }
    row.city = row.city | {"offices": [office]}
    row.save()
    forget()
    told = browser.post("/petitions/suggestions", {"text": COMPLAINT}).json()["notice"]
    petition, secret = file_hole(text=COMPLAINT, service="")

    assert "Reception office: 1 Law Street." in told
    assert "1 Law Street" in words(browser.get(f"/petitions/{petition.number}/{secret}"))


def test_too_many_letters_are_said_beside_the_text(browser: Client) -> None:
    browser.get("/petitions/new")
    page = browser.post("/petitions/", GOOD | {"text": "ngập " * 1000})

    assert page.status_code == 422
    assert "At most 4000 characters." in words(page)
    assert "maxlength" not in page.content.decode().split('id="id_text"')[0][-300:]
