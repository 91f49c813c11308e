"""`thudo up` for real: it starts, says where, survives falls, stops without leaving anything."""

import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.base.keeping import command_lines, keeper_pid, processes_of, wait_until
from thudo.cli import ROOT, front

pytestmark = pytest.mark.audit


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("up") / "data"


@pytest.fixture(scope="module")
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class Running:
    """A `thudo up` and what it has said."""

    def __init__(self, data: Path, port: int, *words: str) -> None:
        self.data, self.url = data, f"http://localhost:{port}"
        self.began = time.monotonic()
        self.log = data.with_name(f"up-{time.monotonic_ns()}.log")
        env = {n: v for n, v in os.environ.items() if n not in {"DATABASE_URL", "PYTEST_VERSION"}}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "thudo", "up", "--empty", "--data", str(data),
                 "--port", str(port), *words],
                cwd="/", stdout=log, stderr=log,
                env=env | {"LC_ALL": "C", "LANG": "C", "PYTHONPATH": str(ROOT)},
            )  # fmt: skip

    def said(self) -> str:
        return self.log.read_text("utf-8")

    def wait_until_up(self) -> float:
        wait_until(
            lambda: "Stop: Ctrl-C" in self.said() or self.process.poll() is not None,
            "everything to be up", 120,
        )  # fmt: skip
        assert self.process.poll() is None, self.said()
        return time.monotonic() - self.began

    def page(self, path: str) -> tuple[int, bytes]:
        with urllib.request.urlopen(self.url + path, timeout=20) as answer:
            return answer.status, answer.read()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)


def left(data: Path) -> list[str]:
    """Processes that belong to `data`: by their words, or by their environment."""
    mark = f"THUDO_DATA={data.resolve()}".encode()
    found = processes_of(data)
    for pid, line in command_lines():
        try:
            if line and mark in (Path("/proc") / str(pid) / "environ").read_bytes():
                found.append(line)
        except OSError:
            continue
    return found


@pytest.fixture(scope="module")
def city(data: Path, port: int) -> "Iterator[City]":
    there = City(data, port)
    yield there
    there.stop()


class City:
    """One data folder for all these tests, in whatever order they come."""

    def __init__(self, data: Path, port: int) -> None:
        self.data, self.port = data, port
        self.latest: Running | None = None

    def running(self) -> Running:
        if self.latest is None or self.latest.process.poll() is not None:
            self.latest = Running(self.data, self.port)
            self.latest.wait_until_up()
        return self.latest

    def stop(self) -> None:
        if self.latest and self.latest.process.poll() is None:
            self.latest.stop()


@pytest.fixture
def running(city: City) -> Running:
    return city.running()


def test_pages_and_streams_answer_on_one_address(running: Running) -> None:
    assert running.page("/")[0] == 200
    assert running.page("/live/health")[0] == 200


def test_static_files_are_served_compressed_and_kept_by_name(running: Running) -> None:
    hashed = next((ROOT / "build" / "static").glob("thudo.*.css"))
    request = urllib.request.Request(
        f"{running.url}/static/{hashed.name}", headers={"Accept-Encoding": "gzip"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "immutable" in answer.headers["Cache-Control"]


def test_a_second_start_says_where_the_first_one_runs(running: Running, port: int) -> None:
    second = Running(running.data, port)

    assert second.process.wait(20) == 0
    assert second.said().startswith(f"It already runs at http://localhost:{port} ")


def test_a_port_in_use_is_told_with_another(running: Running, tmp_path: Path, port: int) -> None:
    other = Running(tmp_path / "data", port)

    assert other.process.wait(20) == 1
    assert f"Port {port} is taken by another program." in other.said()
    assert "--port " in other.said()


def test_pages_come_back_after_their_process_and_the_keeper_were_killed(running: Running) -> None:
    web = next(
        p for p, line in command_lines() if "thudo.wsgi" in line and str(running.data) in line
    )
    os.kill(web, signal.SIGKILL)
    wait_until(lambda: "web ended with -9" in running.said(), "the fall to be noticed")
    os.kill(keeper_pid(running.data), signal.SIGKILL)
    wait_until(lambda: "the database is back" in running.said(), "the database")

    def answers() -> bool:
        try:
            return running.page("/")[0] == 200
        except OSError:
            return False

    wait_until(answers, "pages", 60)


def test_a_killed_supervisor_leaves_nothing_running(running: Running) -> None:
    running.process.kill()
    running.process.wait()

    wait_until(lambda: left(running.data) == [], f"nothing to be left: {left(running.data)}", 40)


def test_a_later_start_is_quick_and_ctrl_c_stops_everything(city: City) -> None:
    city.running()
    city.stop()
    later = Running(city.data, city.port)
    seconds = later.wait_until_up()
    print(f"second start: {seconds:.1f} s")
    assert later.page("/")[0] == 200

    later.stop()

    assert later.process.returncode == 1
    assert "PostgreSQL has stopped" in later.said()
    assert left(city.data) == []
    assert seconds < 60  # under 8 on an idle machine; this one may be busy with much else


def test_over_https_forms_are_taken_under_a_certificate_that_phones_can_trust(
    tmp_path: Path,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    city = Running(tmp_path / "data", port, "--tls")
    city.wait_until_up()
    trust = ssl.create_default_context(cafile=front.authority(tmp_path / "data"))
    browser = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=trust), urllib.request.HTTPCookieProcessor()
    )
    try:
        with browser.open(f"https://localhost:{port}/petitions/new", timeout=30) as answer:
            page = answer.read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        form = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1] if token else ""}).encode()
        sent = urllib.request.Request(
            f"https://localhost:{port}/petitions/", form, {"Origin": f"https://localhost:{port}"}
        )
        with pytest.raises(urllib.error.HTTPError) as refusal:
            browser.open(sent, timeout=30)
        refusal.value.close()
        assert refusal.value.code == 422  # read and found empty, not refused as another site's
    finally:
        city.stop()
