"""A small HTTP client for benchmarks: keep-alive sockets in one epoll loop."""

import json
import random
import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Make = Callable[[], bytes]


@dataclass
class Result:
    """What came back: seconds per answered request, in order; and every status."""

    seconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    lasted: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.seconds) / self.lasted

    def percentile(self, share: float) -> float:
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


@dataclass
class _Link:
    sock: socket.socket
    began: float = 0.0
    buffer: bytes = b""
    busy: bool = False


def closed_loop(port: int, make: Make, *, connections: int, seconds: float) -> Result:
    """Each connection sends its next request as soon as the last was answered."""
    links = [_Link(_connect(port)) for _ in range(connections)]
    result, ends = Result(), time.perf_counter() + seconds
    began = time.perf_counter()
    with selectors.DefaultSelector() as selector:
        for link in links:
            selector.register(link.sock, selectors.EVENT_READ, link)
            _send(link, make())
        while any(link.busy for link in links):
            for key, _ in selector.select(1.0):
                if _read(key.data, result) and time.perf_counter() < ends:
                    _send(key.data, make())
    result.lasted = time.perf_counter() - began
    _close(links)
    return result


def open_loop(port: int, make: Make, *, rate: float, seconds: float) -> Result:
    """Requests leave at a steady rate whether or not the last were answered (no coordinated
    omission: the time counts from when a request was due to leave)."""
    links = [_Link(_connect(port)) for _ in range(64)]
    result, began = Result(), time.perf_counter()
    sent = 0
    with selectors.DefaultSelector() as selector:
        for link in links:
            selector.register(link.sock, selectors.EVENT_READ, link)
        while True:
            elapsed = time.perf_counter() - began
            while sent < min(elapsed, seconds) * rate:
                free = next((link for link in links if not link.busy), None)
                if free is None:
                    break
                _send(free, make(), due=began + sent / rate)
                sent += 1
            if elapsed > seconds and not any(link.busy for link in links):
                break
            for key, _ in selector.select(0.002):
                _read(key.data, result)
    result.lasted = time.perf_counter() - began
    _close(links)
    return result


def filing(points: list[tuple[float, float]], texts: list[str]) -> Make:
    """Requests that file a petition through the API, each with a key of its own."""

    def make() -> bytes:
        longitude, latitude = random.choice(points)
        body: dict[str, Any] = {
            "text": random.choice(texts),
            "point": {"lon": longitude, "lat": latitude},
            "contact": {"name": "Minh Họa", "phone": "0900000000"},
        }
        content = json.dumps(body).encode()
        head = (
            "POST /api/v1/petitions HTTP/1.1\r\nHost: localhost\r\n"
            "Content-Type: application/json\r\n"
            "X-Client-Token: bench-client-0123456789abcdef\r\n"
            f"Idempotency-Key: {random.getrandbits(128):032x}\r\n"
            f"Content-Length: {len(content)}\r\n\r\n"
        )
        return head.encode() + content

    return make


def _connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port))


def _send(link: _Link, request: bytes, due: float | None = None) -> None:
    link.began, link.buffer, link.busy = due or time.perf_counter(), b"", True
    link.sock.sendall(request)


def _read(link: _Link, result: Result) -> bool:
    """Take what arrived; True once the whole answer is there."""
    arrived = link.sock.recv(65536)
    if not arrived:
        raise ConnectionError("the server closed a connection")
    link.buffer += arrived
    head, _, body = link.buffer.partition(b"\r\n\r\n")
    length = _length(head)
    if length is None or len(body) < length:
        return False
    result.seconds.append(time.perf_counter() - link.began)
    status = int(head[9:12])
    result.statuses[status] = result.statuses.get(status, 0) + 1
    link.busy = False
    return True


def _length(head: bytes) -> int | None:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return None


def _close(links: list[_Link]) -> None:
    for link in links:
        link.sock.close()
