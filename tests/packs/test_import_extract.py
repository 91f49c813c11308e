"""The deed import_extract and its command: a far ward gets roads, water and names."""

import argparse
import gzip
from pathlib import Path

import pytest
from django.test import Client, override_settings
from django.utils import translation

from tests import town
from tests.packs.extracts import Writer, chuong_my
from tests.packs.folders import AT, HANOI, MARSA
from thudo.directory.models import MapImport, MapShape, PackVersion, Place
from thudo.directory.queries import assets_at, directory, forget, places_at, search_places
from thudo.journal.models import Entry
from thudo.packs.actions import ExtractRefused, import_extract, load_pack
from thudo.packs.command import map as command

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hanoi")]
HOME = (105.703, 20.9262)


@pytest.fixture(autouse=True)
def _fresh() -> None:
    forget()


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    return chuong_my().write(tmp_path / "city.osm.pbf")


def bring(path: Path) -> dict[str, int]:
    return import_extract(path, actor="system", at=AT)


def words(longitude: float, latitude: float) -> list[str]:
    with translation.override("vi"):
        return [found.label for found in places_at(longitude, latitude)]


def test_roads_water_and_names_of_the_city_are_taken_and_nothing_beyond_it(extract: Path) -> None:
    counts = bring(extract)

    assert counts == {"roads": 2, "water": 2, "streets": 2, "addresses": 1, "places": 2}
    assert set(MapShape.objects.filter(is_imported=True).values_list("kind", "name")) == {
        ("primary", "Quốc lộ 6"), ("street", "Đường Chúc Sơn Mới"),
        ("canal", "Kênh Đỏ"), ("water", "Hồ Thử"),
    }  # fmt: skip
    assert not Place.objects.filter(name__contains="Xa").exists()
    assert set(Place.objects.filter(is_imported=True).values_list("area_id", "source")) == {
        ("10015", "OpenStreetMap")
    }


def test_the_search_finds_what_was_imported(extract: Path) -> None:
    bring(extract)

    with translation.override("vi"):
        assert search_places("chuc son moi")[0].label == "Đường Chúc Sơn Mới"
        assert search_places("benh vien thu")[0].area == "10015"
        assert search_places("12 chuc son moi")[0].label == "12 Đường Chúc Sơn Mới"


def test_a_point_is_told_by_house_number_street_or_ward(extract: Path) -> None:
    assert words(*HOME) == ["Phường Chương Mỹ"]

    bring(extract)

    assert words(*HOME)[0] == "Đường Chúc Sơn Mới"
    assert words(105.70294, 20.92705)[0] == "12 Đường Chúc Sơn Mới"
    assert words(105.7035, 20.92655)[0] == "Bệnh viện Thử"
    assert words(105.7037, 20.9267)[0] == "Gần Bệnh viện Thử"
    assert words(105.7100, 20.9300)[-1] == "Phường Chương Mỹ"
    assert words(106.70, 10.77) == []


def test_the_class_of_a_road_is_known_there_then(extract: Path) -> None:
    assert assets_at(105.701, 20.92501, ["road"]) == ()

    bring(extract)

    assert assets_at(105.701, 20.92501, ["road"]) == ("road:arterial",)
    assert assets_at(105.703, 20.9270, ["road"]) == ("road:local",)
    assert assets_at(105.7026, 20.9290, ["road"]) == ()


@override_settings(ROOT_URLCONF="thudo.directory.urls")
def test_the_tile_there_holds_them_and_the_pack_keeps_its_own_elsewhere(
    client: Client, extract: Path
) -> None:
    def tile(number: str) -> bytes:
        answer = client.get(f"/map/tiles/{number}.mvt", headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200
        return gzip.decompress(answer.content)

    there, centre = "14/13002/7217", "14/13008/7212"
    before, own = tile(there), tile(centre)
    bring(extract)

    assert "Hồ Thử".encode() not in before
    for name in ("Hồ Thử", "Quốc lộ 6", "Kênh Đỏ"):
        assert name.encode() in tile(there)
    assert tile(centre) == own


def test_a_second_import_replaces_the_first_and_leaves_the_pack_alone(
    tmp_path: Path, extract: Path
) -> None:
    own = Place.objects.filter(is_imported=False).count()
    shapes = MapShape.objects.filter(is_imported=False).count()
    bring(extract)
    bring(extract)
    assert Place.objects.filter(is_imported=True).count() == 5
    other = Writer()
    other.way((105.70, 20.925), (105.71, 20.925), highway="trunk", name="Đường Khác")

    counts = bring(other.write(tmp_path / "other.osm.pbf"))

    assert counts == {"roads": 1, "water": 0, "streets": 1, "addresses": 0, "places": 0}
    assert list(Place.objects.filter(is_imported=True).values_list("name", flat=True)) == [
        "Đường Khác"
    ]
    assert Place.objects.filter(is_imported=False).count() == own
    assert MapShape.objects.filter(is_imported=False).count() == shapes
    assert MapImport.objects.count() == 3


def test_a_place_of_the_pack_stays_as_the_pack_says(extract: Path) -> None:
    Place.objects.create(
        code="osm:n17", kind="park", name="Vườn của bộ dữ liệu", folded="vuon", source="pack"
    )
    node = next(n for n in chuong_my().nodes if n.tags.get("amenity") == "hospital")
    Place.objects.filter(code="osm:n17").update(code=f"osm:n{node.id}")

    bring(extract)

    assert Place.objects.get(code=f"osm:n{node.id}").name == "Vườn của bộ dữ liệu"


def test_another_version_of_the_pack_keeps_what_was_imported(extract: Path) -> None:
    bring(extract)
    PackVersion.objects.update(digest="earlier")
    forget()

    load_pack(HANOI, actor="system", at=AT)

    assert Place.objects.filter(is_imported=True, name="Bệnh viện Thử").exists()
    assert MapShape.objects.filter(is_imported=True).count() == 4


def test_it_is_journalled_with_its_counts(extract: Path) -> None:
    import_extract(extract, actor="user:7", at=AT)

    entry = Entry.objects.get(action="map.imported")
    assert (entry.actor, entry.subject_kind, entry.subject_id) == ("user:7", "map", "city.osm.pbf")
    assert b'"roads":2' in bytes(entry.body)


def test_other_processes_see_it_by_its_number(extract: Path) -> None:
    before = directory().import_id
    bring(extract)

    assert directory().import_id > before


def test_a_file_that_is_none_or_holds_nothing_here_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.osm.pbf"
    broken.write_bytes(b"this is no extract")
    abroad = Writer()
    abroad.way((2.35, 48.85), (2.36, 48.85), highway="primary", name="Rue")

    for path in (tmp_path / "none.osm.pbf", broken, abroad.write(tmp_path / "abroad.osm.pbf")):
        with pytest.raises(ExtractRefused):
            bring(path)
    assert not MapImport.objects.exists()


def test_a_failure_while_writing_changes_nothing(
    extract: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(extract)

    def fail(*_args: object, **_options: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("thudo.packs.actions.extract.record", fail)
    other = Writer()
    other.way((105.70, 20.925), (105.71, 20.925), highway="trunk", name="Đường Khác")
    with pytest.raises(ZeroDivisionError):
        bring(other.write(extract.with_name("other.osm.pbf")))

    assert Place.objects.filter(is_imported=True).count() == 5
    assert not MapShape.objects.filter(name="Đường Khác").exists()


def test_a_pack_that_does_not_name_the_source_is_refused_first(extract: Path) -> None:
    town.forget()
    load_pack(MARSA, actor="system", at=AT)

    with pytest.raises(ExtractRefused, match="OpenStreetMap"):
        bring(extract)


def test_the_command_prints_how_far_it_is(
    extract: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser.add_subparsers(dest="act", required=True))

    assert command.run(parser.parse_args(["import", str(extract)])) == 0
    assert command.run(parser.parse_args(["import", str(extract.with_name("no"))])) == 1

    said = capsys.readouterr()
    assert "2 roads" in said.out
    assert "city.osm.pbf is on the map" in said.out
    assert said.err
