"""Places of the shipped pack, found by what people type."""

from collections.abc import Iterator

import pytest
from django.test import Client, override_settings
from django.utils import translation
from pytest_django import DjangoDbBlocker

from tests.packs.folders import HANOI, loaded
from thudo.directory.queries import Found, search_places

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _hanoi(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), loaded(HANOI):
        yield


def find(q: str, near: tuple[float, float] | None = None) -> list[Found]:
    with translation.override("vi"):
        return search_places(q, near)


@pytest.mark.parametrize(
    ("typed", "label", "area"),
    [
        ("khuong dinh", "Phường Khương Đình", "00364"),
        ("Khương Đình", "Phường Khương Đình", "00364"),
        ("p. khuong dinh", "Phường Khương Đình", "00364"),
        ("đ. khương đình", "Đường Khương Đình", "00364"),
        ("duong khuong dinh", "Đường Khương Đình", "00364"),
        ("khuog dinh", "Phường Khương Đình", "00364"),
        ("bui xuong trach", "Phố Bùi Xương Trạch", "00364"),
        ("truong tieu hoc ha dinh", "Trường Tiểu học Hạ Đình", "00364"),
        ("chuong my", "Phường Chương Mỹ", "10015"),
        ("CHƯƠNG MỸ", "Phường Chương Mỹ", "10015"),
        ("yen son", "Đường Yên Sơn", "10015"),
        ("cho chuc son", "Chợ Chúc Sơn", "10015"),
        ("thcs phung chau", "Trường Trung học cơ sở Phụng Châu", "10015"),
        ("bv bach mai", "Bệnh viện Bạch Mai", "00229"),
        ("36 duy tan", "36 Duy Tân", "00166"),
        ("so 36 duy tan", "36 Duy Tân", "00166"),
    ],
)
def test_the_first_candidate_is_what_was_meant(typed: str, label: str, area: str | None) -> None:
    first = find(typed)[0]

    assert first.label.endswith(label)
    assert area is None or first.area == area


def test_an_old_ward_gives_a_candidate_for_each_ward_that_took_a_part() -> None:
    old = [f for f in find("phường Kim Mã") if f.kind == "former_ward"]

    assert {found.area for found in old} == {"00004", "00008", "00025"}
    assert all(found.longitude is not None for found in old)


def test_an_old_ward_that_was_not_divided_gives_one() -> None:
    old = [f for f in find("phung chau") if f.kind == "former_ward"]

    assert [found.area for found in old] == ["10015"]


def test_an_old_district_narrows_to_its_wards() -> None:
    old = next(f for f in find("huyen chuong my") if f.kind == "former_district")

    assert old.longitude is None
    assert "10015" in old.areas
    assert len(old.areas) == 7


def test_a_street_known_only_by_its_district_narrows() -> None:
    found = next(f for f in find("tinh lo 424") if f.kind == "street" and f.longitude is None)

    assert len(found.areas) > 1


def test_an_unknown_house_number_gives_the_street_and_the_nearest_known_ones() -> None:
    found = find("40 duy tan")

    assert found[0].label == "Phố Duy Tân"
    assert any(f.label == "36 Duy Tân" and "40" in f.detail for f in found)


def test_who_types_accents_means_them() -> None:
    assert "Hạ Đình" in find("Hạ Đình")[0].label


def test_of_equal_names_the_nearer_comes_first() -> None:
    hoan_kiem, ha_dong = (105.852, 21.029), (105.778, 20.971)

    assert find("nguyen trai", ha_dong)[0].area_name != find("nguyen trai", hoan_kiem)[0].area_name


@pytest.mark.parametrize(
    "typed", ["", " ", "a", "%", "';--", "zzqx yyqz", "phuong", "..", "\x00", "đ" * 500]
)
def test_nothing_breaks_it(typed: str) -> None:
    assert isinstance(find(typed), list)


def test_at_most_so_many() -> None:
    assert len(search_places("nguyen", None, 5)) == 5


@override_settings(ROOT_URLCONF="thudo.directory.urls")
def test_places_on_the_map_are_thinned_by_zoom(client: Client) -> None:
    box = "105.69,20.91,105.72,20.93"

    far = client.get("/map/places.geojson", {"bbox": box, "zoom": "12"}).json()["features"]
    near = client.get("/map/places.geojson", {"bbox": box, "zoom": "17"}).json()["features"]

    assert len(far) < len(near) <= 400
    assert all(f["properties"]["weight"] >= 75 for f in far)
    assert client.get("/map/places.geojson", {"bbox": box, "zoom": "9"}).json()["features"] == []
