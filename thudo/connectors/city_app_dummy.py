"""The app that people know, for rehearsals: keeps each change by its key, the newest by code."""

import json
from typing import Any

from thudo.connectors import signing
from thudo.connectors.dummy import HttpDummy


class CityAppDummy(HttpDummy):
    """`changes`: key -> change, in the order they first came; `times`: requests that were taken."""

    def __init__(self, *, seconds: float = 1.0) -> None:
        super().__init__(seconds)
        self.secret = "dummy"  # noqa: S105
        self.changes: dict[str, dict[str, Any]] = {}
        self.times = 0

    def act(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes]:
        if not signing.holds(self.secret, body, headers.get(signing.HEADER.lower(), "")):
            return 401, b"{}"
        self.times += 1
        self.changes.setdefault(headers["idempotency-key"], json.loads(body))
        return 200, b"{}"
