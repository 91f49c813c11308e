"""What everybody sees, in a real browser: readable, live, and whole without scripts."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests import town
from tests.browser import AXE, RULES, browser
from tests.operations.cast import HOUR, counted, finish, judge, report
from tests.town import HARBOUR, TOWN_SQUARE
from thudo.base.clock import now
from thudo.directory.models import MapLayer
from thudo.petitions.models import Petition

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE, DESK, WALL = (390, 844), (1440, 900), (3840, 2160)
PAGES = ["/", "/petitions/", "/petitions/?q=hole&area=w1&month=2026-03", "/petitions/?q=zebra",
         "/map", "/areas/", "/areas/w1", "/wall"]  # fmt: skip


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One that draws maps, in software."""
    with browser("--enable-unsafe-swiftshader") as one:
        yield one


@pytest.fixture
def address(db: None, live_server: Any, settings: Any) -> str:
    settings.DEMO = True
    settings.CITY = {
        **settings.CITY,
        "map": {
            "credits": "Town",
            "centre": list(TOWN_SQUARE),
            "zoom": 11,
            "bounds": [104.5, 20.5, 105.6, 21.6],
        },
    }
    town.build()
    empty = json.dumps({"type": "FeatureCollection", "features": []})
    for code in ("areas", "water", "roads"):
        MapLayer.objects.create(code=code, geojson=empty)
    moment = now()
    report(at=moment - HOUR)
    report(at=moment - 40 * 24 * HOUR, point=HARBOUR, service="noise")
    done = report(at=moment - 4 * HOUR)
    finish(done, at=moment - 3 * HOUR)
    judge(done, "satisfied", at=moment - HOUR)
    report("Only for the desk", public=False, at=moment)
    counted()
    return str(live_server.url)


def visit(
    browser: Browser, url: str, size: tuple[int, int], **choices: Any
) -> tuple[Page, list[str]]:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale="vi-VN",
        reduced_motion="reduce",
        **choices,
    )
    # Where a shared worker holds the stream, its requests cannot be answered by the test.
    context.add_init_script("delete window.SharedWorker")
    page = context.new_page()
    page.set_default_timeout(10_000)
    told: list[str] = []
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("console", lambda m: told.append(m.text) if "Content Security" in m.text else None)
    page.goto(url)
    return page, told


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_public_page_is_readable_by_everybody(
    chromium: Browser, address: str, size: tuple[int, int], scheme: str
) -> None:
    for path in PAGES:
        page, told = visit(chromium, address + path, size, color_scheme=scheme)
        page.evaluate(AXE.read_text("utf-8"))
        # Marks lie where their places do, also under a tool (WCAG 2.5.8, essential); the list
        # beside the map holds the same links at full size.
        found = page.evaluate(
            "rules => axe.run({exclude: ['.maplibregl-marker', '.map-credits']}, {runOnly: rules})",
            RULES,
        )
        wrong = [(v["id"], v["nodes"][0]["html"][:160]) for v in found["violations"]]
        assert wrong == [], path
        assert told == [], path
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size[0], path
        page.context.close()


def test_without_scripts_pages_say_the_same(chromium: Browser, address: str) -> None:
    page, _ = visit(chromium, f"{address}/map", PHONE, java_script_enabled=False)
    expect(page.locator(".rows .row")).to_have_count(3)
    page.goto(address)
    expect(page.locator(".today a").first).to_be_visible()
    page.goto(f"{address}/petitions/")
    page.get_by_label("Tìm").fill("HOLE")
    page.locator(".filters").get_by_role("button").click()
    expect(page.locator(".rows .row")).to_have_count(3)


def test_the_first_view_of_a_phone_holds_all_that_is_promised(
    chromium: Browser, address: str
) -> None:
    page, _ = visit(chromium, address, PHONE)
    for place in (".front h1", ".button-main", "#front-number", ".calls", ".today", "city-map"):
        box = page.locator(place).first.bounding_box()
        assert box is not None, place
        assert box["y"] < 844, place


def test_news_of_the_wall_reaches_the_map_and_the_counts(chromium: Browser, address: str) -> None:
    page, _ = visit(chromium, "about:blank", DESK)
    news: list[Route] = []
    page.route("**/live/stream*", lambda route: news.append(route))
    page.goto(address)
    marks = page.locator(".map-cluster")
    expect(page.locator(".today")).to_contain_text("3 đang làm")
    expect(marks).to_have_count(2)
    page.wait_for_timeout(300)

    new = report(point=(105.03, 21.08), at=now())
    counted()
    entry = {
        "position": 10**6,
        "at": "2026-11-24T00:00:00Z",
        "action": "petition.filed",
        "subject": {"kind": "petition", "id": str(new.pk), "version": 1},
        "data": {"petition": new.number, "area": "w1"},
    }
    assert news, "the page asked for no stream"
    body = f"id: 1000000\ndata: {json.dumps(entry)}\n\n"
    news.pop().fulfill(content_type="text/event-stream", body=body)

    expect(page.locator(".today")).to_contain_text("4 đang làm")
    expect(marks).to_have_count(3)


def test_near_each_case_has_its_mark_and_the_list_follows_the_map(
    chromium: Browser, address: str
) -> None:
    page, _ = visit(chromium, f"{address}/map", DESK)
    expect(page.locator(".map-cluster").first).to_be_visible()
    page.evaluate("document.querySelector('city-map').moveTo(105.05, 21.05, 16)")

    expect(page.locator(".map-mark").first).to_be_visible()
    expect(page.locator("#map-list .row")).to_have_count(2)
    number = page.locator("a.map-mark").first.get_attribute("href")
    assert number
    assert Petition.objects.get(number=number.rsplit("/", 1)[1]).is_public


def test_the_wall_has_no_small_word(chromium: Browser, address: str) -> None:
    page, _ = visit(chromium, f"{address}/wall", WALL)
    page.wait_for_timeout(1500)
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('main *')]
        .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())
          && e.getClientRects().length && !e.closest('city-map, .visually-hidden, .live-state'))
        .map((e) => parseFloat(getComputedStyle(e).fontSize))"""
    )
    assert min(sizes) >= 87
    inside = page.evaluate(
        "() => [...document.querySelectorAll('.wall-figure, .decision')]"
        ".every((e) => e.getBoundingClientRect().bottom <= innerHeight)"
    )
    assert inside
