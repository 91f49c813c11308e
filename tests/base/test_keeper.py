"""The keeper's promises that are quick to prove; the hard ones are in test_keeper_audit.py."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest

from tests.base.keeping import postmaster_pid, processes_of, wait_until
from thudo.base import keeper
from thudo.base.keeper import cluster, place, tuning


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keeper") / "data"
    with pytest.MonkeyPatch.context() as patch:
        for name in ("LANG", "LC_ALL", "LC_CTYPE"):
            patch.setenv(name, "C")
        keeper.hold(folder).close()
    return folder


def test_vietnamese_letters_survive_a_first_start_under_lang_c(data_dir: Path) -> None:
    with keeper.server(data_dir) as url, psycopg.connect(url) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        lowered = connection.execute("SELECT lower('Đường NGUYỄN')").fetchone()
        trigrams = connection.execute("SELECT cardinality(show_trgm('đường'))").fetchone()
        alike = connection.execute("SELECT similarity('đường', 'ường')").fetchone()

    assert lowered == ("đường nguyễn",)
    assert trigrams == (6,)
    assert alike is not None
    assert alike[0] > 0.2


def test_the_server_stops_with_its_last_user(data_dir: Path) -> None:
    first = keeper.hold(data_dir)
    second = keeper.hold(data_dir)

    first.close()
    with psycopg.connect(second.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    second.close()

    assert processes_of(data_dir) == []


def test_the_server_is_reached_by_its_socket_only_and_writes_through(data_dir: Path) -> None:
    names = ["listen_addresses", "unix_socket_permissions", "fsync", "synchronous_commit"]
    names += ["full_page_writes", "data_checksums", "max_connections", "server_encoding"]
    with keeper.server(data_dir) as url, psycopg.connect(url) as connection:
        found = [connection.execute("SELECT current_setting(%s)", [n]).fetchone() for n in names]

    assert [row[0] for row in found if row] == [
        "", "0700", "on", "on", "on", "on", "200", "UTF8",
    ]  # fmt: skip


def test_a_pid_file_that_names_a_foreign_process_does_not_hinder_the_start(data_dir: Path) -> None:
    with subprocess.Popen(["sleep", "60"]) as foreign:
        home = place.make_place(data_dir)
        stale = home.cluster / "postmaster.pid"
        stale.write_text(f"{foreign.pid}\n{home.cluster}\n1\n5432\n", "utf-8")
        if home.account:
            os.chown(stale, home.account.uid, home.account.gid)

        with keeper.server(data_dir) as url, psycopg.connect(url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)

        assert foreign.poll() is None
        foreign.kill()


def test_a_user_that_is_killed_gives_its_share_back(data_dir: Path) -> None:
    code = "import sys, pathlib; from thudo.base import keeper\n"
    code += "h = keeper.hold(pathlib.Path(sys.argv[1])); print(h.url, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(data_dir)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as user:
        assert user.stdout is not None
        assert user.stdout.readline().startswith(b"postgresql://")
        assert postmaster_pid(data_dir)
        user.kill()

    wait_until(lambda: processes_of(data_dir) == [], "the server to stop")


def test_a_path_too_long_for_a_socket_gets_a_short_stand_in(tmp_path: Path) -> None:
    folder = tmp_path / ("a" * 60) / ("b" * 60)
    folder.mkdir(parents=True)

    short = place.short_dir(folder)

    assert len(os.fsencode(short)) <= 80
    assert short == place.short_dir(folder)
    assert short.stat().st_mode & 0o077 == 0
    short.rmdir()


def test_a_dangling_link_to_the_cluster_is_told_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "postgres").symlink_to(tmp_path / "gone")

    with pytest.raises(keeper.KeeperError, match="which is gone"):
        keeper.hold(tmp_path)


def test_a_cluster_of_another_major_version_is_refused_with_a_sentence(
    data_dir: Path, tmp_path: Path
) -> None:
    home = place.make_place(data_dir)
    older = place.Place(tmp_path, tmp_path, tmp_path, None)
    older.cluster.mkdir()
    (older.cluster / "PG_VERSION").write_text("14\n", "ascii")

    cluster.check_version(home, keeper.pg_bin_dir())
    with pytest.raises(keeper.KeeperError, match="made by PostgreSQL 14"):
        cluster.check_version(older, keeper.pg_bin_dir())


def test_a_stale_pid_of_a_dead_process_is_left_to_postgresql(tmp_path: Path) -> None:
    with subprocess.Popen(["true"]) as gone:
        gone.wait()
    (tmp_path / "postmaster.pid").write_text(f"{gone.pid}\n", "utf-8")

    cluster.clear_stale_pid(tmp_path, time.monotonic() + 1)

    assert (tmp_path / "postmaster.pid").exists()


def test_settings_fit_small_and_large_machines() -> None:
    assert tuning.settings(512)["shared_buffers"] == "128MB"
    assert tuning.settings(64 * 1024)["shared_buffers"] == "2048MB"


def test_a_database_with_the_wrong_letters_is_refused_with_a_sentence(data_dir: Path) -> None:
    with keeper.server(data_dir) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS ascii")
            connection.execute(
                "CREATE DATABASE ascii TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'"
            )
            connection.execute("DROP DATABASE IF EXISTS latin")
            connection.execute(
                "CREATE DATABASE latin TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C' "
                "ENCODING 'SQL_ASCII'"
            )

        keeper.check_fit(url)
        with pytest.raises(keeper.UnfitDatabase, match="knows no Vietnamese letters"):
            keeper.check_fit(url.replace("@/thudo", "@/ascii"))
        with pytest.raises(keeper.UnfitDatabase, match="encoding is SQL_ASCII"):
            keeper.check_fit(url.replace("@/thudo", "@/latin"))
        with pytest.raises(keeper.UnfitDatabase, match="cannot be reached"):
            keeper.check_fit(url.replace("@/thudo", "@/nowhere"))


def test_a_role_without_rights_to_the_extensions_is_refused_with_a_sentence(data_dir: Path) -> None:
    with keeper.server(data_dir) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP ROLE IF EXISTS clerk")
            connection.execute("CREATE ROLE clerk LOGIN")

        with pytest.raises(keeper.UnfitDatabase, match="may not create the extensions btree_gist"):
            keeper.check_fit(url.replace("//thudo@", "//clerk@"))


def test_threads_may_hold_and_give_back_at_once(data_dir: Path) -> None:
    urls = []

    def use() -> None:
        with keeper.server(data_dir) as url, psycopg.connect(url) as connection:
            connection.execute("SELECT 1")
            urls.append(url)

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(urls)) == 1
    assert len(urls) == 4
