"""A report from the phone to the verdict, in a real browser, followed live."""

import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import town
from tests.browser import is_clean
from tests.database import environment
from tests.petitions.conftest import COMPLAINT, HOLE, file_hole, jpeg
from tests.petitions.test_follow import finish
from tests.town import CAST
from thudo.base.clock import now
from thudo.cases import actions as cases
from thudo.cases.models import Case
from thudo.files.models import Attachment
from thudo.journal.actions import sequence_entries
from thudo.petitions.models import Petition, Verdict

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE, DESK = (390, 844), (1440, 900)
CADDYFILE = """
{{
	admin off
	auto_https off
	persist_config off
	grace_period 1s
	storage file_system "{folder}"
}}
http://:{port} {{
	bind 127.0.0.1
	handle /live/stream {{
		reverse_proxy 127.0.0.1:{live} {{
			flush_interval -1
		}}
	}}
	handle {{
		reverse_proxy {pages}
	}}
}}
"""


@pytest.fixture
def site(db: None, live_server: Any, tmp_path: Path, settings: Any) -> str:
    settings.FILES_DIR = tmp_path
    town.build()
    return str(live_server.url)


@pytest.fixture
def live_site(site: str, tmp_path: Path) -> Iterator[str]:
    """Pages and the live process on one origin, as `thudo up` puts them."""
    live, front = _port(), _port()
    caddyfile = tmp_path / "Caddyfile"
    caddyfile.write_text(
        CADDYFILE.format(folder=tmp_path, port=front, live=live, pages=urlsplit(site).netloc)
    )
    stream = [
        sys.executable, "-m", "granian", "--interface", "asgi", "--no-ws", "--host", "127.0.0.1",
        "--port", str(live),
        "--workers-kill-timeout", "2", "thudo.live.asgi:app",
    ]  # fmt: skip
    caddy = [str(Path(sys.executable).parent / "caddy"), "run", "--config", str(caddyfile)]
    started = [
        subprocess.Popen(stream, env=environment(), stdout=subprocess.DEVNULL),
        subprocess.Popen([*caddy, "--adapter", "caddyfile"], stderr=subprocess.DEVNULL),
    ]
    try:
        _until_well(f"http://127.0.0.1:{live}/live/health")
        _until_well(f"http://127.0.0.1:{front}/petitions/find")
        yield f"http://127.0.0.1:{front}"
    finally:
        # The front first: it lets go of the open streams.
        for process in reversed(started):
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until_well(address: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"{address} did not become well")


def arrive(browser: Browser, size: tuple[int, int], **choices: Any) -> Page:
    """A resident's browser in Vietnamese; faults of the page fail the test."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale="vi-VN",
        reduced_motion="reduce",
        has_touch=size == PHONE,
        **choices,
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    return page


@pytest.fixture(autouse=True)
def leaving(chromium: Browser) -> Iterator[None]:
    """Pages are closed before what serves them stops: an open stream would keep it waiting."""
    yield
    for context in chromium.contexts:
        context.close()


def go_on(page: Page) -> None:
    """The next sheet of the phone; on a wide screen all four stand there."""
    button = page.locator(".filing-reach .button-main:not([data-sheet-send])")
    if button.is_visible():
        is_clean(page)
        button.click()


def file_by_hand(page: Page, site: str) -> None:
    """Photo, pin, words, phone number: as a person does it."""
    photo = {"name": "truoc.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    page.goto(f"{site}/petitions/new")
    page.locator("#id_photos").set_input_files(photo)
    expect(page.locator("input[name=files]")).to_have_count(1)
    go_on(page)
    page.locator("place-picker > .cluster").get_by_text("Dùng vị trí của tôi").click()
    expect(page.locator("input[name=lon]")).to_have_value("105.050000")
    go_on(page)
    page.get_by_label("Viết vài câu").fill(HOLE)
    expect(page.locator("[data-chips] input:checked")).to_have_value("road_damage")
    go_on(page)
    page.get_by_label("Số điện thoại di động").fill("0900 000 000")
    expect(page.locator("[data-owner-unit]")).to_have_text("ward-1")
    is_clean(page)
    page.get_by_role("button", name="Gửi phản ánh").click()
    expect(page.get_by_text("Thành phố đã nhận phản ánh của ông/bà.")).to_be_visible()


def test_a_file_that_is_no_photo_is_named_and_keeps_nothing_back(
    chromium: Browser, site: str
) -> None:
    page = arrive(chromium, DESK)
    page.goto(f"{site}/petitions/new")
    wrong = {"name": "ghi-chu.jpg", "mimeType": "image/jpeg", "buffer": b"only words"}
    page.set_input_files("#id_photos", [wrong])  # type: ignore[list-item]
    expect(page.locator(".uploads li")).to_contain_text("Chỉ nhận ảnh")

    page.fill("#id_place", "Trước cổng trường")
    page.fill("textarea[name=text]", HOLE)
    page.fill("[name=phone]", "0900000001")
    page.get_by_role("button", name="Gửi phản ánh").click()
    page.get_by_text("Giữ nguyên “Trước").last.click()
    page.get_by_role("button", name="Gửi phản ánh").click()

    expect(page.get_by_text("Thành phố đã nhận phản ánh")).to_be_visible()
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_person_files_with_a_photo_and_a_pin_and_gets_a_number(
    chromium: Browser, site: str, size: tuple[int, int]
) -> None:
    here = {"longitude": 105.05, "latitude": 21.05}
    page = arrive(chromium, size, geolocation=here, permissions=["geolocation"])
    file_by_hand(page, site)

    petition = Petition.objects.get()
    pairs = " ".join(petition.number[i : i + 2] for i in range(0, 10, 2))
    assert re.search(rf"/petitions/{petition.number}/[2-9a-z]{{22}}", page.url)
    expect(page.get_by_text(pairs).first).to_be_visible()
    assert Attachment.objects.get().subject_id == str(petition.pk)
    page.locator(".photos img").first.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.photos img').naturalWidth > 0")
    is_clean(page)

    page.goto(f"{site}/petitions/new")
    assert page.get_by_label("Viết vài câu").input_value() == ""


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_of_a_petition_is_readable_by_everybody(
    chromium: Browser, site: str, size: tuple[int, int]
) -> None:
    petition, secret = file_hole(at=now() - timedelta(hours=5))
    refused, other = file_hole(text=COMPLAINT, service="")
    private, _secret = file_hole(is_public=False)
    page, mine = arrive(chromium, size), f"/petitions/{petition.number}/{secret}"

    for address in (
        mine, f"{mine}/receipt", f"/petitions/{refused.number}/{other}", "/petitions/find",
        f"/petitions/{private.number}", "/petitions/find?number=1", "/sign-in", "/petitions/new",
    ):  # fmt: skip
        page.goto(f"{site}{address}")
        is_clean(page)


def test_a_change_reaches_the_open_page_by_itself(chromium: Browser, live_site: str) -> None:
    # How soon: test_whole_way, on the whole stack.
    petition, secret = file_hole(at=now() - timedelta(hours=1))
    for _begin_and_number in range(2):
        sequence_entries()
    page = arrive(chromium, PHONE)
    page.goto(f"{live_site}/petitions/{petition.number}/{secret}")
    expect(page.locator("[data-live-state].live-on")).to_be_visible()
    case = Case.objects.get(links__petition=petition)

    cases.accept_case(case, actor=CAST.handler, at=now())
    sequence_entries()

    expect(page.get_by_text("ward-1 đã tiếp nhận").first).to_be_visible()
    is_clean(page)


def test_the_result_is_judged_on_the_phone(chromium: Browser, site: str) -> None:
    petition, secret = file_hole()
    finish(petition)
    page = arrive(chromium, PHONE)
    page.goto(f"{site}/petitions/{petition.number}/{secret}")

    heights = {
        round(button.bounding_box()["width"])  # type: ignore[index]
        for button in page.locator(".verdicts .chip-choice").all()
    }
    assert len(heights) == 1
    is_clean(page)
    page.get_by_role("radio", name="Chưa hài lòng").check()
    page.get_by_role("button", name="Gửi đánh giá").click()

    expect(page.get_by_role("heading", name="Đang kiểm tra lại")).to_be_visible()
    assert Verdict.objects.get().value == "not_satisfied"
    is_clean(page)


def test_what_was_typed_survives_a_reload_and_a_wrong_number(chromium: Browser, site: str) -> None:
    page = arrive(chromium, DESK)
    page.goto(f"{site}/petitions/new")
    page.get_by_label("Viết vài câu").fill(HOLE)
    page.get_by_label("Số điện thoại di động").fill("12")
    page.reload()
    expect(page.get_by_label("Viết vài câu")).to_have_value(HOLE)

    page.get_by_label("Việc này không gắn với một địa điểm").check()
    page.get_by_role("button", name="Gửi phản ánh").click()
    expect(page.locator(".field-wrong", has_text="Số điện thoại di động")).to_be_visible()
    assert page.get_by_label("Viết vài câu").input_value() == HOLE
    is_clean(page)

    page.get_by_label("Số điện thoại di động").fill("0900000000")
    page.get_by_role("button", name="Gửi phản ánh").click()
    expect(page.get_by_text("Thành phố đã nhận phản ánh của ông/bà.")).to_be_visible()
    assert Petition.objects.count() == 1


def test_it_is_filed_without_a_script(chromium: Browser, site: str) -> None:
    page = arrive(chromium, PHONE, java_script_enabled=False)
    page.goto(f"{site}/petitions/new")
    photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    page.locator("#id_photos").set_input_files(photo)
    page.get_by_label("Số nhà, tên đường").fill("nơi không có tên")
    page.get_by_label("Viết vài câu").fill(HOLE)
    page.get_by_label("Số điện thoại di động").fill("0900000000")
    page.get_by_role("button", name="Gửi phản ánh").click()

    page.get_by_label("Giữ nguyên").check()
    page.get_by_role("button", name="Gửi phản ánh").click()

    expect(page.get_by_text("Thành phố đã nhận phản ánh của ông/bà.")).to_be_visible()
    assert Attachment.objects.get().subject_id == str(Petition.objects.get().pk)


def test_the_first_load_of_the_form_is_light(chromium: Browser, site: str) -> None:
    """At most 90 kB compressed, without fonts and map."""
    import gzip

    sizes: dict[str, int] = {}
    page = arrive(chromium, PHONE)
    page.on("response", lambda answer: sizes.update({answer.url: _packed(answer, gzip)}))
    page.goto(f"{site}/petitions/new")
    page.wait_for_load_state("networkidle")

    counted = {url: size for url, size in sizes.items() if ".woff2" not in url}
    assert not any("map.js" in url for url in counted)
    print(sum(counted.values()), counted)
    assert sum(counted.values()) <= 90_000


def _packed(answer: Any, gzip: Any) -> int:
    try:
        return len(gzip.compress(answer.body(), 6))
    except Exception:
        return 0
