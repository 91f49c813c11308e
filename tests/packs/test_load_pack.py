"""The deed load_pack: what it writes, what it leaves, what it ends."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from tests import town
from tests.packs.folders import AT, MARSA, change, copy_of_marsa
from thudo.deadlines.models import Calendar, DutyShift, Term
from thudo.directory.models import Area, PackVersion, Place, Post, Service, Unit
from thudo.directory.queries import directory
from thudo.journal.models import Entry
from thudo.packs.actions import PackRefused, load_pack
from thudo.packs.actions.load import NoPack
from thudo.routing.models import Authority

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> None:
    town.forget()


def test_a_loaded_pack_is_what_the_directory_says() -> None:
    loaded = load_pack(MARSA, actor="system", at=AT)

    lists = directory()
    assert lists.version_id == loaded.version_id
    assert list(lists.units["quarter-M1"].name.values()) == [
        "Harbour Quarter Office",
        "Mairie du Port",
    ]
    assert lists.posts["quarter-M1/head"].title["fr"] == "Chef de la Mairie du Port"
    assert [post.code for post in lists.post_chain("quarter-M1/handler")] == [
        "quarter-M1/handler", "quarter-M1/head", "council/head", "council/leader",
    ]  # fmt: skip
    assert Calendar.objects.get().week["fri"] == []
    assert DutyShift.objects.count() == 2 * Unit.objects.count()
    assert Term.objects.filter(clock="intake").count() == 1
    assert Service.objects.get(code="praise").is_admissible is False


def test_it_is_journalled() -> None:
    loaded = load_pack(MARSA, actor="user:7", at=AT)

    entry = Entry.objects.get(action="pack.loaded")
    assert (entry.actor, entry.subject_kind, entry.subject_version) == (
        "user:7",
        "pack",
        loaded.version_id,
    )
    assert b'"units":8' in bytes(entry.body)


def test_the_same_pack_again_changes_nothing_and_is_quick() -> None:
    first = load_pack(MARSA, actor="system", at=AT)

    with CaptureQueriesContext(connection) as asked:
        second = load_pack(MARSA, actor="system", at=AT + timedelta(days=1))

    assert (second.changed, second.version_id) == (False, first.version_id)
    assert len(asked) < 5
    assert Entry.objects.filter(action="pack.loaded").count() == 1


def test_a_note_beside_the_data_makes_no_new_version(tmp_path: Path) -> None:
    folder = copy_of_marsa(tmp_path)
    load_pack(folder, actor="system", at=AT)
    (folder / "SOURCES.md").write_text("other words")

    assert load_pack(folder, actor="system", at=AT).changed is False


def test_what_is_gone_ends_and_keeps_its_name(tmp_path: Path) -> None:
    folder = copy_of_marsa(tmp_path)
    load_pack(folder, actor="system", at=AT)
    change(folder, "posts.csv", "quarter_office,handler,handler,Quarter officer,Agent de quartier,head,\n",
           "quarter_office,clerk,handler,Quarter clerk,Commis de quartier,head,\n")  # fmt: skip
    change(folder, "places.csv", "s1,street,Rue des Pêcheurs,,M1,35.485,33.895,invented\n", "")

    load_pack(folder, actor="system", at=AT)

    assert Post.objects.get(code="quarter-M1/handler").valid_to == AT.date()
    assert Post.objects.get(code="quarter-M1/clerk").valid_to is None
    assert not Place.objects.filter(code="s1").exists()


def test_a_changed_cell_ends_today_and_another_follows(tmp_path: Path) -> None:
    folder = copy_of_marsa(tmp_path)
    load_pack(folder, actor="system", at=AT)
    old = Authority.objects.get(service="pothole", scope="city")
    change(folder, "authority.csv", "pothole,city,works", "pothole,city,council")

    load_pack(folder, actor="system", at=AT)

    old.refresh_from_db()
    new = Authority.objects.get(service="pothole", scope="city", unit="council")
    assert (old.unit, old.valid) == ("works", DateRange(date(2024, 1, 1), AT.date()))
    assert new.valid == DateRange(AT.date(), None)


def test_cells_that_did_not_change_keep_their_row(tmp_path: Path) -> None:
    folder = copy_of_marsa(tmp_path)
    load_pack(folder, actor="system", at=AT)
    before = set(Authority.objects.values_list("id", flat=True))
    change(folder, "groups.csv", "Streets", "Roads")

    load_pack(folder, actor="system", at=AT + timedelta(days=30))

    assert set(Authority.objects.values_list("id", flat=True)) == before


def test_a_changed_calendar_is_a_new_version_and_the_old_one_stays(tmp_path: Path) -> None:
    folder = copy_of_marsa(tmp_path)
    load_pack(folder, actor="system", at=AT)
    change(folder, "calendars/office.toml", "fri = []", 'fri = [["08:00", "11:00"]]')

    load_pack(folder, actor="system", at=AT)

    assert list(Calendar.objects.order_by("version").values_list("version", flat=True)) == [1, 2]


def test_a_broken_pack_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    folder = copy_of_marsa(tmp_path)
    change(folder, "units.csv", ",council,M1,office,", ",council,M9,office,")

    with pytest.raises(PackRefused) as refused:
        load_pack(folder, actor="system", at=AT)

    assert any(problem.startswith("units.csv:7: ") for problem in refused.value.extra["problems"])
    assert not Area.objects.exists()
    assert not PackVersion.objects.exists()


def test_a_folder_without_a_pack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoPack):
        load_pack(tmp_path, actor="system", at=AT)


def test_a_load_that_was_broken_off_is_not_seen_and_is_repeated() -> None:
    first = load_pack(MARSA, actor="system", at=AT)
    PackVersion.objects.create(code="marsa", version="x", digest="", loaded_at=AT, city={})
    town.forget()

    assert directory().version_id == first.version_id
    assert load_pack(MARSA, actor="system", at=AT).changed is False


def test_the_city_is_plain_json() -> None:
    loaded = load_pack(MARSA, actor="system", at=AT)

    city = PackVersion.objects.get(pk=loaded.version_id).city
    assert json.dumps(city)
    assert city["place_kinds"]["market"]["name"]["fr"] == "Marché"
