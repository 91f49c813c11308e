"""Broken packs are refused with file, line and sentence."""

from datetime import date
from pathlib import Path

import pytest

from tests.packs.folders import HANOI, MARSA, change, copy_of_marsa
from thudo.packs.rules.check import check

DAY = date(2026, 11, 24)


@pytest.mark.parametrize("folder", [HANOI, MARSA], ids=lambda folder: folder.name)
def test_the_shipped_packs_are_sound(folder: Path) -> None:
    assert [str(problem) for problem in check(folder, DAY)] == []


BREAKS = [
    ("units.csv", "works,office,Public Works", "works,office,", "units.csv", 6, 'The words in "en"'),
    ("units.csv", ",council,M1,office,", ",senate,M1,office,", "units.csv", 7, 'no unit "senate"'),
    ("units.csv", ",council,M1,office,", ",council,M9,office,", "units.csv", 7, 'no area "M9"'),
    ("units.csv", ",council,M1,office,", ",council,M1,night,", "units.csv", 7, 'no calendar "night"'),
    ("units.csv", "council,council,City Council,Conseil municipal,,M0",
     "council,council,City Council,Conseil municipal,works,M0", "units.csv", 2, "lies above itself"),
    ("units.csv", "2024-01-01,\nombudsman", "2024-13-01,\nombudsman", "units.csv", 4, "not a day"),
    ("units.csv", "quarter-M2,quarter_office", "quarter-M1,quarter_office", "units.csv", 8,
     "already on line 7"),
    ("units.csv", "quarter-M3,quarter_office", "quarter-M3,office", "areas.geojson", 4,
     'No unit governs the area "M3"'),
    ("units.csv", "works,office,Public Works,Travaux publics,council,M0,office,,,2024-01-01,",
     "works,office,Public Works,Travaux publics,council,M0,office,,,2024-01-01,2025-01-01",
     "authority.csv", 5, "when it does not exist"),
    ("posts.csv", "quarter_office,head,head", "quarter_office,head,boss", "posts.csv", 16, '"boss"'),
    ("posts.csv", "Agent de quartier,head", "Agent de quartier,deputy", "posts.csv", 17,
     'no post "quarter-M1/deputy"'),
    ("services.csv", "pothole,reports,streets", "pothole,reports,roads", "services.csv", 2,
     'no group "roads"'),
    ("services.csv", "pothole,reports", "pothole,letters", "services.csv", 2, 'no stream "letters"'),
    ("services.csv", "normal,photo,way", "normal,rumour,way", "services.csv", 2, '"rumour" is no evidence'),
    ("services.csv", "normal,photo,way", "normal,photo,rail", "services.csv", 2, 'no asset layer "rail"'),
    ("services.csv", "Thank you; we pass it on.,Merci ; nous transmettons.", ",", "services.csv", 4,
     "gives no reason"),
    ("authority.csv", "pothole,city,works", "potholes,city,works", "authority.csv", 5,
     'no service "potholes"'),
    ("authority.csv", "asset:way:avenue", "asset:way:alley", "authority.csv", 2,
     'no scope "asset:way:alley"'),
    ("authority.csv", "quarter-{area}", "ward-{area}", "authority.csv", 3, 'no unit "ward-{area}"'),
    ("authority.csv", "2024-01-01,2026-07-01", "2024-01-01,2026-08-01", "authority.csv", 4,
     "overlaps with line 3 from 2026-07-01"),
    ("authority.csv", "pothole,city,works", "pothole,area:M1,works", "authority.csv", 5, "overlaps"),
    ("authority.csv", "pothole,city,works,2024-01-01,", "pothole,city,works,2025-01-01,",
     "services.csv", 2, "Nobody answers for \"pothole\" where the area is not known on 2024-01-01"),
    ("conduct.csv", "council,Council order 9", "works,Council order 9", "conduct.csv", 3, ""),
    ("terms.csv", "acknowledge,urgent,,elapsed,30", "acknowledge,urgent,,elapsed,soon", "terms.csv", 4,
     "not a whole number"),
    ("terms.csv", "acknowledge,urgent,,elapsed,30", "confirm,,,elapsed,30", "terms.csv", 1,
     'no term for "acknowledge"'),
    ("duty.csv", "20:00,08:00", "21:00,08:00", "units.csv", 2, 'Nobody of "council" is on duty on mon at 20:00'),
    ("duty.csv", "sun mon tue wed thu fri sat,08:00", "sun mon tue wed thu sat,08:00", "units.csv", 2,
     "on fri at 08:00"),
    ("calendars/office.toml", "2028-01-01", "2026-06-01", "calendars/office.toml", 4,
     "does not cover the year 2026"),
    ("calendars/office.toml", '[["08:00", "15:00"]]\nmon', '[["15:00", "08:00"]]\nmon',
     "calendars/office.toml", 7, "not spans in order"),
    ("calendars/office.toml", 'time_zone = "Asia/Beirut"', 'time_zone = "Asia/Byblos"',
     "calendars/office.toml", 1, 'no time zone "Asia/Byblos"'),
    ("city.toml", 'top_unit = "council"', 'top_unit = "senate"', "city.toml", 13, 'no unit "senate"'),
    ("city.toml", 'colour = "#1A4F8B"', 'colour = "#8AB4F8"', "city.toml", 34, "contrast of 2.1"),
    ("city.toml", 'code = "marsa"', 'code = marsa', "city.toml", 2, "not TOML"),
    ("city.toml", 'owner_role = "handler"\n', "", "city.toml", 1, '"owner_role" is missing'),
    ("successions.csv", "old-P1,M2", "old-P1,M8", "successions.csv", 3, 'no area "M8"'),
    ("places.csv", "s1,street", "s1,bridge", "places.csv", 2, 'no kind of place "bridge"'),
    ("places.csv", "35.485,33.895", "36.485,33.895", "places.csv", 2, "outside the map's bounds"),
    ("areas.geojson", '{"en":"Harbour","fr":"Port"}', '{"en":"Harbour"}', "areas.geojson", 2, 'in "fr"'),
    ("areas.geojson", '"FeatureCollection","features":[', '"FeatureCollection","parts":[',
     "areas.geojson", 1, "not GeoJSON"),
    ("groups.csv", "traffic-cone", "traffic-cone,x", "groups.csv", 2, "does not have the 4 columns"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "old", "new", "file", "line", "sentence"),
    BREAKS,
    ids=[f"{b[0]} {b[2][:30]}" for b in BREAKS],
)
def test_a_broken_pack_is_refused_with_file_line_and_sentence(
    tmp_path: Path, name: str, old: str, new: str, file: str, line: int, sentence: str
) -> None:
    folder = copy_of_marsa(tmp_path)
    change(folder, name, old, new)

    problems = check(folder, DAY)

    if sentence:
        told = [str(problem) for problem in problems]
        assert any(
            p.file == file and p.line == line and sentence in p.sentence for p in problems
        ), told
    else:
        # Public Works instead of the council: it does not lie below the ombudsman either.
        assert problems == []


def test_a_unit_whose_conduct_nobody_may_judge_is_refused(tmp_path: Path) -> None:
    folder = copy_of_marsa(tmp_path)
    change(folder, "conduct.csv", "council,Council order 9 (invented),The Council looks into the "
           "Ombudsman.,Le Conseil examine le Médiateur.\n", "")  # fmt: skip

    problems = check(folder, DAY)

    assert [(p.file, p.line) for p in problems] == [("units.csv", 5)]
    assert 'Nobody takes petitions about the conduct of "ombudsman"' in problems[0].sentence


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    folder = copy_of_marsa(tmp_path)
    change(folder, "units.csv", ",council,M1,office,", ",council,M9,office,")
    change(folder, "places.csv", "s1,street", "s1,bridge")

    assert {problem.file for problem in check(folder, DAY)} >= {"units.csv", "places.csv"}


def test_an_empty_folder_is_no_pack(tmp_path: Path) -> None:
    assert [str(problem) for problem in check(tmp_path)] == [
        "city.toml:1: The file is missing or empty."
    ]
