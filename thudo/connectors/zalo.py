"""A Zalo Official Account: events that it posts to us, replies by its message API, its tokens.

Facts (checked against several public clients, not against Zalo's servers; docs/reference/channels.md):
header X-ZEvent-Signature: mac=SHA-256(app id + raw body + timestamp of the body + OA secret key);
POST {api}/v3.0/oa/message/cs with header access_token; tokens from {oauth}/v4/oa/access_token,
where a refresh token works once and brings the next one.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

from thudo.connectors import http
from thudo.connectors.failures import Declined, Failed, Unavailable

API, OAUTH = "https://openapi.zalo.me", "https://oauth.zaloapp.com"
# Characters of one text message.
LONGEST = 2000
_SECONDS_OF_A_TOKEN = 3600
_WRONG_TOKEN = frozenset({-216, -220, -124})
_LATER = frozenset({-32, -100})
_SAID = {"user_send_text": "text", "user_send_image": "image", "user_send_location": "location"}


class Unreadable(ValueError):
    """What came is no event of an Official Account."""


class TokenRefused(Failed):
    """The access token is not good any more: ask for a new one."""


@dataclass(frozen=True, slots=True)
class Account:
    """The app that an Official Account gave its rights to."""

    app_id: str
    app_secret: str
    webhook_secret: str
    api: str = API
    oauth: str = OAUTH


@dataclass(frozen=True, slots=True)
class Tokens:
    """`seconds`: how long the access token lives; the refresh token replaces the one used."""

    access: str
    refresh: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Said:
    """What a person sent. `kind`: text, image, location, or "" for anything else."""

    id: str
    sender: str
    kind: str
    text: str = ""
    images: tuple[str, ...] = ()
    longitude: float | None = None
    latitude: float | None = None


def is_genuine(account: Account, body: bytes, given: str) -> bool:
    """Whether the header's signature is Zalo's for this body."""
    try:
        event = json.loads(body)
        app_id, stamp = str(event["app_id"]), str(event["timestamp"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
    if not account.webhook_secret or app_id != account.app_id:
        return False
    signed = app_id.encode() + body + stamp.encode() + account.webhook_secret.encode()
    expected = hashlib.sha256(signed).hexdigest()
    return hmac.compare_digest(expected.encode(), given.removeprefix("mac=").lower().encode())


def read(body: bytes) -> Said | None:
    """The message of an event; None for events that are no message of a person."""
    try:
        event = json.loads(body)
        name, sender, message = event["event_name"], event["sender"]["id"], event["message"]
        if not str(name).startswith("user_send_"):
            return None
        return _said(_SAID.get(name, ""), str(sender), message)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as broken:
        if isinstance(broken, KeyError) and isinstance(event, dict) and "event_name" in event:
            return None
        raise Unreadable("it is no event") from broken


def _said(kind: str, sender: str, message: dict[str, Any]) -> Said:
    parts = [row.get("payload") or {} for row in message.get("attachments") or ()]
    images = tuple(str(p["url"]) for p in parts if kind == "image" and p.get("url"))
    where: dict[str, Any] = next((p["coordinates"] for p in parts if p.get("coordinates")), {})
    return Said(
        id=str(message["msg_id"]), sender=sender, kind=kind, text=str(message.get("text") or ""),
        images=images, longitude=_degrees(where.get("longitude"), 180),
        latitude=_degrees(where.get("latitude"), 90),
    )  # fmt: skip


def _degrees(given: object, most: int) -> float | None:
    try:
        value = float(str(given))
    except ValueError:
        return None
    return value if -most <= value <= most else None


def send_text(
    account: Account, token: str, *, to: str, text: str, seconds: float = http.SECONDS
) -> str:
    """Send one text; its message id. TokenRefused, Unavailable or Declined when it is not sent.

    Zalo knows no key of ours: after a lost answer a second sending is a second message.
    """
    message = {"recipient": {"user_id": to}, "message": {"text": text[:LONGEST]}}
    body = json.dumps(message, ensure_ascii=False).encode()
    url, headers = f"{account.api}/v3.0/oa/message/cs", {"access_token": token}
    answer = http.post_json(url, body, headers=headers, seconds=seconds).json()
    code = answer.get("error", 0)
    if code in _WRONG_TOKEN:
        raise TokenRefused(f"error {code}")
    if code in _LATER:
        raise Unavailable(f"error {code}")
    if code:
        raise Declined(f"error {code}")
    return str((answer.get("data") or {}).get("message_id", ""))


def refresh(account: Account, refresh_token: str, *, seconds: float = http.SECONDS) -> Tokens:
    """New tokens for a refresh token, which is used up by it: keep the new one before all else."""
    fields = {
        "refresh_token": refresh_token, "app_id": account.app_id, "grant_type": "refresh_token",
    }  # fmt: skip
    answer = http.post_form(
        f"{account.oauth}/v4/oa/access_token", fields,
        headers={"secret_key": account.app_secret}, seconds=seconds,
    ).json()  # fmt: skip
    if not answer.get("access_token") or not answer.get("refresh_token"):
        raise Declined(f"error {answer.get('error', '?')}")
    lives = int(answer.get("expires_in") or _SECONDS_OF_A_TOKEN)
    return Tokens(str(answer["access_token"]), str(answer["refresh_token"]), lives)
