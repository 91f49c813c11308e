"""Addresses that strangers give: public ones only, short, small, and each redirect judged anew."""

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from thudo.base import fetching
from thudo.base.fetching import Unreachable, fetch, is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "0.0.0.0",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0",
        "fd00::1", "ff02::1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1", "192.0.2.1",
        "2001:0:53aa:64c:0:0:0:0", "240.0.0.1",
    ],
)  # fmt: skip
def test_what_is_not_of_the_open_internet_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "203.162.0.11", "2606:4700::1111", "64:ff9b::101:101"]
)
def test_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "", "x", "//host/a", "ftp://host/a", "file:///etc/passwd", "http://", "http://127.0.0.1/",
        "http://localhost/", "http://[::1]/", "http://2130706433/", "http://0x7f.1/", "http://[/",
        "http://user@1.1.1.1/", "http://1.1.1.1:8080/", "http://1.1.1.1:x/", "http://1.1.1.1/\n",
        "http://1.1.1.1/ a", "http://1.1.1.1/" + "a" * 2000, "https://127.1/", "http://\u24d0.vn/",
    ],
)  # fmt: skip
def test_an_address_that_may_not_be_read_is_not(url: str) -> None:
    with pytest.raises(Unreachable):
        fetch(url, limit=100, seconds=2)


def test_a_name_with_one_private_address_among_public_ones_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def two(*_args: Any, **_more: Any) -> list[Any]:
        return [(2, 1, 6, "", ("1.1.1.1", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]

    monkeypatch.setattr(socket, "getaddrinfo", two)
    with pytest.raises(Unreachable, match="public network"):
        fetch("http://two.example/", limit=100)


class _Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        {"/photo": self._photo, "/moved": self._moved, "/in": self._inside, "/loop": self._loop,
         "/large": self._large, "/endless": self._endless, "/drip": self._drip, "/slow": self._slow, "/cut": self._cut}.get(
            self.path, self._missing)()  # fmt: skip

    def _photo(self) -> None:
        self._send(200, body=b"a photo")

    def _moved(self) -> None:
        self._send(302, Location="/photo")

    def _inside(self) -> None:
        self._send(302, Location="http://10.0.0.1/metadata")

    def _loop(self) -> None:
        self._send(301, Location="/loop")

    def _large(self) -> None:
        self._send(200, length=999999999)

    def _endless(self) -> None:
        self._send(200)
        for _ in range(100):
            self.wfile.write(b"x" * 10_000)

    def _drip(self) -> None:
        for piece in (b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 100):
            self.wfile.write(piece)
            time.sleep(0.1)

    def _slow(self) -> None:
        self._send(200)
        for _ in range(100):
            self.wfile.write(b"x")
            time.sleep(0.1)

    def _cut(self) -> None:
        self._send(200, body=b"half", length=8)

    def _missing(self) -> None:
        self._send(404)

    def _send(self, status: int, body: bytes = b"", **headers: Any) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header("Content-Length" if name == "length" else name, str(value))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Nothing."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server on this machine that counts as a public one for the test; 10.* stays inside."""
    found = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    found.handle_error = lambda *_args: None  # type: ignore[method-assign]
    found.daemon_threads = True
    threading.Thread(target=found.serve_forever, daemon=True).start()
    port = int(found.server_address[1])
    monkeypatch.setitem(fetching.PORTS, "http", port)
    monkeypatch.setattr(fetching, "is_public", lambda address: address == "127.0.0.1")
    yield f"http://127.0.0.1:{port}"
    found.shutdown()
    found.server_close()


def test_a_photo_is_read_also_where_it_has_moved_to(server: str) -> None:
    assert fetch(f"{server}/photo", limit=100) == b"a photo"
    assert fetch(f"{server}/moved", limit=100) == b"a photo"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/in", "public network|other ports"), ("/loop", "too often"), ("/large", "too large"),
        ("/endless", "too large"), ("/nothing", "404"),
        ("/cut", "too early"),
    ],
)  # fmt: skip
def test_a_server_cannot_lead_inside_nor_fill_us(server: str, path: str, why: str) -> None:
    with pytest.raises(Unreachable, match=why):
        fetch(f"{server}{path}", limit=50_000)


@pytest.mark.parametrize("path", ["/drip", "/slow"])
def test_a_server_that_drips_is_left_in_time(server: str, path: str) -> None:
    start = time.monotonic()
    with pytest.raises(Unreachable):
        fetch(f"{server}{path}", limit=100, seconds=0.6)
    assert time.monotonic() - start < 10


def test_no_time_is_too_little() -> None:
    with pytest.raises(Unreachable, match="too long"):
        fetch("http://1.1.1.1/", limit=100, seconds=0)
