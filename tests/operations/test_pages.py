"""Public pages as a browser gets them: what they say, what they never tell, what they cost."""

import re
import xml.etree.ElementTree as ET
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from tests.operations.cast import DAY, HOME, HOUR, case_of, finish, judge, report
from tests.town import CAST, HARBOUR, MONDAY
from thudo.cases import actions as deeds
from thudo.operations import actions
from thudo.operations.views import map as map_views
from thudo.operations.views import open_data, pages, wall

pytestmark = pytest.mark.usefixtures("small_town")
NOW = MONDAY + 5 * HOUR
PRIVATE_TEXT = "The clerk Nguyen asked me for money"
PAGES = [
    "/", "/?part=today", "/petitions/", "/petitions/?part=rows", "/petitions/?q=clerk",
    "/petitions/?q=nguyen&area=w1", "/map", "/map?part=list", "/areas/", "/areas/w1", "/areas/w2",
    "/map/petitions.geojson?bbox=105,21,105.2,21.1&zoom=15",
    "/map/petitions.geojson?bbox=105,21,105.2,21.1&zoom=11",
    "/feeds/petitions.atom", "/feeds/areas/w1.atom", "/open/petitions.csv", "/open/petitions.json",
    "/wall", "/wall?part=zones",
]  # fmt: skip


@pytest.fixture(autouse=True)
def on_monday_afternoon(monkeypatch: pytest.MonkeyPatch) -> None:
    for door in (pages, map_views, open_data, wall):
        monkeypatch.setattr(door, "now", lambda: NOW)


def body(client: Client, path: str, *, at: datetime = NOW) -> str:
    actions.rebuild(at=at)
    return page(client, path)


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return b"".join(answer).decode()  # type: ignore[arg-type]


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.parametrize("path", PAGES)
def test_nothing_private_is_on_any_public_page(client: Client, path: str) -> None:
    private = report(PRIVATE_TEXT, public=False, place="Alley 9, house 3")
    home = report("Sewage in front of my door", home=True, point=HOME, place="Alley 4, house 7")
    deeds.accept_case(case_of(private), actor=CAST.handler, at=MONDAY + HOUR)

    found = body(client, path)

    assert private.number not in found
    for told in ("Nguyen asked", "Alley 9", "house 3", "Alley 4", "house 7"):
        assert told not in found
    for degrees in (str(HOME[0])[:8], str(HOME[1])[:7]):
        assert degrees not in found
    assert str(private.pk) not in found
    assert home.number not in found or "csv" in path or "house" not in found


def test_the_front_page_says_what_to_do_and_what_is_in_hand(client: Client) -> None:
    report()
    done = report()
    finish(done, at=MONDAY + HOUR)
    judge(done, "satisfied", at=MONDAY + 4 * HOUR)

    html = body(client, "/")

    assert 'href="/petitions/new"' in html
    assert 'action="/petitions/find"' in html
    assert 'href="/petitions/?state=open"' in html
    assert f"/petitions/{done.number}" in html
    assert html.count("button-main") == 1


def test_a_number_typed_into_any_search_leads_to_its_petition(client: Client) -> None:
    number = report().number
    for name in ("q", "number"):
        answer = client.get("/petitions/", {name: f"{number[:4]} {number[4:]}"})
        assert answer.status_code == 302
        assert answer["Location"] == f"/petitions/find?number={number}"


def test_the_list_shows_filters_in_force_and_lets_each_be_taken_away(client: Client) -> None:
    report()
    html = body(client, "/petitions/?area=w1&month=2026-03&promise=due&service=road_damage")
    assert 'href="/petitions/?area=w1&amp;service=road_damage"' in html
    assert 'name="promise" value="due"' in html


def test_a_list_with_nothing_in_it_says_what_to_do_next(client: Client) -> None:
    for path in (
        "/petitions/",
        "/petitions/?q=zebra",
        "/petitions/?state=late",
        "/areas/w1",
        "/map",
    ):
        html = body(client, path)
        assert 'class="empty"' in html, path


def test_a_mistyped_cursor_shows_the_first_page(client: Client) -> None:
    number = report().number
    assert number in body(client, "/petitions/?older=nonsense")


def test_wards_stand_worst_first_with_a_map_and_figures_that_lead_to_their_lists(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(point=HARBOUR)
    monkeypatch.setattr(pages, "now", lambda: MONDAY + 40 * DAY)

    html = body(client, "/areas/?month=2026-03", at=MONDAY + 40 * DAY)

    assert html.index('href="/areas/w2">w2') < html.index('href="/areas/w1">w1')
    assert 'href="/petitions/?area=w2&amp;state=late"' in html
    assert "0 / 1" in text_of(html)
    assert html.count('<path class="late-') == 2


def test_a_ward_that_is_none_is_not_found(client: Client) -> None:
    assert client.get("/areas/nowhere").status_code == 404
    assert client.get("/feeds/areas/nowhere.atom").status_code == 404


def test_the_feed_is_atom_that_strict_readers_take(client: Client) -> None:
    report("Broken <b>lamp</b> & noise")
    report("Another")
    answer = client.get("/feeds/areas/w1.atom")
    root = ET.fromstring(answer.content)
    atom = "{http://www.w3.org/2005/Atom}"

    assert answer["Content-Type"].startswith("application/atom+xml")
    entries = root.findall(f"{atom}entry")
    assert len(entries) == 2
    assert len({entry.findtext(f"{atom}id") for entry in entries}) == 2
    for entry in (root, *entries):
        assert entry.findtext(f"{atom}title")
        assert entry.findtext(f"{atom}updated")
    assert root.find(f"{atom}author/{atom}name") is not None


def test_the_table_streams_and_says_what_it_holds(client: Client) -> None:
    report()
    answer = client.get("/open/petitions.csv")
    lines = b"".join(answer).decode().splitlines()  # type: ignore[arg-type]
    described = client.get("/open/petitions.json").json()

    assert answer.streaming
    assert lines[0].split(",") == [field["name"] for field in described["schema"]["fields"]]
    assert len(lines) == 2
    assert described["licenses"][0]["url"]
    assert described["coarsened"] == {"rows": 1, "cells": 1, "below": 5}


def test_the_wall_shows_who_has_not_taken_what(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    petition = report()
    monkeypatch.setattr(wall, "now", lambda: MONDAY + DAY)

    html = text_of(body(client, "/wall"))

    assert petition.place in html
    assert "ward-1" in html
    assert "1" in html


def test_what_has_been_taken_leaves_the_wall(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    petition = report()
    deeds.accept_case(case_of(petition), actor=CAST.handler, at=MONDAY + HOUR)
    monkeypatch.setattr(wall, "now", lambda: MONDAY + DAY)
    assert petition.place not in body(client, "/wall?part=zones")


@pytest.mark.parametrize(
    ("path", "most"),
    [("/", 14), ("/petitions/?area=w1", 3), ("/map", 1), ("/areas/", 3), ("/areas/w1", 4),
     ("/feeds/petitions.atom", 8), ("/wall", 6)],
)  # fmt: skip
def test_pages_take_as_many_statements_for_many_as_for_few(
    client: Client, django_assert_max_num_queries: Any, path: str, most: int
) -> None:
    for n in range(12):
        petition = report(at=MONDAY + n * HOUR / 10)
        if n % 3 == 0:
            finish(petition, at=MONDAY + HOUR)
    body(client, path)
    # Two more: once a second a process asks whether another pack or calendar was loaded.
    with django_assert_max_num_queries(most + 2):
        page(client, path)


@pytest.mark.parametrize("path", ["/petitions/?q=%00", "/petitions/?q=%22%00%22", "/areas/%00",
                                  "/petitions/?area=%27&state=x&month=9999-99&on=0001-01-01",
                                  "/petitions/?older=%00", "/?part=%00"])  # fmt: skip
def test_nonsense_in_an_address_breaks_nothing(client: Client, path: str) -> None:
    assert client.get(path).status_code in {200, 404}
