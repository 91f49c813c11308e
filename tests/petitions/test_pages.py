"""The pages of filing and tracking, without a script."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.petitions.conftest import COMPLAINT, FLOOD, HOLE, PRAISE, file_hole, jpeg
from tests.petitions.test_follow import DONE, finish
from tests.town import CAST, MONDAY
from thudo.cases import actions as cases
from thudo.cases.models import Case
from thudo.directory.models import Place
from thudo.files.models import Attachment
from thudo.petitions.actions import desk
from thudo.petitions.models import Petition, Verdict

HOUR = timedelta(hours=1)
GOOD = {"text": HOLE, "place": "1 High Street", "lon": "105.05", "lat": "21.05", "phone": "0900 000 000",
        "visibility": "public", "idempotency_key": "k1"}  # fmt: skip
Clock = Callable[[datetime], None]


def words(page: Any) -> str:
    """What a person reads: tags away, spaces single."""
    text = re.sub(r"<[^>]+>", " ", page.content.decode())
    return re.sub(r"\s+", " ", text)


def photo(colour: tuple[int, int, int] = (1, 2, 3)) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", jpeg(colour), "image/jpeg")


def test_the_form_asks_four_things_and_no_account(browser: Client) -> None:
    page = words(browser.get("/petitions/new"))

    for part in ("A photo of the place", "Where is it?", "What is the matter?", "Who may read it?"):
        assert part in page
    assert "No account, no password." in page


def test_a_form_sent_leads_to_the_answer(browser: Client) -> None:
    browser.get("/petitions/new")
    page = browser.post("/petitions/", GOOD, follow=True)

    told = words(page)
    petition = Petition.objects.get()
    assert page.status_code == 200
    assert "The city has received your report." in told
    assert " ".join(petition.number[i : i + 2] for i in range(0, 10, 2)) in told
    assert "handler of ward-1" in told
    assert "This unit looks after it." in told
    assert "Town rule 2" in told
    assert "Intake confirmed before" in told
    assert "Result at the latest" in told


def test_a_form_sent_twice_is_one_petition(browser: Client) -> None:
    browser.get("/petitions/new")
    first = browser.post("/petitions/", GOOD | {"photos": photo()})
    second = browser.post("/petitions/", GOOD | {"photos": photo()})

    assert first["Location"] == second["Location"]
    assert Petition.objects.count() == 1


def test_the_same_form_with_other_words_offers_to_send_them_as_a_new_report(
    browser: Client,
) -> None:
    browser.get("/petitions/new")
    browser.post("/petitions/", GOOD)
    page = browser.post("/petitions/", GOOD | {"text": "Vỉa hè bên kia đường cũng hỏng nặng."})

    assert page.status_code == 422
    assert "already sent from this form" in words(page)
    key = re.search(r'name="idempotency_key" value="([^"]+)"', page.content.decode())
    assert key is not None
    assert key[1] != GOOD["idempotency_key"]


def test_errors_keep_all_that_was_typed_and_attached(browser: Client) -> None:
    browser.get("/petitions/new")
    page = browser.post(
        "/petitions/",
        GOOD | {"phone": "12", "visibility": "private", "is_home": "on", "photos": photo()},
    )

    html = page.content.decode()
    row = Attachment.objects.get()
    assert page.status_code == 422
    assert "This is not a phone number" in html
    assert HOLE in html
    assert 'value="1 High Street"' in html
    assert 'value="105.05"' in html
    assert 'value="12"' in html
    assert f'value="{row.pk}" checked' in html
    assert re.search(r'value="private" checked', html)
    assert re.search(r'name="is_home" checked', html)

    browser.post("/petitions/", GOOD | {"files": str(row.pk), "idempotency_key": "k2"})
    row.refresh_from_db()
    assert row.subject_id == str(Petition.objects.get().pk)


def test_a_file_that_is_no_photo_is_told_beside_the_field_and_the_others_stay(
    browser: Client,
) -> None:
    browser.get("/petitions/new")
    text = SimpleUploadedFile("a.txt", b"hello", "text/plain")
    page = browser.post("/petitions/", GOOD | {"photos": [photo(), text]})

    assert page.status_code == 422
    assert "a.txt: Only photos" in words(page)
    assert Attachment.objects.count() == 1


def test_without_a_place_it_is_asked_for_unless_there_is_none(browser: Client) -> None:
    bare = GOOD | {"place": "", "lon": "", "lat": ""}

    assert "Please say where it is" in words(browser.post("/petitions/", bare))
    assert browser.post("/petitions/", bare | {"no_place": "on"}).status_code == 302


def _streets() -> None:
    for name, area, lon in (("Hồ Street", "w1", 105.03), ("Hồ Street", "w2", 105.13)):
        Place.objects.create(
            code=f"street:{area}", kind="street", name=name, folded="ho street", detail="",
            area_id=area, longitude=lon, latitude=21.05, weight=60,
        )  # fmt: skip


def test_a_typed_place_that_may_be_two_is_chosen_from_a_list(browser: Client) -> None:
    _streets()
    typed = GOOD | {"place": "ho street", "lon": "", "lat": ""}
    page = browser.post("/petitions/", typed)

    assert page.status_code == 422
    assert "Which place is meant?" in words(page)
    keys = re.findall(r'name="place_choice" value="([^"]+)"', page.content.decode())
    assert keys == ["ho street|w1", "ho street|w2", "typed"]

    browser.post("/petitions/", typed | {"place_choice": keys[1]})
    assert Petition.objects.get().area == "w2"


def test_a_place_kept_as_typed_goes_without_a_point(browser: Client) -> None:
    typed = GOOD | {"place": "sau nhà văn hóa", "lon": "", "lat": "", "place_choice": "typed"}
    browser.post("/petitions/", typed)

    petition = Petition.objects.get()
    assert (petition.place, petition.longitude) == ("sau nhà văn hóa", None)


def test_a_point_without_words_gets_the_name_of_what_is_near(browser: Client) -> None:
    _streets()
    browser.post(
        "/petitions/",
        GOOD | {"place": "21.05001, 105.03001", "lon": "105.03001", "lat": "21.05001"},
    )

    assert Petition.objects.get().place == "Hồ Street, Ward w1"


def test_a_complaint_gets_the_reason_and_a_way_to_be_read_by_a_person(browser: Client) -> None:
    page = browser.post("/petitions/", GOOD | {"text": COMPLAINT}, follow=True)
    petition = Petition.objects.get()

    assert "This channel cannot handle it" in words(page)
    assert "Ask for a review" in words(page)

    later = words(browser.post(f"/petitions/{petition.number}/reviews", follow=True))
    assert "The desk reads it first." in later


def test_praise_is_thanked_and_never_called_refused(browser: Client) -> None:
    told = words(browser.post("/petitions/", GOOD | {"text": PRAISE}, follow=True))

    assert "Thank you, it was passed on" in told
    assert "cannot handle" not in told
    assert "Ask for a review" not in told


def test_while_one_types_a_service_its_words_and_the_owner_are_proposed(
    browser: Client, clock: Clock
) -> None:
    clock(MONDAY)
    other, _secret = file_hole(text=FLOOD, service="flooding")
    given = {"text": FLOOD, "lon": "105.05", "lat": "21.05"}
    answer = browser.post("/petitions/suggestions", given).json()

    assert answer["service"]["code"] == "flooding"
    assert answer["service"]["words"]
    assert len(answer["alternatives"]) <= 2
    assert answer["urgency"] == "urgent"
    assert answer["owner"]["unit"] == "drainage"
    assert answer["owner"]["line"].startswith("The unit confirms intake before")
    assert f'formaction="/petitions/{other.number}/followers"' in answer["similar"]


def test_danger_in_the_words_shows_the_numbers_to_call(browser: Client) -> None:
    text = "Có cháy nhà, người mắc kẹt bên trong, khói rất nhiều."

    assert browser.post("/petitions/suggestions", {"text": text}).json()["danger"] is True
    told = words(browser.post("/petitions/", GOOD | {"text": text}, follow=True))
    assert "If anyone is in danger" in told


def test_a_cry_is_heard_however_short(browser: Client) -> None:
    told = words(browser.post("/petitions/", GOOD | {"text": "Cháy nhà"}, follow=True))
    assert "If anyone is in danger" in told
    refused = browser.post("/petitions/", GOOD | {"text": "Hỏng rồi"})
    assert refused.status_code == 422


def test_no_address_holds_a_nul(browser: Client) -> None:
    for address in ("/petitions/%00", "/app/petitions/%00", "/api/v1/petitions/%00"):
        assert browser.get(address).status_code == 404
    # In the reader's language, whatever the last one's was.
    browser.get("/", headers={"accept-language": "en"})
    told = browser.get("/petitions/%00", headers={"accept-language": "vi"})
    assert "Không có trang nào ở địa chỉ này." in told.content.decode()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_count_of_letters_is_given_its_limit_as_a_number(
    browser: Client, language: str
) -> None:
    page = browser.get("/petitions/new", headers={"accept-language": language}).content.decode()
    assert 'data-limit="4000"' in page


def test_a_private_neighbour_is_never_proposed_as_similar(browser: Client, clock: Clock) -> None:
    clock(MONDAY)
    file_hole(is_public=False)
    given = {"text": HOLE, "lon": "105.05", "lat": "21.05"}

    assert browser.post("/petitions/suggestions", given).json()["similar"] == ""


def test_the_line_tells_what_was_done_and_what_is_promised(browser: Client, clock: Clock) -> None:
    clock(MONDAY + 3 * HOUR)
    petition, secret = file_hole()
    case = Case.objects.get(links__petition=petition)
    cases.accept_case(case, actor=CAST.handler, at=MONDAY + HOUR)
    cases.note_progress(case, text="Crew ordered.", actor=CAST.handler, at=MONDAY + 2 * HOUR)

    told = words(browser.get(f"/petitions/{petition.number}/{secret}"))

    line = ["The city received it", "ward-1 took it in", "Crew ordered.", "Result", "Your verdict"]
    places = [told.index(part, told.index("The city received it")) for part in line]
    assert places == sorted(places)


def test_a_question_stands_at_the_top_and_is_answered_below(browser: Client) -> None:
    petition, secret = file_hole()
    case = Case.objects.get(links__petition=petition)
    cases.accept_case(case, actor=CAST.handler, at=MONDAY)
    cases.ask_petitioner(case, text="Which gate?", actor=CAST.handler, at=MONDAY + HOUR)
    address = f"/petitions/{petition.number}"

    assert "ward-1 asks: Which gate?" in words(browser.get(f"{address}/{secret}"))
    assert "Which gate?" not in words(Client().get(address))

    told = words(browser.post(f"{address}/supplements", {"text": "The lake gate."}, follow=True))
    assert "The lake gate." in told
    assert "asks:" not in told


def test_a_published_result_is_judged_by_one_of_three_equal_choices(browser: Client) -> None:
    petition, secret = file_hole()
    case = finish(petition)
    page = browser.get(f"/petitions/{petition.number}/{secret}")
    for value in ("satisfied", "acceptable", "not_satisfied"):
        choice = (
            f'<label class="chip-choice"><input type="radio" name="value" value="{value}" required>'
        )
        assert choice in page.content.decode()
    assert DONE in words(page)

    verdict = {"case": str(case.pk), "value": "acceptable"}
    told = words(browser.post(f"/petitions/{petition.number}/verdicts", verdict, follow=True))

    assert "The sender's verdict: Acceptable" in told.replace("&#x27;", "'")
    assert Verdict.objects.get().value == "acceptable"


def test_a_broken_promise_is_shown_as_one(browser: Client, clock: Clock) -> None:
    petition, secret = file_hole()
    cases.fire_due_clocks(at=MONDAY + timedelta(days=2))
    clock(MONDAY + timedelta(days=2))

    page = browser.get(f"/petitions/{petition.number}/{secret}")

    assert "Not taken in by the promised time" in words(page)
    assert 'class="state state-late"' in page.content.decode()


def test_the_receipt_fits_paper_and_carries_the_link_as_a_picture(browser: Client) -> None:
    petition, secret = file_hole()
    address = f"/petitions/{petition.number}/{secret}"

    receipt = browser.get(f"{address}/receipt")
    picture = browser.get(f"{address}/qr.svg")

    assert "Receipt of a report" in words(receipt)
    assert f"{address}/qr.svg" in receipt.content.decode()
    assert picture["Content-Type"] == "image/svg+xml"
    assert picture.content.startswith(b"<svg") or b"<svg" in picture.content
    assert b"style=" not in picture.content


@pytest.mark.parametrize("typed", ["{n}", " {p} "])
def test_a_number_is_found_as_it_is_read_out(browser: Client, typed: str) -> None:
    petition, _secret = file_hole()
    n = petition.number
    pairs = " ".join(n[i : i + 2] for i in range(0, 10, 2))

    found = browser.get("/petitions/find", {"number": typed.format(n=n, p=pairs)})

    assert found["Location"] == f"/petitions/{n}"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("123", "this one has 3"), ("1234567890", "One digit is not right"), ("", "ten digits")],
)
def test_a_wrong_number_is_told_what_is_wrong(browser: Client, typed: str, sentence: str) -> None:
    page = browser.get("/petitions/find", {"number": typed})

    assert page.status_code == 422
    assert sentence in words(page)


def test_what_is_added_is_read_by_sender_and_unit_and_by_nobody_else(browser: Client) -> None:
    petition, secret = file_hole()
    added = browser.get(f"/petitions/{petition.number}/{secret}") and browser.post(
        f"/petitions/{petition.number}/supplements", {"text": "It is deeper today."}, follow=True
    )

    assert "What you added was sent." in words(added)
    assert "You added" in words(added)
    assert "It is deeper today." in words(added)
    assert f'data-clear="supplement-{petition.number}"' in added.content.decode()
    assert "deeper" not in words(Client().get(f"/petitions/{petition.number}"))


def test_a_home_is_not_found_by_the_address_that_its_page_hides(browser: Client) -> None:
    petition, _secret = file_hole(place="12 khuong dinh", is_home=True)

    found = browser.get("/petitions/", {"q": "khuong dinh"}).content.decode()

    assert petition.number not in found


def test_a_refusal_under_review_is_seen_by_nobody_before_the_desk(browser: Client) -> None:
    petition, secret = file_hole(text=COMPLAINT, service="")
    browser.get(f"/petitions/{petition.number}/{secret}")

    browser.post(f"/petitions/{petition.number}/reviews")

    petition.refresh_from_db()
    case = Case.objects.get(links__petition=petition)
    assert (petition.handling, petition.is_hidden, case.is_public) == ("case", True, False)
    desk.triage_petition(
        case, service="road_damage", urgency="normal", actor=CAST.intake, at=MONDAY + HOUR
    )
    petition.refresh_from_db()
    assert not petition.is_hidden


def test_three_letters_are_accused_of_nothing(browser: Client) -> None:
    petition, _secret = file_hole(text="xxxx xxxx xxxx", service="")

    assert petition.handling == "case"


def test_my_reports_are_those_whose_link_this_browser_has_opened(browser: Client) -> None:
    mine, secret = file_hole()
    other, _secret = file_hole(is_public=False)
    browser.get(f"/petitions/{mine.number}/{secret}")

    listed = browser.get("/petitions/mine").content.decode()
    assert f'href="/petitions/{mine.number}"' in listed
    assert other.number not in listed

    browser.post("/petitions/mine/forgetting")
    assert mine.number not in browser.get("/petitions/mine").content.decode()
    assert "Waiting for intake" in words(browser.get(f"/petitions/{mine.number}/{secret}"))


def test_a_report_that_waited_is_the_one_whose_answer_was_lost(browser: Client) -> None:
    Place.objects.create(
        code="osm:n9", kind="poi", name="Corner School", folded="corner school", source="test",
        longitude=105.05, latitude=21.05,
    )  # fmt: skip
    form = {name: value for name, value in GOOD.items() if name not in {"lon", "lat"}}
    form["place"] = "Corner School"
    browser.get("/petitions/new")  # gives the browser the key of its requests
    browser.post("/petitions/", form)

    waited = browser.post("/petitions/", form | {"place_choice": "unasked"})

    petition = Petition.objects.get()
    assert waited.status_code == 302
    assert petition.number in waited["Location"]
    assert petition.longitude == 105.05


def test_a_report_that_waited_keeps_a_place_that_nobody_knows_as_typed(browser: Client) -> None:
    form = {name: value for name, value in GOOD.items() if name not in {"lon", "lat"}}
    form["place"] = "Behind the blue gate"
    assert browser.post("/petitions/", form).status_code == 422

    assert browser.post("/petitions/", form | {"place_choice": "unasked"}).status_code == 302

    assert Petition.objects.get().place == "Behind the blue gate"
