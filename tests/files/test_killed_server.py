"""A server killed in the middle of a piece has lost nothing that it had acknowledged."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from tests.database import environment
from tests.files.test_tus import BODY, TUS
from tests.files.test_uploads import photo
from thudo.files.models import Attachment
from thudo.files.queries import original_path

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.audit]
# Noise, so that it does not shrink to nothing.
PHOTO = photo((400, 300)) + bytes(range(256)) * 4000


@contextmanager
def server(port: int, data: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The pages as `thudo up` runs them, on this test's database."""
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--host", "127.0.0.1",
        "--port", str(port), "--blocking-threads", "4", "thudo.wsgi:application",
    ]  # fmt: skip
    env = environment() | {"THUDO_DATA": str(data), "THUDO_HOSTS": "127.0.0.1"}
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_until(lambda: call(port, "OPTIONS", "/files/uploads/")[0] == 204)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def wait_until(true: Any) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if true():
                return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.1)
    raise AssertionError("it did not come to pass")


def call(
    port: int, method: str, path: str, content: bytes | None = None, **more: str
) -> tuple[int, Message]:
    headers = (
        TUS | {"cookie": "thudo_draft=mine"} | {k.replace("_", "-"): v for k, v in more.items()}
    )
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", data=content, method=method, headers=headers
    )
    with urllib.request.urlopen(asked, timeout=10) as answer:
        return answer.status, answer.headers


def test_an_upload_goes_on_where_a_killed_server_was(folder: Path, settings: Any) -> None:
    settings.FILES_DIR = folder / "files"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    acknowledged, more = 300_000, 200_000

    with server(port, folder) as first:
        made = call(port, "POST", "/files/uploads/", b"", upload_length=str(len(PHOTO)))
        url = made[1]["Location"]
        piece = {"content_type": BODY, "upload_offset": "0"}
        call(port, "PATCH", url, PHOTO[:acknowledged], **piece)
        begin_a_piece(port, url, acknowledged, more)
        wait_until(lambda: offset(port, url) > acknowledged)
        kill(first)

    with server(port, folder):
        there = offset(port, url)
        assert acknowledged < there <= acknowledged + more
        rest = {"content_type": BODY, "upload_offset": str(there)}
        assert call(port, "PATCH", url, PHOTO[there:], **rest)[0] == 204

    kept = Attachment.objects.get()
    assert original_path(kept.digest).read_bytes() == PHOTO
    assert kept.draft_key == "mine"


def offset(port: int, url: str) -> int:
    return int(call(port, "HEAD", url)[1]["Upload-Offset"])


def begin_a_piece(port: int, url: str, at: int, count: int) -> None:
    """Announce a piece of 500 kB and send only a part of it."""
    head = (
        f"PATCH {url} HTTP/1.1\r\nHost: 127.0.0.1\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: {at}\r\n"
        f"Content-Type: {BODY}\r\nCookie: thudo_draft=mine\r\nContent-Length: 500000\r\n\r\n"
    )
    line = socket.create_connection(("127.0.0.1", port))
    line.sendall(head.encode() + PHOTO[at : at + count])
    _open.append(line)


def kill(process: "subprocess.Popen[bytes]") -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


_open: list[socket.socket] = []


@pytest.fixture(autouse=True)
def lines() -> Iterator[None]:
    yield
    while _open:
        _open.pop().close()
