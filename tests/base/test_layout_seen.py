"""The layout in a real browser: readable by everybody, nothing blocked by its own policy."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCREENS = [(390, 844), (1440, 900)]


@pytest.fixture
def design(settings, live_server):
    settings.DEMO = True
    return f"{live_server.url}/design"


def visit(browser, address, size=(390, 844), **choices) -> tuple[Page, list[str]]:
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="vi-VN",
        reduced_motion="reduce",
        **choices,
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if "Content Security" in said.text else None,
    )
    page.goto(address)
    page.evaluate("customElements.whenDefined('live-region').then(() => true)")
    return page, complaints


@pytest.mark.parametrize("size", SCREENS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_component_passes_wcag(chromium, design, size, scheme):
    page, complaints = visit(chromium, design, size, color_scheme=scheme)

    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)

    assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []
    assert complaints == []


@pytest.mark.parametrize("size", [(320, 640), *SCREENS])
def test_nothing_is_wider_than_the_screen(chromium, design, size):
    page, _ = visit(chromium, design, size)

    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_large_text_fits_the_smallest_phone(chromium, design):
    page, _ = visit(chromium, design, (320, 640))

    page.click(".menu > summary")
    page.click("header button[name=text][value=large]")

    assert page.evaluate("getComputedStyle(document.body).fontSize") == "20px"
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_theme_changes_at_once_and_is_there_after_a_reload(chromium, design):
    page, _ = visit(chromium, design, color_scheme="light")
    ground = "getComputedStyle(document.body).backgroundColor"

    page.click("footer button[name=theme][value=dark]")
    dark = page.evaluate(ground)
    page.reload()

    assert dark == page.evaluate(ground) == "rgb(12, 20, 19)"


def test_display_choices_work_without_a_script(chromium, design):
    context = chromium.new_context(java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    page.goto(design)

    page.click("footer button[name=language][value=en]")

    assert page.locator("html").get_attribute("lang") == "en"


def test_the_map_draws_under_the_strict_policy(chromium, design):
    page, complaints = visit(chromium, design)

    page.locator("city-map").scroll_into_view_if_needed()
    page.wait_for_selector("city-map .maplibregl-canvas", timeout=15_000)

    assert page.get_by_label("Phóng to", exact=True).is_visible()
    assert complaints == []


def test_the_keyboard_walks_a_list(chromium, design):
    page, _ = visit(chromium, design)
    places = "document.activeElement.textContent"

    page.locator("keyboard-list a.row-place").first.focus()
    page.keyboard.press("ArrowDown")
    second = page.evaluate(places)
    page.keyboard.press("End")
    last = page.evaluate(places)
    page.keyboard.press("Home")

    assert second.startswith("Phố Quốc Tử Giám")
    assert last.startswith("Xã Chương Mỹ")
    assert page.evaluate(places).startswith("Ngõ 168")
