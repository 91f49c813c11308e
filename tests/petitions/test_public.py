"""Nothing private leaves: the public projection, the pages, the files, the live topics."""

import io
from datetime import timedelta

import pytest
from django.test import Client

from tests.petitions.conftest import HOLE, file_hole, jpeg, sender_of
from tests.petitions.test_follow import finish
from tests.town import CAST, MONDAY, TOWN_SQUARE, Cast
from thudo.cases import actions as cases
from thudo.cases.models import Case
from thudo.files.actions import keep_upload, publish_files
from thudo.files.models import Attachment
from thudo.live.queries import may_follow
from thudo.petitions import actions
from thudo.petitions.queries.public import public_view, public_views
from thudo.petitions.queries.reading import public_petitions
from thudo.petitions.rules import public_point

HOUR = timedelta(hours=1)


def test_a_public_petition_shows_its_words_place_and_published_result(small_town: Cast) -> None:
    petition, _secret = file_hole()
    finish(petition)

    view = public_view(petition)

    assert (view.text, view.place, view.area, view.service) == (
        HOLE, "1 High Street", "w1", "road_damage",
    )  # fmt: skip
    assert view.state == "resolved"
    assert view.answers[0].outcome == "resolved"
    assert view.point is not None
    assert (view.point.longitude, view.point.latitude) == TOWN_SQUARE


def test_a_private_one_shows_only_state_unit_and_instants(small_town: Cast) -> None:
    petition, _secret = file_hole(is_public=False)

    view = public_view(petition)

    assert (view.state, view.unit) == ("awaiting_intake", "ward-1")
    assert not view.is_shown
    assert (view.text, view.place, view.area, view.service, view.point) == ("", "", "", "", None)
    assert (view.cases, view.photos, view.notes, view.answers) == ((), (), (), ())


def test_a_home_shows_a_disc_that_holds_it_and_no_address(small_town: Cast) -> None:
    petition, _secret = file_hole(is_home=True)

    view = public_view(petition)

    assert view.place == ""
    assert view.point is not None
    assert view.point.is_coarse
    assert (view.point.longitude, view.point.latitude) != TOWN_SQUARE


def test_neighbours_at_home_share_one_public_point() -> None:
    one = public_point(105.05, 21.05, is_home=True)
    other = public_point(105.0501, 21.0501, is_home=True)

    assert one == other


def test_an_unchecked_answer_and_a_question_are_not_public(small_town: Cast) -> None:
    petition, _secret = file_hole()
    case = Case.objects.get(links__petition=petition)
    cases.accept_case(case, actor=CAST.handler, at=MONDAY)
    cases.ask_petitioner(case, text="Nhà số mấy?", actor=CAST.handler, at=MONDAY + HOUR)
    sender = sender_of(petition)
    actions.supplement_petition(petition, text="Số 12.", actor=sender, at=MONDAY + HOUR)
    case.refresh_from_db()
    claim = cases.Claim("resolved", "Done, says the unit alone.", proof=("photo",))
    cases.answer_case(case, claim, draw=0.1, actor=CAST.handler, at=MONDAY + 2 * HOUR)

    view = public_view(petition)

    assert view.notes == view.answers == ()


@pytest.mark.parametrize("how", ["private", "hidden", "withdrawn", "refused", "thanked"])
def test_what_is_not_shown_is_in_no_list(small_town: Cast, how: str) -> None:
    more = {"refused": {"text": "Tôi khiếu nại quyết định thu hồi đất số 123.", "service": ""},
            "thanked": {"text": "Cảm ơn cán bộ một cửa đã hướng dẫn nhiệt tình.", "service": ""},
            "private": {"is_public": False}}  # fmt: skip
    petition, _secret = file_hole(**more.get(how, {}))
    if how == "hidden":
        actions.hide_petition(petition, text="Names a person.", actor=CAST.checker, at=MONDAY)
    if how == "withdrawn":
        actions.withdraw_petition(petition, actor=sender_of(petition), at=MONDAY)
        petition.refresh_from_db()

    assert not public_view(petition).is_shown
    assert petition not in public_petitions()


def test_many_cost_as_many_statements_as_one(
    small_town: Cast, django_assert_num_queries: object
) -> None:
    rows = [file_hole()[0] for _ in range(3)]

    with django_assert_num_queries(5):  # type: ignore[operator]
        public_views(rows)


def test_the_page_of_a_private_one_tells_a_stranger_nothing(browser: Client) -> None:
    petition, _secret = file_hole(is_public=False, text="Bí mật của ông Nguyễn Văn A tại nhà.")

    for address in ("", "/live", "/point.geojson"):
        page = browser.get(f"/petitions/{petition.number}{address}").content.decode()
        assert "Nguyễn Văn A" not in page
        assert "High Street" not in page
        assert "105.05" not in page
    assert (
        "This report is not public" in browser.get(f"/petitions/{petition.number}").content.decode()
    )


def test_the_secret_link_opens_it_and_the_browser_remembers(browser: Client) -> None:
    petition, secret = file_hole(is_public=False)

    opened = browser.get(f"/petitions/{petition.number}/{secret}").content.decode()
    later = browser.get(f"/petitions/{petition.number}").content.decode()

    assert HOLE in opened
    assert HOLE in later
    assert secret in later


def test_a_wrong_link_and_an_unknown_number_look_the_same(browser: Client) -> None:
    petition, secret = file_hole()
    wrong = secret[:-1] + ("2" if secret[-1] != "2" else "3")

    answers = [
        browser.get(f"/petitions/{number}/{code}")
        for number, code in ((petition.number, wrong), ("5720000001", secret))
    ]

    assert [a.status_code for a in answers] == [404, 404]
    assert "opened_petitions" not in browser.session


def test_the_page_of_a_public_one_holds_no_secret_and_no_buttons_for_strangers(
    browser: Client,
) -> None:
    petition, secret = file_hole()

    page = browser.get(f"/petitions/{petition.number}").content.decode()

    assert HOLE in page
    assert secret not in page
    assert "qr.svg" not in page
    assert "Take it back" not in page
    assert "0900000000" not in page


@pytest.mark.parametrize("noun", ["supplements", "verdicts", "withdrawals", "reviews"])
def test_a_stranger_cannot_post(browser: Client, noun: str) -> None:
    petition, _secret = file_hole()

    assert browser.post(f"/petitions/{petition.number}/{noun}").status_code == 404


def test_a_photo_is_its_senders_at_once_and_everybodys_when_published(browser: Client) -> None:
    row = _draft()
    petition, secret = file_hole(files=(str(row.pk),), draft_key="d")
    sender, address = Client(), f"/petitions/{petition.number}/files/{row.pk}"
    sender.get(f"/petitions/{petition.number}/{secret}")

    assert status(sender, address) == status(sender, f"{address}/small") == 200
    assert status(browser, address) == status(browser, f"/files/{row.pk}") == 404

    publish_files("petition", str(petition.pk), purposes=["matter"])
    assert status(browser, address) == 200


def test_a_file_of_another_petition_is_not_handed_out(browser: Client) -> None:
    row = _draft()
    file_hole(files=(str(row.pk),), draft_key="d")
    mine, secret = file_hole()
    browser.get(f"/petitions/{mine.number}/{secret}")

    assert status(browser, f"/petitions/{mine.number}/files/{row.pk}") == 404


def test_the_stream_of_a_private_one_is_for_its_sender(small_town: Cast) -> None:
    petition, _secret = file_hole(is_public=False)
    topic = f"petition:{petition.number}"

    assert not may_follow(CAST.stranger, topic)
    assert may_follow(sender_of(petition), topic)


def status(client: Client, address: str) -> int:
    """The status of a download, which is read to its end."""
    answer = client.get(address)
    answer.getvalue()
    return answer.status_code


def _draft() -> Attachment:
    return keep_upload(io.BytesIO(jpeg()), draft_key="d", actor="resident", at=MONDAY)
