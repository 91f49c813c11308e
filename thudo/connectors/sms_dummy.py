"""An SMS gateway for rehearsals: keeps what it sent by its key, and can post to a webhook."""

import json

from thudo.connectors import signing
from thudo.connectors.dummy import HttpDummy


class SmsDummy(HttpDummy):
    """`sent`: key -> (to, text), as phones got it; `wrong`: requests with a bad signature."""

    def __init__(self, *, seconds: float = 1.0) -> None:
        super().__init__(seconds)
        self.secret = "dummy"  # noqa: S105
        self.sent: dict[str, tuple[str, str]] = {}
        self.times = 0
        self.wrong = 0

    def act(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes]:
        if not signing.holds(self.secret, body, headers.get(signing.HEADER.lower(), "")):
            self.wrong += 1
            return 401, b"{}"
        given = json.loads(body)
        self.times += 1
        self.sent.setdefault(headers["idempotency-key"], (given["to"], given["text"]))
        return 200, b'{"status": "sent"}'

    def incoming(self, key: str, sender: str, text: str) -> tuple[bytes, str]:
        """(body, signature header) of a message that a phone sent to the city."""
        body = json.dumps(
            {"id": key, "from": sender, "text": text, "time": "2026-03-02T09:00:00+07:00"},
            ensure_ascii=False,
        ).encode()
        return body, signing.signature(self.secret, body)
