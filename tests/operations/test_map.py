"""The public map: what stands on it, and that a home cannot be found by looking closer."""

import json
import random
from typing import Any

import h3
import pytest
from django.test import Client

from tests.operations.cast import HOME, HOUR, case_of, counted, finish, report
from tests.town import HARBOUR, MONDAY, TOWN_SQUARE
from thudo.operations.queries import pins
from thudo.operations.rules import Filters, shape_of

pytestmark = pytest.mark.usefixtures("small_town")
TOWN = (104.9, 20.9, 105.3, 21.2)
LATER = MONDAY + HOUR


def features(client: Client, bbox: str, zoom: float) -> list[dict[str, Any]]:
    answer = client.get("/map/petitions.geojson", {"bbox": bbox, "zoom": zoom})
    assert answer.status_code == 200
    found: list[dict[str, Any]] = json.loads(answer.content)["features"]
    return found


def test_far_away_cases_are_counted_by_cell_and_near_each_has_its_mark() -> None:
    for _ in range(3):
        report()
    report(point=HARBOUR)
    report(public=False)

    far = pins.clusters(TOWN, 10.5, Filters(), at=LATER)
    near = pins.pins((105.04, 21.04, 105.06, 21.06), Filters(), at=LATER)

    assert sorted(one.count for one in far) == [1, 3]
    assert len(near) == 3
    assert (near[0].longitude, near[0].latitude) == TOWN_SQUARE


def test_clusters_count_the_same_at_every_zoom() -> None:
    rng = random.Random(7)
    for _ in range(30):
        report(point=(rng.uniform(105.0, 105.099), rng.uniform(21.0, 21.099)))
    for zoom in (9, 10.5, 12, 13.5):
        found = pins.clusters(TOWN, zoom, Filters(), at=LATER)
        assert sum(one.count for one in found) == 30
        assert all(h3.is_valid_cell(one.cell) for one in found)


def test_a_box_holds_what_lies_in_it() -> None:
    rng = random.Random(3)
    spots = [(rng.uniform(105.0, 105.099), rng.uniform(21.0, 21.099)) for _ in range(40)]
    for spot in spots:
        report(point=spot)
    box = (105.02, 21.03, 105.07, 21.08)
    inside = [s for s in spots if box[0] <= s[0] <= box[2] and box[1] <= s[1] <= box[3]]

    assert len(pins.pins(box, Filters(), at=LATER)) == len(inside)


def test_a_home_is_a_soft_disc_that_a_smaller_box_does_not_narrow() -> None:
    report(home=True, point=HOME, place="Alley 4, house 7")
    lat, lon = h3.cell_to_latlng(h3.latlng_to_cell(HOME[1], HOME[0], 9))

    wide = pins.pins((105.0, 21.0, 105.1, 21.1), Filters(), at=LATER)
    tight = pins.pins(
        (HOME[0] - 1e-4, HOME[1] - 1e-4, HOME[0] + 1e-4, HOME[1] + 1e-4), Filters(), at=LATER
    )

    assert [(p.longitude, p.latitude, p.soft) for p in wide] == [
        (round(lon, 5), round(lat, 5), True)
    ]
    assert tight == []


def test_the_shape_in_the_database_is_the_shape_of_the_rule() -> None:
    open_one, done = report(), report(point=HARBOUR)
    finish(done, at=MONDAY + HOUR)
    for at in (LATER, case_of(open_one).promised_at + HOUR):
        soon = pins.soon_at(at)
        for petition in (open_one, done):
            case = case_of(petition)
            shape = shape_of(case.state, case.promised_at, at=at, soon_at=soon)
            found = pins.clusters(TOWN, 12, Filters(area=case.area), at=at)
            assert [list(one.shares) for one in found] == [[shape]]


@pytest.mark.parametrize(
    "bbox", ["", "1,2,3", "a,b,c,d", "106,21,105,22", "0,0,90,80", "nan,0,1,1"]
)
def test_a_box_that_is_none_is_refused_with_a_sentence(client: Client, bbox: str) -> None:
    answer = client.get("/map/petitions.geojson", {"bbox": bbox}, HTTP_ACCEPT="application/json")
    assert answer.status_code == 422
    assert "bbox" in answer.json()["fields"]


def test_the_map_shows_open_ones_and_those_of_this_week(client: Client) -> None:
    petition = report()
    counted()
    found = features(client, "105.04,21.04,105.06,21.06", 15)
    # Clicked in life, in 2026: long after the town's March the case is late.
    assert [f["properties"]["id"] for f in found] == [petition.number]
    assert found[0]["properties"]["state"] == "late"
    assert found[0]["properties"]["href"] == f"/petitions/{petition.number}"


def test_the_map_takes_few_statements(client: Client, django_assert_max_num_queries: Any) -> None:
    for _ in range(5):
        report()
    counted()
    features(client, "105.0,21.0,105.1,21.1", 15)
    with django_assert_max_num_queries(1 + 2):
        features(client, "105.0,21.0,105.1,21.1", 15)
    with django_assert_max_num_queries(1 + 2):
        features(client, "105.0,21.0,105.1,21.1", 12)


def test_a_still_picture_of_the_wards_stands_where_a_map_will_be(client: Client) -> None:
    picture = client.get("/map/still.svg")

    assert picture["Content-Type"] == "image/svg+xml"
    assert picture.content.decode().startswith("<svg")
    assert "/map/still.svg" in client.get("/").content.decode()


@pytest.mark.parametrize("degrees", [0.004, 0.05, 0.7])
def test_the_ranges_of_a_box_hold_every_cell_of_it(degrees: float) -> None:
    cells = list(pins._covering((105.5, 20.8, 105.5 + degrees, 20.8 + degrees)))
    ranges = pins._ranges(cells)
    assert len(ranges) < len(cells)
    for cell in cells:
        children = h3.cell_to_children(cell, pins.STORED)
        ends = h3.str_to_int(min(children)), h3.str_to_int(max(children))
        assert any(low <= ends[0] <= ends[1] <= high for low, high in ranges)
    far = h3.latlng_to_cell(20.8 + 3 * degrees + 0.1, 105.5, pins.STORED)
    assert not any(low <= h3.str_to_int(far) <= high for low, high in ranges)
