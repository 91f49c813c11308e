"""Reading an address that a stranger gave: never inside our own networks, never long, never large.

The name is resolved once and every address it has must be a public one; the connection then goes
to that very address, so that a second answer of the name server cannot lead elsewhere. Each
redirect is judged anew. A few fetches at a time, each with one limit of time for everything.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass
from functools import cache
from threading import Timer
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

PORTS = {"http": 80, "https": 443}
REDIRECTS = 3
_LONGEST = 2000
_MOVED = frozenset({301, 302, 303, 307, 308})
_PIECE = 64 * 1024
# A thread that waits for a stranger costs little; more of them would be a gift to a flooder.
_pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="fetch")
_posts = ThreadPoolExecutor(max_workers=8, thread_name_prefix="post")


class Unreachable(Exception):
    """Nothing was fetched; the text says why in plain English, for logs."""


class NotPublic(Unreachable):
    """The address leads into a network that is not the open internet's."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is posted to an address that a stranger gave."""

    url: str
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Posted:
    """What came back; `retry_after` in seconds, 0 when none was named."""

    status: int
    retry_after: int


@dataclass(frozen=True, slots=True)
class _Limits:
    bytes: int
    until: float

    @property
    def left(self) -> float:
        seconds = self.until - time.monotonic()
        if seconds <= 0:
            raise Unreachable("it took too long")
        return seconds


def fetch(url: str, *, limit: int, seconds: float = 6.0) -> bytes:
    """What lies at a public http(s) address, at most `limit` bytes; else Unreachable."""
    if seconds <= 0:
        raise Unreachable("it took too long")
    waiting = _pool.submit(_follow, url, _Limits(limit, time.monotonic() + seconds))
    try:
        return waiting.result(timeout=seconds)
    except TooLate as late:
        waiting.cancel()
        raise Unreachable("it took too long") from late
    except (OSError, http.client.HTTPException, ValueError) as broken:
        raise Unreachable(str(broken) or type(broken).__name__) from broken


def post_each(letters: Sequence[Letter], *, seconds: float) -> list[Posted | Unreachable]:
    """Post each, a few at a time, `seconds` for each; no redirect is followed, no body read."""
    return list(_posts.map(lambda letter: _post(letter, seconds), letters))


def _post(letter: Letter, seconds: float) -> Posted | Unreachable:
    try:
        return _posted(letter, _Limits(0, time.monotonic() + seconds))
    except Unreachable as refused:
        return refused
    except (OSError, http.client.HTTPException, ValueError) as broken:
        return Unreachable(str(broken) or type(broken).__name__)


def _posted(letter: Letter, limits: _Limits) -> Posted:
    parts = _checked(letter.url)
    connection = _connection(parts, limits)
    bell = Timer(limits.left, _hang_up, [connection.sock])
    bell.start()
    try:
        headers = {"User-Agent": "thudo", "Connection": "close", **letter.headers}
        connection.request("POST", _target(parts), letter.body, headers)
        with connection.getresponse() as answer:
            asked = answer.headers.get("Retry-After") or ""
            wait = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 9 else 0
            return Posted(answer.status, wait)
    finally:
        bell.cancel()
        connection.close()


def _follow(url: str, limits: _Limits) -> bytes:
    for _ in range(REDIRECTS + 1):
        content, moved = _once(url, limits)
        if not moved:
            return content
        url = urljoin(url, moved)
    raise Unreachable("it was sent on too often")


def _once(url: str, limits: _Limits) -> tuple[bytes, str]:
    """The bytes, or where the server says they are."""
    parts = _checked(url)
    connection = _connection(parts, limits)
    # A server that sends a byte a second keeps every single wait short: one bell ends them all.
    bell = Timer(limits.left, _hang_up, [connection.sock])
    bell.start()
    try:
        connection.request("GET", _target(parts), headers=_HEADERS)
        with connection.getresponse() as answer:
            if answer.status in _MOVED:
                return b"", answer.headers.get("Location") or ""
            if answer.status != http.client.OK:
                raise Unreachable(f"the server answered {answer.status}")
            return _read(answer, limits), ""
    finally:
        bell.cancel()
        connection.close()


_HEADERS = {"User-Agent": "thudo", "Accept": "image/*", "Connection": "close"}


def _checked(url: str) -> SplitResult:
    if len(url) > _LONGEST or not url.isascii() or not url.isprintable() or " " in url:
        raise Unreachable("this is no address")
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise Unreachable("only http and https are read")
    if parts.username is not None or parts.port not in {None, PORTS[parts.scheme]}:
        raise Unreachable("no names and no other ports")
    return parts


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _connection(parts: SplitResult, limits: _Limits) -> http.client.HTTPConnection:
    host, port = parts.hostname or "", PORTS[parts.scheme]
    address = public_address(host, port)
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(host, port, timeout=limits.left, context=_tls())
    else:
        connection = http.client.HTTPConnection(host, port, timeout=limits.left)
    plain = socket.create_connection((address, port), timeout=limits.left)
    connection.sock = _secured(plain, host) if parts.scheme == "https" else plain
    return connection


def _secured(plain: socket.socket, host: str) -> socket.socket:
    try:
        return _tls().wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


@cache
def _tls() -> ssl.SSLContext:
    """Reading the roots of trust takes tens of milliseconds: once is enough."""
    return ssl.create_default_context()


def public_address(host: str, port: int) -> str:
    """An address of `host`; Unreachable when any that it has is not a public one."""
    found = {str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    if not found or not all(is_public(address) for address in found):
        raise NotPublic("it lies in no public network")
    return min(found, key=lambda address: ":" in address)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet: not ours, not this machine, not a group."""
    found: Any = ipaddress.ip_address(address.partition("%")[0])
    if found.version == 6:
        # IPv4 in other clothes: ::ffff:10.0.0.1, 2002:0a00:0001::, 64:ff9b::10.0.0.1
        inner = found.ipv4_mapped or found.sixtofour or _translated(found)
        if inner is not None or found.teredo is not None:
            return inner is not None and is_public(str(inner))
    return bool(found.is_global) and not found.is_multicast and not found.is_reserved


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def _translated(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address not in _NAT64:
        return None
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)


def _read(answer: http.client.HTTPResponse, limits: _Limits) -> bytes:
    promised = int(answer.headers.get("Content-Length") or 0)
    content = bytearray()
    while promised <= limits.bytes and (piece := answer.read(_PIECE)):
        content += piece
        promised = max(promised, len(content))
    if promised > limits.bytes:
        raise Unreachable("it is too large")
    # A line that is cut, also by our own bell, looks like a file that ends.
    if limits.left and len(content) < promised:
        raise Unreachable("it ended too early")
    return bytes(content)


def _hang_up(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
