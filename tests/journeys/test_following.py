"""While one types: what is missing is said at its step, similar reports can be followed with a tap,
and two tabs keep what is typed in each."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests import town
from tests.browser import is_clean
from tests.journeys.test_resident import PHONE, arrive, leaving
from tests.petitions.conftest import file_hole, jpeg
from thudo.base.clock import now
from thudo.files.models import Attachment
from thudo.petitions.models import FollowerWord, Petition
from thudo.petitions.queries.follow import voices_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["leaving"]  # the fixture that closes pages before their server
TYPED = "Via he truoc cong truong bong gach, kho di qua"
# The sum of unexpected shifts of the page (Layout Instability), as the browser counts them.
SHIFTS = """() => { window.shifts = 0; new PerformanceObserver(list => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifts += one.value;
}).observe({type: 'layout-shift'}) }"""


@pytest.fixture
def site(db: None, live_server: Any, tmp_path: Path, settings: Any) -> str:
    settings.FILES_DIR = tmp_path
    town.build()
    return str(live_server.url)


def test_a_similar_report_is_followed_with_one_tap_and_what_was_typed_goes_along(
    chromium: Browser, site: str
) -> None:
    petition, _secret = file_hole(at=now() - timedelta(hours=1))
    page = arrive(
        chromium, PHONE, geolocation={"longitude": 105.0503, "latitude": 21.05},
        permissions=["geolocation"],
    )  # fmt: skip
    page.goto(f"{site}/petitions/new")
    picture = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    page.set_input_files("#id_photos", [picture])  # type: ignore[arg-type]
    expect(page.locator("input[name=files]")).to_have_count(1)
    page.get_by_role("button", name="Tiếp tục").click()

    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_text("Xin cho biết ở đâu").last).to_be_visible()
    expect(page.locator("#id_place")).to_be_focused()
    is_clean(page)
    page.locator("place-picker > .cluster").get_by_text("Dùng vị trí của tôi").click()
    expect(page.locator("input[name=lon]")).to_have_value("105.050300")
    expect(page.locator("#id_place_missing")).to_be_hidden()
    page.get_by_role("button", name="Tiếp tục").click()

    page.evaluate(SHIFTS)
    page.locator("#id_text").press_sequentially(TYPED, delay=5)
    expect(page.get_by_role("link", name="Có 1 phản ánh tương tự ở gần")).to_be_visible()
    expect(page.locator(".text-count")).to_contain_text(f"{len(TYPED)}/4.000 ký tự")
    assert page.evaluate("window.shifts") < 0.01
    is_clean(page)
    page.get_by_role("button", name="Theo dõi phản ánh này").click()

    expect(page.get_by_text("Ông/bà đã theo dõi phản ánh này.")).to_be_visible()
    assert f"/petitions/{petition.number}/followers/" in page.url
    expect(page.get_by_text(TYPED)).to_be_visible()
    is_clean(page)
    assert voices_of(petition).people == 2
    assert FollowerWord.objects.get().text == TYPED
    assert Attachment.objects.get().subject_kind == "follower_word"
    assert Petition.objects.count() == 1
    page.goto(f"{site}/petitions/new")
    expect(page.locator("#id_text")).to_have_value("")
    expect(page.locator(".uploads li")).to_have_count(0)


def test_two_tabs_keep_what_is_typed_in_each_and_a_closed_one_leaves_its_draft(
    chromium: Browser, site: str
) -> None:
    first = arrive(chromium, (1440, 900))
    first.goto(f"{site}/petitions/new")
    first.fill("#id_text", "Nắp cống vỡ ở cổng chợ")
    second = first.context.new_page()
    second.goto(f"{site}/petitions/new")
    expect(second.locator(".draft-state")).to_be_attached()
    assert second.input_value("#id_text") == ""
    second.fill("#id_text", "Đèn đường không sáng")
    first.press("#id_text", "End")
    first.locator("#id_text").press_sequentially(" từ hôm qua")

    first.reload()
    expect(first.locator("#id_text")).to_have_value("Nắp cống vỡ ở cổng chợ từ hôm qua")
    second.reload()
    expect(second.locator("#id_text")).to_have_value("Đèn đường không sáng")
    second.close()
    third = first.context.new_page()
    third.goto(f"{site}/petitions/new")
    expect(third.locator("#id_text")).to_have_value("Đèn đường không sáng")
