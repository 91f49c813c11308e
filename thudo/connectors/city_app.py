"""The app that people know: is told each change of the petitions that came through it.

POST {url}  {"id", "code", "number", "state", "action", "at", "position", ...}
headers X-Signature (sha256=HMAC(secret, body)) and Idempotency-Key (= id). It may get the same id
more than once; those of one petition come in the order of `position`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from thudo.connectors import http, signing


@dataclass(frozen=True, slots=True)
class App:
    """Where changes go; `secret` signs them."""

    url: str
    secret: str


def push(app: App, change: Mapping[str, Any], *, key: str, seconds: float = http.SECONDS) -> None:
    """Tell one change; Unavailable or Declined as `signing.post` says."""
    signing.post(app.url, change, secret=app.secret, key=key, seconds=seconds)
