"""The offer on a page as a person meets it. No test browser has a push service of its own, so the
PushManager is a stand-in that remembers; everything before and after it is real."""

import json
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import town
from tests.petitions.conftest import file_hole
from thudo.connectors.web_push_dummy import browser_json, new_subscription
from thudo.notices.models import Follow, Recipient

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ON, OFF = "Tell me when there is news", "Stop these notices"
STAND_IN = """
window.asked = 0;
const state = {permission: PERMISSION, subscription: null, key: null};
Object.defineProperty(Notification, "permission", {get: () => state.permission});
Notification.requestPermission = async () => { window.asked++; return state.permission = ANSWER; };
const mine = () => ({
  endpoint: SUBSCRIPTION.endpoint, toJSON: () => SUBSCRIPTION, unsubscribe: async () => true,
  options: {applicationServerKey: state.key},
});
const pushManager = {
  getSubscription: async () => sessionStorage.subscribed ? mine() : null,
  subscribe: async (options) => {
    if (!options.userVisibleOnly || options.applicationServerKey.length !== 65) throw new Error();
    sessionStorage.subscribed = "yes";
    return mine();
  },
};
Object.defineProperty(navigator, "serviceWorker", {value: {
  register: async () => ({}), getRegistration: async () => ({pushManager}),
  ready: Promise.resolve({pushManager}),
}});
"""


def stand_in(permission: str, answer: str) -> str:
    subscription = json.dumps(browser_json(new_subscription("an")))
    words = {"PERMISSION": permission, "ANSWER": answer}
    script = STAND_IN.replace("SUBSCRIPTION", f"({subscription})")
    for name, value in words.items():
        script = script.replace(name, f"(sessionStorage.{name} ?? '{value}')")
    return f"(() => {{ {script} }})()"


def opened(chromium: Browser, address: str, script: str) -> Page:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="en")
    context.add_init_script(script)
    page = context.new_page()
    page.goto(address)
    return page


@pytest.fixture
def address(db: None, live_server: Any, settings: Any, tmp_path: Any) -> str:
    settings.FILES_DIR = tmp_path
    town.build()
    petition, secret = file_hole()
    return f"{live_server.url}/petitions/{petition.number}/{secret}"


def test_nothing_is_asked_before_a_tap_then_it_is_on_and_off_again(
    chromium: Browser, address: str
) -> None:
    page = opened(chromium, address, stand_in("default", "granted"))
    expect(page.get_by_role("button", name=ON)).to_be_visible()
    assert page.evaluate("asked") == 0

    page.get_by_role("button", name=ON).click()
    expect(page.get_by_text("This device will be told.")).to_be_visible()
    assert Follow.objects.get().topic.startswith("petition:")

    page.evaluate("sessionStorage.PERMISSION = 'granted'")
    page.reload()
    page.get_by_role("button", name=OFF).click()
    expect(page.get_by_role("button", name=ON)).to_be_visible()
    assert not Recipient.objects.exists()
    page.context.close()


def test_where_it_cannot_be_the_page_says_why(chromium: Browser, address: str) -> None:
    page = opened(chromium, address, stand_in("default", "denied"))
    page.get_by_role("button", name=ON).click()
    expect(page.get_by_text("Notices of this site are blocked in this browser")).to_be_visible()
    assert page.locator("push-offer button").count() == 0
    page.context.close()

    for script, words in (
        ("delete window.PushManager", "This browser cannot receive notices"),
        (
            "Object.defineProperty(window, 'isSecureContext', {value: false})",
            "need a secure address (https)",
        ),
    ):
        page = opened(chromium, address, script)
        expect(page.get_by_text(words)).to_be_visible()
        page.context.close()
