"""What every page carries: headers, refusals as pages or problems, display choices."""

import re
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from thudo.base.errors import Invalid, NotAllowed
from thudo.base.middleware import content_policy

ROOT = Path(__file__).parents[2]


def refusing(request):
    raise NotAllowed("Chỉ đơn vị đang phụ trách mới được làm việc này.")


def wrong(request):
    raise Invalid("Chưa gửi được.", {"phone": "Số di động có mười chữ số."}, limit=10)


def broken(request):
    raise RuntimeError("a fault of ours")


def typed(request):
    return HttpResponse("ok")


urlpatterns = [
    path("refused", refusing),
    path("api/v1/refused", refusing),
    path("wrong", wrong),
    path("broken", broken),
    path("typed", typed),
    path("", include("thudo.base.urls")),
]
handler403 = "thudo.base.views.permission_denied"
handler404 = "thudo.base.views.page_not_found"
handler500 = "thudo.base.views.server_error"


@pytest.fixture(autouse=True)
def _these_addresses(settings):
    settings.ROOT_URLCONF = __name__
    settings.DEMO = False


@pytest.fixture
def browser():
    return Client(headers={"Accept": "text/html", "Accept-Language": "vi"})


def test_every_page_has_a_strict_policy_and_keeps_its_address_to_itself(browser):
    page = browser.get("/nowhere")

    policy = page.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_tile_server_may_send_tiles_and_nothing_else():
    policy = content_policy("https://tiles.example.org/{z}/{x}/{y}.png")

    allowed = [rule for rule in policy.split("; ") if "https://tiles.example.org" in rule]
    assert [rule.split()[0] for rule in allowed] == ["img-src", "connect-src"]


def test_a_refusal_is_a_page_with_its_sentence_and_a_way_back(browser):
    page = browser.post("/refused", headers={"Referer": "http://testserver/cases/7?tab=2"})

    html = page.content.decode()
    assert page.status_code == 403
    assert "Chỉ đơn vị đang phụ trách mới được làm việc này." in html
    assert 'href="/cases/7?tab=2"' in html
    assert "Nội dung đã nhập vẫn còn trong trình duyệt" in html


def test_the_way_back_never_leaves_the_site(browser):
    page = browser.get("/refused", headers={"Referer": "https://elsewhere.example/x"})

    assert "elsewhere" not in page.content.decode()


def test_a_refusal_names_each_field(browser):
    html = browser.post("/wrong").content.decode()

    assert "Số di động có mười chữ số." in html


@pytest.mark.parametrize(
    ("address", "accept"),
    [("/api/v1/refused", "*/*"), ("/refused", "application/json")],
)
def test_a_program_reads_a_refusal_as_a_problem(address, accept):
    answer = Client().get(address, headers={"Accept": accept})

    body = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.status_code == body["status"] == 403
    assert body["code"] == "not_allowed"
    assert body["title"].startswith("Chỉ đơn vị")


def test_a_problem_carries_what_the_refusal_adds():
    body = Client().post("/wrong", headers={"Accept": "application/json"}).json()

    assert body["fields"] == {"phone": "Số di động có mười chữ số."}
    assert body["limit"] == 10


def test_a_missing_page_offers_the_search_by_number(browser):
    page = browser.get("/nowhere")

    assert page.status_code == 404
    assert "Không có trang nào ở địa chỉ này." in page.content.decode()
    assert 'name="number"' in page.content.decode()


def test_a_missing_address_is_a_problem_for_a_program():
    answer = Client().get("/api/v1/nowhere")

    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


def test_a_fault_of_ours_says_what_is_safe(browser):
    browser.raise_request_exception = False

    page = browser.get("/broken")

    assert page.status_code == 500
    assert "Những gì đã được tiếp nhận không bị mất." in page.content.decode()


def test_an_old_form_is_explained_kindly():
    page = Client(enforce_csrf_checks=True).post("/typed", headers={"Accept-Language": "vi"})

    assert page.status_code == 403
    assert "Biểu mẫu đã mở quá lâu." in page.content.decode()


def test_the_language_is_remembered_and_the_person_stays_where_he_was(browser):
    answer = browser.post("/display", {"language": "en", "next": "/nowhere?x=1"})

    assert answer.headers["Location"] == "/nowhere?x=1"
    assert "There is no page at this address." in browser.get("/nowhere").content.decode()


def test_a_language_that_the_city_does_not_speak_is_ignored(browser):
    browser.post("/display", {"language": "xx", "next": "/"})

    assert 'lang="vi"' in browser.get("/nowhere").content.decode()


def test_the_display_form_leads_to_no_other_site(browser):
    answer = browser.post("/display", {"theme": "dark", "next": "https://elsewhere.example/"})

    assert answer.headers["Location"] == "/"


def test_theme_and_text_size_are_in_the_first_byte_of_the_next_page(browser):
    browser.post("/display", {"theme": "dark"})
    browser.post("/display", {"text": "large"})

    html = browser.get("/nowhere").content.decode()
    assert 'data-theme="dark"' in html
    assert 'data-text="large"' in html

    browser.post("/display", {"theme": "", "text": ""})
    html = browser.get("/nowhere").content.decode()
    assert "data-theme" not in html
    assert "data-text" not in html


def test_a_made_up_theme_is_never_printed(browser):
    browser.cookies["thudo_theme"] = '"><script>'

    assert "data-theme" not in browser.get("/nowhere").content.decode()


def test_a_public_page_sets_no_cookie(browser):
    assert not browser.get("/nowhere").cookies


def test_the_demo_is_marked_on_every_page(browser, settings):
    assert "Dữ liệu minh họa" not in browser.get("/nowhere").content.decode()

    settings.DEMO = True

    assert "Dữ liệu minh họa" in browser.get("/nowhere").content.decode()


def test_the_showcase_is_for_demos_and_developers_only(browser, settings):
    assert browser.get("/design").status_code == 404

    settings.DEMO = True

    assert browser.get("/design").status_code == 200


def test_emergency_numbers_come_from_the_pack(browser, settings):
    settings.CITY = {**settings.CITY, "emergency": [{"number": "999", "label": {"vi": "Cứu"}}]}

    assert 'href="tel:999"' in browser.get("/nowhere").content.decode()


def test_a_pack_may_bring_its_own_colour(browser, settings):
    settings.CITY = {**settings.CITY, "brand": {"colour": "#123456"}}

    assert "/brand.css" in browser.get("/nowhere").content.decode()
    assert "--brand:#123456" in browser.get("/brand.css").content.decode()


def test_no_template_has_inline_code():
    inline = re.compile(r"<style|\sstyle=|\son\w+=\"|<script(?![^>]*\ssrc=)", re.IGNORECASE)

    for template in ROOT.glob("thudo/*/templates/**/*.html"):
        assert not inline.search(template.read_text("utf-8")), template


def test_both_dark_themes_are_the_same():
    tokens = (ROOT / "web/css/tokens.css").read_text("utf-8")

    blocks = re.findall(r"color-scheme: dark;(.*?)\}", tokens, re.DOTALL)
    by_device, by_choice = (re.findall(r"--[\w-]+: [^;]+", block) for block in blocks)
    assert by_device == by_choice
    assert len(by_choice) > 40
