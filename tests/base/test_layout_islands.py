"""The islands as a person meets them, in a real browser."""

import io

import pytest
from PIL import Image

from tests.base import islands_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chromium, settings, live_server):
    settings.ROOT_URLCONF = "tests.base.islands_page"
    islands_page.received.clear()
    islands_page.uploads.clear()
    context = chromium.new_context(
        viewport={"width": 390, "height": 844},
        locale="vi-VN",
        permissions=["geolocation"],
        geolocation={"longitude": 105.81, "latitude": 21.0},
    )
    page = context.new_page()
    page.goto(f"{live_server.url}/form")
    page.evaluate("customElements.whenDefined('live-region').then(() => true)")
    yield page
    context.close()


def photo(size, exif=None) -> bytes:
    body = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(body, "jpeg", exif=exif or Image.Exif())
    return body.getvalue()


def with_place() -> Image.Exif:
    """Taken at 16:45 on 13 February 2026, 20°59'36.6" N 105°48'55.8" E."""
    exif = Image.Exif()
    exif[0x8769] = {0x9003: "2026:02:13 16:45:00"}
    exif[0x8825] = {1: "N", 2: (20.0, 59.0, 36.6), 3: "E", 4: (105.0, 48.0, 55.8)}
    return exif


def attach(page, name, body) -> None:
    page.set_input_files("#photos", [{"name": name, "mimeType": "image/jpeg", "buffer": body}])
    page.wait_for_selector("input[name=files]", state="attached")


def wait_for(page, expression) -> None:
    page.wait_for_function(f"() => {expression}", timeout=8_000)


def test_a_photo_is_scaled_on_the_phone_and_its_place_is_read_first(page):
    attach(page, "big.jpg", photo((3000, 2000), with_place()))

    sent = islands_page.uploads[0]
    assert Image.open(io.BytesIO(sent["body"])).size == (1600, 1067)
    assert (sent["lon"], sent["lat"]) == ("105.8155", "20.9935")
    assert sent["taken_at"] == "2026-02-13T16:45:00"
    assert page.get_by_text("Dùng nơi chụp ảnh").is_visible()


def test_a_photo_without_a_place_offers_none(page):
    attach(page, "plain.jpg", photo((800, 600)))

    assert "lon" not in islands_page.uploads[0]
    assert not page.get_by_text("Dùng nơi chụp ảnh").is_visible()


def test_the_place_of_the_photo_is_taken_only_when_the_person_says_so(page):
    attach(page, "big.jpg", photo((400, 300), with_place()))
    assert page.input_value("[name=lon]") == ""

    page.get_by_text("Dùng nơi chụp ảnh").click()

    assert page.input_value("[name=lon]") == "105.815500"


def test_a_photo_can_be_removed(page):
    attach(page, "plain.jpg", photo((800, 600)))

    page.get_by_label("Bỏ tệp này").click()

    assert page.locator("input[name=files]").count() == 0


def test_everything_typed_is_back_after_a_reload(page):
    key = page.input_value("[name=idempotency_key]")
    page.fill("#text", "Nước ngập ngang đầu gối")
    page.get_by_text("Dùng vị trí của tôi").click()
    wait_for(page, "document.querySelector('[name=lon]').value === '105.810000'")
    attach(page, "plain.jpg", photo((800, 600)))
    page.wait_for_timeout(200)

    page.reload()

    wait_for(page, "document.querySelector('#text').value === 'Nước ngập ngang đầu gối'")
    assert page.input_value("[name=lon]") == "105.810000"
    assert page.input_value("[name=idempotency_key]") == key
    assert page.locator("input[name=files]").count() == 1


def test_without_a_network_nothing_is_lost_and_the_page_says_so(page):
    page.fill("#text", "Nước ngập")
    page.context.set_offline(True)

    page.click("#send")

    wait_for(page, "document.querySelector('.draft-state').textContent.includes('Không có mạng')")
    assert page.input_value("#text") == "Nước ngập"
    assert islands_page.received == []


def test_two_quick_presses_send_once_with_one_key_and_the_draft_is_forgotten(page):
    key = page.input_value("[name=idempotency_key]")
    page.fill("#text", "Nước ngập")

    page.dblclick("#send")

    page.wait_for_url("**/thanks")
    assert [one["idempotency_key"] for one in islands_page.received] == [key]
    assert islands_page.received[0]["header"] == key
    assert page.evaluate("localStorage.length") == 0


def test_an_error_of_the_form_keeps_what_was_typed(page):
    page.fill("#text", "wrong")

    page.click("#send")

    page.wait_for_selector("#errors")
    wait_for(page, "document.querySelector('#text').value === 'wrong'")
    page.fill("#text", "right")
    page.click("#send")
    page.wait_for_url("**/thanks")


def test_a_place_is_chosen_by_keys_alone(page):
    page.fill("#place", "khuong dinh")
    page.wait_for_selector("[role=option]")

    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#place", "aria-activedescendant") == "place-list-0"
    page.keyboard.press("Enter")

    assert page.input_value("#place") == "Ngõ 168, phường Khương Đình"
    assert page.input_value("[name=lon]") == "105.815500"
    assert page.url.endswith("/form")


def test_where_the_device_stands_is_told_in_words(page):
    page.get_by_text("Dùng vị trí của tôi").click()

    wait_for(page, "document.querySelector('#place').value === 'Ngõ 168, phường Khương Đình'")
    assert page.input_value("[name=lon]") == "105.810000"


def test_another_name_near_the_same_point_may_be_chosen(page):
    page.get_by_text("Dùng vị trí của tôi").click()

    page.get_by_role("button", name="Đường Khương Đình").click()

    assert page.input_value("#place") == "Đường Khương Đình"
    assert page.input_value("[name=lon]") == "105.810000"
    page.fill("#place", "chợ")
    assert not page.get_by_role("button", name="Đường Khương Đình").is_visible()


def test_the_list_of_candidates_covers_no_button(page):
    page.fill("#place", "khuong dinh")
    page.wait_for_selector("[role=option]")

    page.get_by_text("Dùng vị trí của tôi").click()

    wait_for(page, "document.querySelector('[name=lon]').value === '105.810000'")


def test_without_an_answer_the_figures_say_where_the_device_stands(page):
    page.route("**/places?*", lambda route: route.abort())

    page.get_by_text("Dùng vị trí của tôi").click()

    wait_for(page, "document.querySelector('#place').value === '21.00000, 105.81000'")


def test_words_that_a_person_typed_stay_when_the_device_says_where_it_is(page):
    page.fill("#place", "trước cổng chợ")

    page.get_by_text("Dùng vị trí của tôi").click()

    wait_for(page, "document.querySelector('[name=lon]').value === '105.810000'")
    assert page.input_value("#place") == "trước cổng chợ"


def test_enter_takes_no_candidate_that_lacks_a_typed_word(page):
    page.fill("#place", "12 khuong dinh")
    page.wait_for_selector("[role=option]")

    page.keyboard.press("Enter")

    assert page.input_value("#place") == "12 khuong dinh"
    assert page.input_value("[name=lon]") == ""


def test_typing_another_place_drops_the_old_point(page):
    page.fill("#place", "khuong dinh")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("Enter")

    page.fill("#place", "khuong")

    assert page.input_value("[name=lon]") == ""


def test_the_service_is_proposed_and_the_persons_choice_stays(page):
    page.fill("#text", "Nước ngập ngang đầu gối")
    page.wait_for_selector("[data-chips] .chip-choice")
    assert page.is_checked("[name=service][value=flooding]")

    page.get_by_role("button", name="Đổi").click()
    page.get_by_text("Hố ga").click()
    page.fill("#text", "Nước ngập ngang đầu gối, nắp cống bật")
    page.wait_for_timeout(800)

    assert page.is_checked("[name=service][value=manhole]")


def test_danger_in_the_text_shows_whom_to_call(page):
    assert not page.is_visible("[data-danger]")

    page.fill("#text", "đang cháy ở chợ")

    page.wait_for_selector("[data-danger]", state="visible")


def test_news_of_the_followed_case_changes_the_page_and_other_news_does_not(page):
    page.evaluate("""() => {
        window.heard = [];
        document.addEventListener("thudo:entry", (event) => heard.push(event.detail.subject.id));
    }""")

    page.wait_for_function("() => document.querySelector('#b').textContent === 'B changed'")

    wait_for(page, "heard.length >= 2")
    assert set(page.evaluate("heard")) == {"1"}
    assert "Cập nhật trực tiếp" in page.inner_text("[data-live-state]")


def test_positions_go_on_where_the_last_stream_ended(page):
    page.evaluate("""() => {
        window.heard = [];
        document.addEventListener("thudo:entry", (event) => heard.push(event.detail.position));
    }""")

    wait_for(page, "heard.length >= 3")

    heard = page.evaluate("heard")
    assert heard == sorted(set(heard))
