"""Who answers in the shipped pack, by place and day."""

import time
from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from thudo.directory.queries import directory
from thudo.routing.models import Authority
from thudo.routing.queries import NoUnitAnswers, forget, resolve

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hanoi")]
TODAY = date(2026, 11, 24)
KHUONG_DINH = (105.8134, 20.9908)
CHUONG_MY = (105.70265, 20.92516)


@pytest.fixture(autouse=True)
def _fresh() -> None:
    forget()


@pytest.mark.parametrize(
    ("service", "place", "day", "unit", "scope"),
    [
        ("flooding", KHUONG_DINH, TODAY, "thoat-nuoc", "area:00364"),
        ("flooding", KHUONG_DINH, date(2025, 8, 26), "so-xay-dung", "city"),
        ("flooding", CHUONG_MY, TODAY, "so-xay-dung", "city"),
        ("waste", CHUONG_MY, date(2025, 11, 30), "urenco", "area:10015"),
        ("waste", CHUONG_MY, date(2025, 12, 1), "ward-10015", "area:10015"),
        ("encroachment", KHUONG_DINH, TODAY, "ward-00364", "area:00364"),
        ("security", KHUONG_DINH, TODAY, "police-00364", "area:00364"),
        ("power", CHUONG_MY, TODAY, "evn-ha-noi", "city"),
        ("initiative", KHUONG_DINH, TODAY, "so-khcn", "city"),
    ],
)
def test_the_place_and_the_day_decide(
    service: str, place: tuple[float, float], day: date, unit: str, scope: str
) -> None:
    found = resolve(service, *place, None, None, day)

    assert (found.unit_code, found.scope) == (unit, scope)
    assert found.reason["vi"]
    assert found.legal_basis
    assert Authority.objects.get(pk=found.authority_id).unit == unit
    assert directory().posts[found.post_code].unit == unit


def test_an_asset_decides_before_the_ward() -> None:
    main = resolve("road_damage", None, None, "00364", ["road:arterial"], TODAY)
    lane = resolve("road_damage", None, None, "00364", ["road:local"], TODAY)
    lamp = resolve("street_lighting", None, None, "10015", ["lamp:public"], TODAY)

    assert (main.unit_code, lane.unit_code, lamp.unit_code) == (
        "so-xay-dung",
        "ward-00364",
        "chieu-sang",
    )
    assert main.scope == "asset:road:arterial"


def test_the_class_of_the_road_is_found_at_the_point() -> None:
    units = {
        resolve("road_damage", 105.83 + step / 2000, 21.0285, None, None, TODAY).scope
        for step in range(60)
    }

    assert "asset:road:arterial" in units
    assert any(scope.startswith("area:") for scope in units)


def test_the_post_fits_the_field_of_the_matter() -> None:
    found = resolve("procedure", *KHUONG_DINH, None, None, TODAY)

    assert found.post_code == "ward-00364/handler-office"


def test_no_petition_about_conduct_reaches_the_unit_it_is_about_nor_one_below_it() -> None:
    lists = directory()
    for unit in lists.units:
        found = resolve("conduct", *KHUONG_DINH, None, None, TODAY, about_unit=unit)
        assert unit not in {above.code for above in lists.chain(found.unit_code)}
        assert found.scope == f"about:{unit}"


def test_an_unknown_service_is_answered_by_nobody() -> None:
    with pytest.raises(NoUnitAnswers):
        resolve("time_travel", *KHUONG_DINH, None, None, TODAY)


def test_before_the_reform_nobody_answers() -> None:
    with pytest.raises(NoUnitAnswers):
        resolve("flooding", *KHUONG_DINH, None, None, date(2025, 6, 30))


def test_outside_the_city_the_rule_of_the_city_answers() -> None:
    assert resolve("flooding", 0.0, 0.0, None, None, TODAY).unit_code == "so-xay-dung"
    assert resolve("flooding", 0.0, 0.0, "no-such-area", (), TODAY).scope == "city"


def test_it_is_cheap_and_asks_no_database(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    resolve("flooding", *KHUONG_DINH, None, None, TODAY)
    with django_assert_max_num_queries(2):
        began = time.process_time()
        for _ in range(1000):
            resolve("flooding", *KHUONG_DINH, None, None, TODAY)
        spent = time.process_time() - began

    # 45 microseconds on the machine of the bench; room for a slower one.
    assert spent < 0.5
