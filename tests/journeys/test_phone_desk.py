"""A call from the first ring to the number read out, by keyboard alone, in a real browser."""

import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import is_clean
from tests.desks.conftest import build_staffed_town
from tests.desks.test_phone import HOLE, PHONE, filed, flood
from tests.journeys.test_officer import DESK, sit_down
from thudo.advisories.models import Voice
from thudo.base.clock import now
from thudo.petitions.models import Petition

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# A clerk types about five keys a second and says a sentence or two meanwhile.
KEYS_A_SECOND, ALLOWED = 5, 40


class Keys:
    """Every key that the clerk presses is counted; there is no mouse."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, key: str) -> None:
        self.count += 1
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.count += len(text)
        self.page.keyboard.type(text)


@pytest.fixture
def ringing(db: None, live_server: Any, tmp_path: Path, settings: Any) -> str:
    settings.FILES_DIR = tmp_path
    build_staffed_town()
    return str(live_server.url)


def test_a_call_is_filed_in_forty_seconds_of_keys_and_nothing_takes_the_focus(
    chromium: Browser, ringing: str
) -> None:
    filed(now())
    first = flood(now())
    page = sit_down(chromium, ringing, "giang", DESK)
    keys, began = Keys(page), time.monotonic()
    page.goto(f"{ringing}/phone/?caller={PHONE}")
    text = page.locator("#id_text")
    expect(text).to_be_focused()
    is_clean(page)

    keys.press("Alt+Digit1")
    expect(page.locator("[data-said-place]")).to_contain_text(f"sự cố số {first.pk}")
    expect(text).to_be_focused()
    keys.type(HOLE)
    flood(now(), "Other Street")
    page.evaluate("document.querySelector('live-region').refresh()")
    expect(page.locator("[data-voice]")).to_have_count(2)
    expect(text).to_be_focused()
    keys.press("Alt+KeyL")
    expect(page.locator("[name=place]")).to_have_value("1 Town square")
    expect(page.locator("[name=lon]")).not_to_have_value("")
    keys.press("Control+Enter")
    expect(page.get_by_role("heading", name="Xin đọc cho người gọi")).to_be_visible()
    lasted = time.monotonic() - began

    petition = Petition.objects.get(channel="phone")
    assert (petition.place, petition.area) == ("1 Town square", "w1")
    assert Voice.objects.count() == 1
    pairs = " ".join(petition.number[at : at + 2] for at in range(0, 10, 2))
    expect(page.locator(".figure")).to_have_text(pairs)
    # Only the typing takes a person longer than a machine.
    print(f"{keys.count} keys, {lasted:.1f} s by the machine")
    assert keys.count / KEYS_A_SECOND < ALLOWED
    keys.press("Enter")
    expect(page.locator("[name=caller]")).to_be_focused()
    expect(page.locator("#id_text")).to_have_value("")
