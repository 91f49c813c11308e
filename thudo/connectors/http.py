"""One HTTP request to a neighbour that the settings name: one limit of time for everything."""

import http.client
import json
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Timer
from typing import Any
from urllib.parse import urlencode, urlsplit

from thudo.connectors.failures import Declined, Unavailable

SECONDS = 10.0
MOST_BYTES = 4 * 1024 * 1024
LATER = frozenset({408, 425, 429})
# Said of a key or an address that the settings have wrong, not of the message that was sent.
MISCONFIGURED = frozenset({401, 403, 404, 407})


@dataclass(frozen=True, slots=True)
class Answer:
    """A status below 400 (or one the caller asked for) and the body."""

    status: int
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as an object; Unavailable when it is none: something else answered for it."""
        try:
            found = json.loads(self.body)
        except ValueError as broken:
            raise Unavailable("the answer is no JSON") from broken
        if not isinstance(found, dict):
            raise Unavailable("the answer is no JSON object")
        return found


def get(url: str, *, headers: Mapping[str, str] | None = None, seconds: float = SECONDS) -> Answer:
    """GET; see `ask`."""
    return ask("GET", url, b"", headers or {}, seconds=seconds)


def post_json(
    url: str,
    content: bytes,
    *,
    headers: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
    later: frozenset[int] = LATER,
) -> Answer:
    """POST bytes that are JSON already (they may be signed); see `ask`."""
    given = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
    return ask("POST", url, content, given, seconds=seconds, later=later)


def post_form(
    url: str,
    fields: Mapping[str, str],
    *,
    headers: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
) -> Answer:
    """POST a form; see `ask`."""
    given = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
    return ask("POST", url, urlencode(fields).encode(), given, seconds=seconds)


def ask(
    method: str,
    url: str,
    content: bytes,
    headers: Mapping[str, str],
    *,
    seconds: float,
    later: frozenset[int] = LATER,
) -> Answer:
    """Unavailable without an answer in time, for 5xx and the statuses `later`; Declined for other
    statuses from 300 on. Redirects are not followed: the settings name the address."""
    try:
        answer = _once(method, url, content, headers, seconds)
    except (OSError, http.client.HTTPException, ValueError) as broken:
        raise Unavailable(str(broken) or type(broken).__name__) from broken
    if answer.status >= 500 or answer.status in later:
        raise Unavailable(f"it answered {answer.status}")
    if answer.status >= 300:
        raise Declined(f"it answered {answer.status}")
    return answer


def _once(
    method: str, url: str, content: bytes, headers: Mapping[str, str], seconds: float
) -> Answer:
    parts = urlsplit(url)
    connection = _connection(parts.scheme, parts.hostname or "", parts.port, seconds)
    connection.connect()
    # A server that sends a byte a second keeps every single wait short: one bell ends them all.
    bell = Timer(seconds, _hang_up, [connection.sock])
    bell.start()
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(method, target, content or None, _HEADERS | dict(headers))
        with connection.getresponse() as answer:
            return Answer(answer.status, _whole(answer))
    finally:
        bell.cancel()
        connection.close()


_HEADERS = {"User-Agent": "thudo", "Accept": "application/json", "Connection": "close"}


def _connection(
    scheme: str, host: str, port: int | None, seconds: float
) -> http.client.HTTPConnection:
    if scheme == "https":
        safe = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=seconds, context=safe)
    if scheme == "http":
        return http.client.HTTPConnection(host, port, timeout=seconds)
    raise ValueError("only http and https are spoken")


def _whole(answer: http.client.HTTPResponse) -> bytes:
    content = answer.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError("the answer is too large")
    return content


def _hang_up(line: socket.socket | None) -> None:
    if line is None:
        return
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        # It is closed already: the answer came in the same moment.
        return
