"""The directory in memory and its doors, on the shipped pack."""

import gzip
import json
from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client, override_settings
from pytest_django import DjangoAssertNumQueries

from tests.packs.folders import AT
from thudo.directory.models import Area, PackVersion
from thudo.directory.queries import (
    PackNotLoaded,
    assets_at,
    directory,
    forget,
    say,
    successors_of,
    ward_on,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hanoi")]
DOORS = override_settings(ROOT_URLCONF="thudo.directory.urls")


@pytest.fixture(autouse=True)
def _fresh() -> None:
    forget()


@pytest.fixture
def door(client: Client) -> Iterator[Client]:
    with DOORS:
        yield client


@pytest.mark.parametrize(
    ("longitude", "latitude", "area"),
    [
        (105.8134, 20.9908, "00364"),
        (105.70265, 20.92516, "10015"),
        (105.8523, 21.0287, "00070"),
        (106.7, 10.77, None),
        (105.0, 20.0, None),
    ],
)
def test_a_point_lies_in_one_ward_or_outside(
    longitude: float, latitude: float, area: str | None
) -> None:
    found = directory().area_at(longitude, latitude)

    assert (found.code if found else None) == area


def test_every_ward_has_a_name_point_inside_itself_and_a_committee() -> None:
    lists = directory()

    assert len(lists.wards()) == 126
    for ward in lists.wards():
        assert ward.longitude is not None
        assert ward.latitude is not None
        assert lists.area_at(ward.longitude, ward.latitude) == ward
        committee = lists.unit_of_area(ward.code)
        assert committee is not None
        assert committee.code == f"ward-{ward.code}"


def test_every_post_reaches_the_top_of_the_city() -> None:
    lists = directory()
    tops = {lists.post_chain(code)[-1].code for code in lists.posts}

    assert tops == {"ubnd-tp/leader", "hdnd-tp/leader"}


def test_a_post_for_a_field_goes_before_the_general_one() -> None:
    lists = directory()

    society = lists.post_of("ward-00364", "handler", "society")
    roads = lists.post_of("ward-00364", "handler", "roads")

    assert society is not None
    assert roads is not None
    assert (society.code, roads.code) == ("ward-00364/handler-society", "ward-00364/handler")


def test_a_code_that_changed_hands_is_another_ward_by_day() -> None:
    before, after = ward_on("00004", date(2025, 6, 30)), ward_on("00004", date(2025, 7, 1))

    assert before is not None
    assert after is not None
    assert (say(before.name, "vi"), say(after.name, "vi")) == ("Trúc Bạch", "Ba Đình")
    assert ward_on("99999", date(2026, 1, 1)) is None


def test_the_crosswalk_names_its_default_first_and_tells_divided_ones() -> None:
    found = successors_of("old-00019")

    assert found[0].is_default
    assert all(successor.is_divided for successor in found)
    assert len(found) == 4


def test_526_old_wards_and_30_districts_lead_to_126_wards() -> None:
    lists = directory()
    former = [area for area in lists.areas.values() if area.valid_to]

    assert len([a for a in former if a.kind == "former_ward"]) == 526
    assert len([a for a in former if a.kind == "former_district"]) == 30
    assert {s.area for rows in lists.successors.values() for s in rows} == {
        w.code for w in lists.wards()
    }


def test_roads_have_a_class_where_there_is_data_and_none_elsewhere() -> None:
    assert assets_at(105.8431, 21.0285, ["road"]) in {("road:arterial",), ("road:local",), ()}
    assert assets_at(105.70265, 20.92516, ["road"]) == ()
    assert assets_at(None, None, ["road"]) == ()
    assert assets_at(105.8431, 21.0285, ["lamp"]) == ()


def test_words_fall_back_to_the_first_language() -> None:
    assert say({"vi": "đường", "en": "road"}, "fr") == "đường"
    assert say({"vi": "đường", "en": "road"}, "en-gb") == "road"
    assert say({}, "vi") == ""


def test_another_version_is_seen_after_a_load() -> None:
    first = directory()
    version = PackVersion.objects.create(
        code="hanoi", version="2", digest="other", loaded_at=AT, city=first.city
    )
    forget()

    assert directory().version_id == version.pk


def test_without_a_pack_it_says_so() -> None:
    PackVersion.objects.update(digest="")
    forget()

    with pytest.raises(PackNotLoaded):
        directory()


def test_it_is_read_in_few_statements(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(10):
        directory()
    with django_assert_max_num_queries(0):
        directory()


def test_search_by_address(door: Client) -> None:
    answer = door.get("/places", {"q": "khuong dinh", "limit": "3"})

    rows = answer.json()["places"]
    assert len(rows) == 3
    assert rows[0]["label"] == "Phường Khương Đình"
    assert set(rows[0]) >= {"label", "detail", "lon", "lat", "area", "area_name", "areas"}
    assert door.get("/places").json() == {"places": []}
    assert (
        door.get("/places", {"q": "kim ma", "lon": "x", "lat": "y", "limit": "-1"}).status_code
        == 200
    )
    odd = {"q": "kim ma", "lon": "nan", "lat": "inf", "limit": "²"}
    assert door.get("/places", odd).status_code == 200
    assert door.post("/places").status_code == 405


@pytest.mark.parametrize(("layer", "count"), [("areas", 126), ("roads", 700), ("water", 5)])
def test_layers_of_the_map(door: Client, layer: str, count: int) -> None:
    answer = door.get(f"/map/{layer}.geojson", headers={"Accept-Encoding": "gzip"})

    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.content) < 450_000
    assert len(json.loads(gzip.decompress(answer.content))["features"]) >= count
    again = door.get(f"/map/{layer}.geojson", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_layer_with_its_version_never_changes(door: Client) -> None:
    version = directory().version_id

    assert "immutable" in door.get(f"/map/water.geojson?v={version}").headers["Cache-Control"]
    assert "immutable" not in door.get("/map/water.geojson").headers["Cache-Control"]


def test_the_areas_of_the_database_are_those_of_the_map() -> None:
    assert Area.objects.filter(kind__in=["ward", "commune"], valid_to=None).count() == 126


def test_water_that_only_orients_is_not_drawn_close_in(door: Client) -> None:
    def tile(number: str) -> bytes:
        answer = door.get(f"/map/tiles/{number}.mvt", headers={"Accept-Encoding": "gzip"})
        return gzip.decompress(answer.content)

    assert b"water" in tile("12/3252/1803")
    assert b"roads" in tile("13/6504/3606")
    assert b"water" not in tile("13/6504/3606")


def test_there_is_no_tile_deeper_or_beside_the_earth(client: Client) -> None:
    assert client.get("/map/tiles/15/1/1.mvt").status_code == 404
    assert client.get("/map/tiles/3/8/1.mvt").status_code == 404
