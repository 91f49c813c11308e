"""A Zalo Official Account for rehearsals: takes replies, renews tokens, makes signed events."""

import hashlib
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from thudo.connectors.dummy import HttpDummy
from thudo.connectors.zalo import Account


class ZaloDummy(HttpDummy):
    """`sent`: (user, text) as they arrived; `access` is the only token that is good now."""

    def __init__(self, seconds: float = 1.0) -> None:
        super().__init__(seconds)
        self.sent: list[tuple[str, str]] = []
        self.access, self.refresh = "access-0", "refresh-0"
        self.renewed = 0

    @property
    def account(self) -> Account:
        """How to reach this dummy."""
        return Account("app-1", "app-secret", "oa-secret", api=self.url, oauth=self.url)

    def misbehaves(self, path: str) -> bool:
        return not path.endswith("access_token")

    def act(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes]:
        if urlsplit(path).path == "/v4/oa/access_token":
            return 200, json.dumps(self._renew(headers, body)).encode()
        if headers.get("access_token") != self.access:
            return 200, b'{"error": -216, "message": "Access token is invalid"}'
        given = json.loads(body)
        self.sent.append((given["recipient"]["user_id"], given["message"]["text"]))
        told = {"error": 0, "message": "Success", "data": {"message_id": f"m{len(self.sent)}"}}
        return 200, json.dumps(told).encode()

    def _renew(self, headers: dict[str, str], body: bytes) -> dict[str, Any]:
        given = parse_qs(body.decode())
        is_known = given.get("refresh_token") == [self.refresh]
        if not is_known or headers.get("secret_key") != "app-secret":
            return {"error": -14014, "error_name": "Invalid refresh token"}
        self.renewed += 1
        self.access, self.refresh = f"access-{self.renewed}", f"refresh-{self.renewed}"
        return {
            "access_token": self.access, "refresh_token": self.refresh, "expires_in": "90000",
        }  # fmt: skip

    def event(self, name: str, key: str, user: str, **message: Any) -> tuple[bytes, str]:
        """(body, signature header) of an event as Zalo posts it."""
        account, stamp = self.account, "1772416800000"
        given = {
            "app_id": account.app_id, "event_name": name, "timestamp": stamp,
            "sender": {"id": user}, "recipient": {"id": "oa-1"}, "user_id_by_app": "u",
            "message": {"msg_id": key, **message},
        }  # fmt: skip
        body = json.dumps(given, ensure_ascii=False).encode()
        signed = account.app_id.encode() + body + stamp.encode() + account.webhook_secret.encode()
        return body, f"mac={hashlib.sha256(signed).hexdigest()}"
