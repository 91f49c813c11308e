"""A push service for rehearsals, and the browsers it serves: reads what only they can read."""

import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from thudo.connectors.dummy import HttpDummy
from thudo.connectors.web_push import Subscription, decode, encode, new_key, public_point

HOST = "push.example"


@dataclass(frozen=True, slots=True)
class Received:
    """A push as the browser got it: which one, in clear, and what the service was told beside."""

    browser: str
    words: dict[str, Any]
    headers: dict[str, str]


class PushDummy(HttpDummy):
    """`received`: every push that was accepted, in order; `gone`: browsers that are no more.

    Wrong signatures, audiences and terms are answered 403, as real services do, and counted.
    """

    def __init__(self, at: datetime, *, seconds: float = 1.0) -> None:
        super().__init__(seconds)
        self.at = at
        self.received: list[Received] = []
        self.gone: set[str] = set()
        self.wrong = 0
        self._browsers: dict[str, tuple[ec.EllipticCurvePrivateKey, bytes]] = {}

    def subscribe(self, browser: str, host: str = HOST) -> Subscription:
        """What a browser's PushManager gives out; this one will read what comes for it."""
        key = new_key()
        subscription = new_subscription(browser, key, host)
        self._browsers[browser] = key, subscription.auth
        return subscription

    def act(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes]:
        browser = path.strip("/")
        if browser in self.gone or browser not in self._browsers:
            return 410, b""
        if not self._is_signed(headers) or headers.get("content-encoding") != "aes128gcm":
            self.wrong += 1
            return 403, b""
        words = json.loads(_opened(body, *self._browsers[browser]))
        self.received.append(Received(browser, words, headers))
        return 201, b""

    def _is_signed(self, headers: dict[str, str]) -> bool:
        """RFC 8292: the token is signed by k, for this origin, for at most a day."""
        scheme, _, rest = headers.get("authorization", "").partition(" ")
        parts = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
        if scheme != "vapid" or parts.keys() != {"t", "k"}:
            return False
        signed, _, signature = parts["t"].rpartition(".")
        if not _holds(decode(parts["k"]), signed.encode(), decode(signature)):
            return False
        claims = json.loads(decode(signed.split(".")[1]))
        left = datetime.fromtimestamp(claims["exp"], self.at.tzinfo) - self.at
        is_in_time = timedelta() < left <= timedelta(days=1)
        return is_in_time and claims["aud"] == f"https://{headers['host'].split(':')[0]}"


def new_subscription(
    browser: str, key: ec.EllipticCurvePrivateKey | None = None, host: str = HOST
) -> Subscription:
    """A subscription of a browser that nobody need serve."""
    point = public_point(key or new_key())
    return Subscription(f"https://{host}/{browser}", point, os.urandom(16))


def browser_json(subscription: Subscription) -> dict[str, Any]:
    """PushSubscription.toJSON()."""
    keys = {"p256dh": encode(subscription.p256dh), "auth": encode(subscription.auth)}
    return {"endpoint": subscription.endpoint, "expirationTime": None, "keys": keys}


def _holds(point: bytes, signed: bytes, signature: bytes) -> bool:
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    try:
        key.verify(utils.encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _opened(body: bytes, key: ec.EllipticCurvePrivateKey, secret: bytes) -> bytes:
    """RFC 8291 from the browser's side; raises InvalidTag for what is not meant for it."""
    salt, theirs, sealed = body[:16], body[21 : 21 + body[20]], body[21 + body[20] :]
    sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
    info = b"WebPush: info\0" + public_point(key) + theirs + b"\x01"
    seed = _mac(_mac(secret, key.exchange(ec.ECDH(), sender)), info)
    root = _mac(salt, seed)
    content = _mac(root, b"Content-Encoding: aes128gcm\0\x01")[:16]
    nonce = _mac(root, b"Content-Encoding: nonce\0\x01")[:12]
    plain = AESGCM(content).decrypt(nonce, sealed, None)
    return plain.rstrip(b"\0").removesuffix(b"\x02")


def _mac(key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, hashlib.sha256)
