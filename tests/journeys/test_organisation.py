"""A business on the phone: the delay of its dossier, where a complaint goes, an hour with the head."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import town
from tests.browser import is_clean
from tests.petitions.test_organisations import LETTERS, RULES
from tests.reception.conftest import RULES as RECEPTION
from thudo.accounts.rules import CLOCK
from thudo.base.clock import now
from thudo.directory.models import PackVersion
from thudo.petitions.models import Petition, Petitioner
from thudo.reception import actions
from thudo.reception.models import Booking, Day
from thudo.reception.queries.plan import plans_due

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(db: None, live_server: Any, chromium: Browser) -> Iterator[Page]:
    town.build()
    # A complaint's guide leads to a unit that receives.
    complaint = {**RULES["requests"][1]}
    complaint["guide"] = {**complaint["guide"], "reception_unit": "ward-1"}
    organisations = {**RULES, "requests": [RULES["requests"][0], complaint]}
    town_rules = {"organisations": organisations, "letters": LETTERS, "reception": RECEPTION}
    PackVersion.objects.update(city={**town.CITY, **town_rules})
    town.forget()
    actions.publish_days(list(plans_due(now())), actor=CLOCK, at=now())
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": 360, "height": 780}, locale="vi-VN"
    )
    yield context.new_page()
    context.close()


def _next(page: Page) -> None:
    page.locator("[data-sheet-reach] .button-main:visible").click()


def test_a_business_files_and_books_an_hour(page: Page) -> None:
    page.goto("/petitions/new")
    page.get_by_label("Tôi gửi với tư cách tổ chức, doanh nghiệp").check()
    page.get_by_label("Khiếu nại").check()
    expect(page.get_by_text("Nơi kia")).to_be_visible()
    is_clean(page)

    page.get_by_label("Báo chậm").check()
    expect(page.get_by_text("Nơi kia")).to_be_hidden()
    for label, words in (
        ("Tên tổ chức, doanh nghiệp", "Công ty Minh Họa"), ("Mã số thuế", "0100047517"),
        ("Mã hồ sơ", "H1-22.X"), ("Người đại diện", "Minh Họa"),
    ):  # fmt: skip
        page.get_by_label(label, exact=True).fill(words)
    _next(page)
    page.locator("[name=no_place]").check()
    _next(page)
    page.locator("#id_text").fill("Hồ sơ của chúng tôi đã quá hẹn trả mười ngày.")
    _next(page)
    page.locator("[name=phone]").fill("0900000001")
    page.locator("[data-sheet-send]").click()
    # The slip in the tax code is said on the first sheet, and nothing was lost.
    expect(page.locator("#id_tax_code_error")).to_be_visible()
    page.locator("[name=tax_code]").fill("0100047516")
    for _sheet in range(3):
        _next(page)
    page.locator("[data-sheet-send]").click()
    page.wait_for_url("**filed=1")
    assert Petitioner.objects.get().kind == "organisation"
    assert not Petition.objects.get().is_public

    day = Day.objects.filter(unit="ward-1").order_by("on")[0]
    page.goto(f"/reception/days/{day.pk}")
    is_clean(page)
    page.locator(".hours label").first.click()
    page.locator("[name=matter]").fill("Hồ sơ quá hẹn, xin được gặp.")
    page.locator("[name=name]").fill("Minh Họa")
    page.locator("[name=phone]").fill("0900000001")
    page.get_by_role("button", name="Đặt giờ này").click()
    page.wait_for_url("**booked=1")
    is_clean(page)
    page.get_by_text("Tôi không đến được").click()
    page.get_by_role("button", name="Hủy lịch hẹn").click()
    page.wait_for_url("**cancelled=1")
    assert Booking.objects.get().state == "cancelled"
