"""The real thing for journeys and proofs: `thudo up` on a folder of the test, with the Hanoi pack."""

import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from email.message import Message
from html import unescape
from http.cookiejar import CookieJar
from pathlib import Path
from types import TracebackType
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import ExifTags, Image

from thudo.cli import ROOT

PASSWORD = "minh-hoa"
# A street in Khương Đình ward, which its own committee looks after.
POINT = (105.8130, 20.9930)
WARD = "ward-00364"
CAMERA = "Phone of Mr A"


def environment() -> dict[str, str]:
    """What a person's shell would hold: no database, no keys, nothing of pytest."""
    ours = ("DATABASE_URL", "PYTEST", "THUDO_", "DJANGO_")
    return {n: v for n, v in os.environ.items() if not n.startswith(ours)} | {
        "PYTHONPATH": str(ROOT)
    }


class Stack:
    """A running `thudo up`; as a context manager it is stopped cleanly at the end."""

    def __init__(self, data: Path, *, people: bool = True) -> None:
        self.data, self.people = data, people
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = int(listener.getsockname()[1])
        self.url = f"http://localhost:{self.port}"
        self.log = data.with_name(f"{data.name}.log")

    def __enter__(self) -> "Stack":
        began = time.monotonic()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "thudo", "up", "--empty", "--data", str(self.data),
                 "--port", str(self.port)],
                cwd="/", stdout=log, stderr=log, env=environment(),
            )  # fmt: skip
        self._until_up()
        if self.people:
            self.run("simulate", "people")
        print(f"the whole stack was up in {time.monotonic() - began:.1f} s")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(180)
        if kind is not None:
            print(self.said()[-2000:], self.tail("web"), self.tail("worker"), sep="\n")

    def run(self, *words: str) -> str:
        """A command of `thudo` on the same data folder; its words."""
        done = subprocess.run(
            [sys.executable, "-m", "thudo", words[0], *words[1:], "--data", str(self.data)],
            cwd="/", env=environment(), capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def said(self) -> str:
        return self.log.read_text("utf-8", "replace")

    def tail(self, name: str) -> str:
        """The last lines of one process's log."""
        path = self.data / "log" / f"{name}.log"
        return path.read_text("utf-8", "replace")[-3000:] if path.exists() else ""

    def _until_up(self) -> None:
        deadline = time.monotonic() + 150
        while "Stop: Ctrl-C" not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)


class Answer:
    """Status, headers and text of one answer."""

    def __init__(self, status: int, headers: Message, body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        return json.loads(self.body)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        return None


class Caller:
    """A program or a browser without scripts, with cookies; never follows a redirect by itself."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(
            _Stay(), urllib.request.HTTPCookieProcessor(self.cookies)
        )

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """One request; `x_client_token` is the header X-Client-Token."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.url + path, body, named, method=method)
        try:
            with self.opener.open(request, timeout=20) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as answer:
            with answer:
                return Answer(answer.code, answer.headers, answer.read())

    def api(self, method: str, path: str, value: Any = None, **headers: str) -> Answer:
        """One operation of /api/v1 with a JSON body."""
        body = None if value is None else json.dumps(value).encode()
        if body is not None:
            headers["content_type"] = "application/json"
        return self.send(method, f"/api/v1{path}", body, **headers)

    def upload(self, path: str, content: bytes, **headers: str) -> Answer:
        """One file, as <input type=file name=file> sends it."""
        file = SimpleUploadedFile("a.jpg", content, "image/jpeg")
        body = encode_multipart(BOUNDARY, {"file": file})
        return self.send("POST", path, body, content_type=MULTIPART_CONTENT, **headers)

    def page(self, path: str, status: int = 200) -> str:
        """What a page holds, after its redirects."""
        for _ in range(5):
            answer = self.send("GET", path)
            if answer.status not in {301, 302}:
                break
            path = answer.headers["Location"]
        assert answer.status == status, (path, answer.status, readable(answer.text)[:600])
        return answer.text

    def form(self, path: str, status: int = 302, **typed: Any) -> Answer:
        """Send a form; files may be among what was typed."""
        token = next((c.value for c in self.cookies if c.name == "csrftoken"), "")
        body = encode_multipart(BOUNDARY, {**typed, "csrfmiddlewaretoken": token})
        answer = self.send(
            "POST", path, body, content_type=MULTIPART_CONTENT, referer=f"{self.url}/"
        )
        assert answer.status == status, (path, answer.status, readable(answer.text)[:900])
        return answer


def signed_in(url: str, user: str) -> Caller:
    """An invented member of staff of the pack."""
    caller = Caller(url)
    caller.page("/sign-in")
    caller.form("/sign-in", username=user, password=PASSWORD)
    return caller


def jpeg(
    colour: tuple[int, int, int] = (90, 80, 70), size: tuple[int, int] = (1600, 1200)
) -> bytes:
    """A photo of Khương Đình that says where and with what it was taken."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = CAMERA
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(
        {1: "N", 2: (20.0, 59.0, 34.8), 3: "E", 4: (105.0, 48.0, 46.8)}
    )
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


def readable(html: str) -> str:
    """What a person reads of a page: tags away, spaces single."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))
