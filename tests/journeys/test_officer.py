"""A case from its unit's desk to the published result, in a real browser, on phone and desk."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests import town
from tests.browser import is_clean
from tests.cases.conftest import open_one
from tests.desks.conftest import build_staffed_town
from thudo.accounts.models import User
from thudo.base.clock import now
from thudo.cases import actions
from thudo.cases.models import Case
from thudo.files.models import Attachment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE, DESK = (390, 844), (1440, 900)
DONE = "Đã vá hố trước số 1 bằng bê tông nhựa nguội."


@pytest.fixture
def case(db: None, live_server: Any, tmp_path: Path, settings: Any) -> Case:
    settings.FILES_DIR = tmp_path
    build_staffed_town()
    return open_one(at=now() - timedelta(hours=1))


def sit_down(browser: Browser, address: str, name: str, size: tuple[int, int]) -> Page:
    """A browser in which `name` has signed in."""
    client = Client()
    client.force_login(User.objects.get(username=name))
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale="vi-VN",
        reduced_motion="reduce",
        has_touch=size == PHONE,
    )
    cookie = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": cookie, "value": client.cookies[cookie].value, "url": address}])
    page = context.new_page()
    page.set_default_timeout(10_000)
    return page


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (90, 110, 100)).save(out, "JPEG")
    return out.getvalue()


def take_in_and_answer(page: Page, address: str, size: tuple[int, int]) -> None:
    bar = page.locator(".phone-bar" if size == PHONE else ".dock-bar")
    page.goto(f"{address}/cases/")
    is_clean(page)
    page.get_by_role("link", name="1 High Street").click()
    is_clean(page)
    bar.get_by_role("button", name="Tiếp nhận").click()
    expect(page.get_by_text("Đơn vị đã tiếp nhận").first).to_be_visible()

    bar.get_by_role("link", name="Tiến độ").click()
    page.get_by_label("Đã làm gì").fill("Đã đặt biển cảnh báo, chiều nay vá.")
    is_clean(page)
    page.get_by_role("button", name="Ghi tiến độ").click()
    expect(page.get_by_role("status").filter(has_text="Cập nhật tiến độ")).to_be_visible()

    bar.get_by_role("link", name="Ảnh" if size == PHONE else "Trả lời").first.click()
    page.get_by_label("Nội dung trả lời người gửi").fill(DONE)
    page.get_by_label("Đã xử lý xong, có minh chứng").check()
    photo = {"name": "sau.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    page.locator("photo-field[data-purpose=after] input[type=file]").set_input_files(photo)
    expect(page.locator("input[name=files_after]")).to_have_count(1)
    is_clean(page)
    page.get_by_role("button", name="Gửi kiểm tra").click()
    expect(page.get_by_text("Chờ kiểm tra kết quả").first).to_be_visible()


def check_and_publish(page: Page, address: str) -> None:
    page.goto(f"{address}/checks/")
    is_clean(page)
    page.get_by_role("link", name="1 High Street").click()
    expect(page.get_by_text(DONE).first).to_be_visible()
    is_clean(page)
    page.get_by_role("button", name="Đạt, công bố").click()
    expect(page.get_by_text("Kết quả đã được kiểm tra và công bố")).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_an_officer_takes_in_reports_answers_and_the_desk_publishes(
    chromium: Browser, live_server: Any, case: Case, size: tuple[int, int]
) -> None:
    officer = sit_down(chromium, live_server.url, "an", size)
    take_in_and_answer(officer, live_server.url, size)

    checker = sit_down(chromium, live_server.url, "ha", size)
    check_and_publish(checker, live_server.url)

    case.refresh_from_db()
    assert case.state == "resolved"
    assert Attachment.objects.get(purpose="after").is_public


def test_the_desk_is_walked_by_keys_alone(chromium: Browser, live_server: Any, case: Case) -> None:
    other = open_one(number="5720000002", at=now() - timedelta(minutes=30))
    actions.accept_case(other, actor=town.CAST.handler, at=now())
    page = sit_down(chromium, live_server.url, "an", DESK)
    page.goto(f"{live_server.url}/cases/?tab=unit")

    page.locator("a.row-place").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/*-*")
    page.keyboard.press("Alt+KeyN")

    expect(page.get_by_text("Đơn vị đã tiếp nhận").first).to_be_visible()
    page.keyboard.press("Alt+KeyG")
    expect(page.get_by_label("Đã làm gì")).to_be_visible()


def test_arrows_and_enter_walk_a_list_that_was_just_opened(
    chromium: Browser, live_server: Any, case: Case
) -> None:
    open_one(number="5720000002", at=now() - timedelta(minutes=30))
    page = sit_down(chromium, live_server.url, "an", DESK)
    page.goto(f"{live_server.url}/cases/?tab=unit")

    page.keyboard.press("ArrowDown")
    expect(page.locator("a.row-place").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("a.row-place").nth(1)).to_be_focused()

    page.goto(f"{live_server.url}/cases/?tab=unit")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/*-*")


def test_figures_choose_a_list_on_the_desk_and_an_act_on_a_case(
    chromium: Browser, live_server: Any, case: Case
) -> None:
    actions.accept_case(case, actor=town.CAST.handler, at=now())
    page = sit_down(chromium, live_server.url, "an", DESK)
    page.goto(f"{live_server.url}/cases/?tab=mine")
    page.keyboard.press("2")
    page.wait_for_url("**/cases/?tab=unit")

    page.goto(f"{live_server.url}/cases/{case.pk}?tab=unit")
    page.keyboard.press("3")

    page.wait_for_url(f"**/cases/{case.pk}/notes?tab=unit#act")
    expect(page.get_by_label("Đã làm gì")).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_list_and_the_button_that_sends_stay_in_sight(
    chromium: Browser, live_server: Any, case: Case, size: tuple[int, int]
) -> None:
    actions.accept_case(case, actor=town.CAST.handler, at=now())
    page = sit_down(chromium, live_server.url, "binh", size)
    page.goto(f"{live_server.url}/cases/?tab=unit")
    for tab in page.locator(".tabs a").all():
        expect(tab).to_be_in_viewport(ratio=1)
    if size == PHONE:
        return

    for noun in ("transfers", "answers", "refusals", "extensions"):
        page.goto(f"{live_server.url}/cases/{case.pk}/{noun}")
        expect(page.locator(".act-send .button-main")).to_be_in_viewport(ratio=1)
        for tab in page.locator(".tabs a").all():
            expect(tab).to_be_in_viewport(ratio=1)


def test_a_number_is_typed_and_its_case_opens(
    chromium: Browser, live_server: Any, case: Case
) -> None:
    page = sit_down(chromium, live_server.url, "an", DESK)
    page.goto(f"{live_server.url}/cases/?tab=unit")

    page.keyboard.press("Alt+KeyM")
    page.keyboard.type("57 20 00 00 01")
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/cases/{case.pk}")


def test_what_was_typed_outlives_somebody_else_s_update(
    chromium: Browser, live_server: Any, case: Case
) -> None:
    actions.accept_case(case, actor=town.CAST.handler, at=now())
    page = sit_down(chromium, live_server.url, "an", DESK)
    page.goto(f"{live_server.url}/cases/{case.pk}/notes")
    page.get_by_label("Đã làm gì").fill("Đã gọi đội sửa đường.")
    actions.begin_case(case, actor=town.CAST.head, at=now())

    page.get_by_role("button", name="Ghi tiến độ").click()

    expect(page.get_by_text("Việc này vừa có người khác cập nhật")).to_be_visible()
    expect(page.get_by_label("Đã làm gì")).to_have_value("Đã gọi đội sửa đường.")
    is_clean(page)
    page.get_by_role("button", name="Ghi tiến độ").click()
    expect(page.get_by_role("status").filter(has_text="Cập nhật tiến độ")).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_many_are_ticked_and_noted_at_once(
    chromium: Browser, live_server: Any, case: Case, size: tuple[int, int]
) -> None:
    actions.accept_case(case, actor=town.CAST.handler, at=now())
    open_one(number="5720000002", at=now() - timedelta(minutes=30))
    page = sit_down(chromium, live_server.url, "an", size)
    page.goto(f"{live_server.url}/cases/?tab=unit")
    assert not page.get_by_role("button", name="Ghi tiến độ").is_visible()

    for box in page.locator("input[name=cases]").all():
        box.check()
    page.get_by_role("button", name="Ghi tiến độ").click()
    page.get_by_label("Đã làm gì").fill("Đã kiểm tra cả tuyến phố.")
    is_clean(page)
    page.get_by_role("button", name="Ghi tiến độ").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("đã làm 1 trong 2 việc")
    is_clean(page)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("giang", "/intake/"), ("an", "/cases/numbers?number=572"), ("giang", "/intake/petitions/new"), ("khoa", "/cases/"),
        ("khoa", "/cases/loads"), ("binh", "/reports/"), ("binh", "/cases/{case}/transfers"),
        ("binh", "/cases/{case}/refusals"), ("giang", "/intake/{case}"),
    ],
)  # fmt: skip
def test_every_page_is_readable_by_everybody(
    chromium: Browser, live_server: Any, case: Case, size: tuple[int, int], name: str, path: str
) -> None:
    page = sit_down(chromium, live_server.url, name, size)

    page.goto(live_server.url + path.format(case=case.pk))

    is_clean(page)
