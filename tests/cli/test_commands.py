"""The program at the shell: help, keys, one configuration, dump and restore."""

import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import psycopg
import pytest

from thudo import cli
from thudo.base import keeper
from thudo.cli import dump, front, place, restore
from thudo.cli.processes import Address


def thudo(*words: str, **env: str) -> "subprocess.CompletedProcess[str]":
    clean = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-m", "thudo", *words],
        env=clean | {"LC_ALL": "C"} | env, cwd=cli.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_help_names_every_command() -> None:
    done = thudo("--help")

    assert done.returncode == 0
    for name in (*cli.COMMANDS, *cli.DELEGATED):
        assert re.search(rf"^    {name}\s", done.stdout, re.MULTILINE), name


def test_keys_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    first = place.keys(tmp_path / "data")
    second = place.keys(tmp_path / "data")

    assert first == second
    assert set(first) == {"THUDO_SECRET_KEY", "THUDO_IDENTITY_KEYS", "THUDO_PUSH_KEY"}
    assert first["THUDO_IDENTITY_KEYS"].startswith("k1:")
    assert (tmp_path / "data" / "secrets").stat().st_mode & 0o777 == 0o600


def test_two_data_folders_have_different_keys(tmp_path: Path) -> None:
    assert place.keys(tmp_path / "a") != place.keys(tmp_path / "b")


def test_an_unfit_database_is_refused_with_a_sentence(tmp_path: Path) -> None:
    done = thudo(
        "migrate", "--data", str(tmp_path), DATABASE_URL="postgresql://nobody@/none?host=/nowhere"
    )

    assert done.returncode == 1
    assert done.stderr.startswith("thudo: The database cannot be reached: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://localhost:8000"),
        ("0.0.0.0", "http://localhost:8000"),
        ("::", "http://localhost:8000"),
        ("10.1.2.3", "http://10.1.2.3:8000"),
    ],
)
def test_the_address_is_one_that_people_can_type(host: str, url: str) -> None:
    assert Address(host, 8000).url == url


def test_caddy_understands_the_front_configuration(tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    words = front.configuration(
        host="127.0.0.1", port=8000, folder=folder, static=folder,
        web=folder / "web.sock", live=folder / "live.sock",
    )  # fmt: skip
    (folder / "Caddyfile").write_text(words, "utf-8")

    done = subprocess.run(
        [Path(sys.executable).parent / "caddy", "validate", "--config", folder / "Caddyfile",
         "--adapter", "caddyfile"],
        capture_output=True, text=True, check=False, env=os.environ | {"HOME": str(folder)},
    )  # fmt: skip

    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def two_databases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    folder = tmp_path_factory.mktemp("dump")
    share = keeper.hold(folder / "data")
    with psycopg.connect(share.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE other")
        connection.execute("CREATE EXTENSION pg_trgm")
        connection.execute("CREATE TABLE word (id int PRIMARY KEY, text text NOT NULL)")
        connection.execute("INSERT INTO word VALUES (1, 'Đường'), (2, 'Nguyễn Trãi')")
    yield folder, share.url, share.url.replace("@/thudo", "@/other")  # type: ignore[misc]
    share.close()


def words_of(url: str) -> list[tuple[int, str]]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT id, text FROM word ORDER BY id").fetchall()


def test_what_is_dumped_is_restored_with_its_files(two_databases: tuple[Path, str, str]) -> None:
    folder, url, other = two_databases
    (folder / "files" / "ab").mkdir(parents=True)
    (folder / "files" / "ab" / "photo").write_bytes(b"\xff\xd8 photo")

    dump.write(url, folder / "files", folder / "city.tar")
    restore.read(folder / "city.tar", other, folder / "restored")

    assert words_of(other) == [(1, "Đường"), (2, "Nguyễn Trãi")]
    assert (folder / "restored" / "ab" / "photo").read_bytes() == b"\xff\xd8 photo"
    assert restore.tables(other) == 1


def test_a_broken_dump_leaves_the_database_as_it_was(two_databases: tuple[Path, str, str]) -> None:
    folder, url, _ = two_databases
    broken = folder / "broken.tar"
    (folder / "database.dump").write_bytes(b"PGDMP no")
    with tarfile.open(broken, "w") as tar:
        tar.add(folder / "database.dump", "database.dump")

    with pytest.raises(keeper.KeeperError, match="The database is as it was"):
        restore.read(broken, url, folder / "nowhere")

    assert words_of(url) == [(1, "Đường"), (2, "Nguyễn Trãi")]


def test_a_file_that_is_no_dump_is_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "other.tar", "w"):
        pass

    with pytest.raises(keeper.KeeperError, match="no dump of thudo"):
        restore.read(tmp_path / "other.tar", "postgresql:///none", tmp_path)


def test_a_database_with_tables_is_not_overwritten(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with keeper.server(data) as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE word (id int, text text)")
    dumped = thudo("dump", str(tmp_path / "city.tar"), "--data", str(data))
    refused = thudo("restore", str(tmp_path / "city.tar"), "--data", str(data))
    forced = thudo("restore", str(tmp_path / "city.tar"), "--data", str(data), "--force")
    fresh = thudo("restore", str(tmp_path / "city.tar"), "--data", str(tmp_path / "new"))

    assert dumped.returncode == 0, dumped.stderr
    assert "The keys in" in dumped.stdout
    assert refused.stderr == (
        "thudo: The database holds 1 tables: restore into an empty one, "
        "or replace them with --force.\n"
    )
    assert forced.returncode == 0, forced.stderr
    assert fresh.returncode == 0, fresh.stderr
