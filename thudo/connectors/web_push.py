"""Web Push: RFC 8030 (sending), RFC 8291 and 8188 (encryption), RFC 8292 (who sends).

The gateway is whichever the reader's browser named: an address that a stranger gave, so it is
reached by the rules of thudo.base.fetching.
"""

import base64
import binascii
import hashlib
import hmac
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from thudo.base.fetching import Letter, NotPublic, Posted, Unreachable, post_each
from thudo.connectors.failures import Declined, Failed, Unavailable

_CURVE = ec.SECP256R1()
_RECORD = 4096
_POINT, _AUTH = 65, 16
# An endpoint is opaque; real ones have some 200 signs.
_LONGEST = 1000
# RFC 8292 allows a day; half of it forgives a clock that is wrong by hours.
_SIGNED_FOR = timedelta(hours=12)
# n of the curve: a private key is a number from 1 to n - 1.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True, slots=True)
class Subscription:
    """A browser's push subscription: where to send, and the keys that only it can read with."""

    endpoint: str
    p256dh: bytes
    auth: bytes

    def as_json(self) -> dict[str, str]:
        return {"endpoint": self.endpoint, "p256dh": encode(self.p256dh), "auth": encode(self.auth)}


class Gone(Declined):
    """The subscription is no more: nothing will ever arrive there."""


class Busy(Unavailable):
    """Later: not before `wait` seconds (0: the gateway did not say)."""

    def __init__(self, said: str, wait: int = 0) -> None:
        super().__init__(said)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Push:
    """One message. `topic`: a newer one of the same topic replaces it while it waits at the
    gateway (at most 32 signs of URL-safe base64); `ttl` in seconds."""

    to: Subscription
    payload: bytes
    topic: str
    ttl: int
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: the key pair that browsers were given, and an address to complain to (a URI)."""

    key: ec.EllipticCurvePrivateKey
    contact: str


def send_each(
    pushes: Sequence[Push], sender: Sender, *, at: datetime, seconds: float = 8.0
) -> list[Failed | None]:
    """What came of each: None (accepted), Gone, Declined, Busy, Unavailable. None is raised."""
    letters = [_letter(push, sender, at) for push in pushes]
    return [_judged(answer) for answer in post_each(letters, seconds=seconds)]


def read_subscription(endpoint: str, p256dh: str, auth: str) -> Subscription:
    """From its JSON words; raises ValueError for what no push service gave out."""
    parts = urlsplit(endpoint)
    if len(endpoint) > _LONGEST or parts.scheme != "https" or not parts.hostname:
        raise ValueError("endpoint")
    if not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
        raise ValueError("endpoint")
    point, secret = decode(p256dh), decode(auth)
    ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point)
    if len(point) != _POINT or len(secret) != _AUTH:
        raise ValueError("keys")
    return Subscription(endpoint, point, secret)


def encrypt(
    plain: bytes, to: Subscription, *, sender: ec.EllipticCurvePrivateKey, salt: bytes
) -> bytes:
    """The body of a push: aes128gcm, one record. `sender`: a key of this message alone."""
    receiver = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, to.p256dh)
    ours = public_point(sender)
    shared = sender.exchange(ec.ECDH(), receiver)
    info = b"WebPush: info\0" + to.p256dh + ours
    seed = _expand(_mac(to.auth, shared), info, 32)
    root = _mac(salt, seed)
    key = _expand(root, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _expand(root, b"Content-Encoding: nonce\0", 12)
    sealed = AESGCM(key).encrypt(nonce, plain + b"\x02", None)
    return salt + _RECORD.to_bytes(4, "big") + bytes([len(ours)]) + ours + sealed


def new_key() -> ec.EllipticCurvePrivateKey:
    """A key for one message."""
    return ec.generate_private_key(_CURVE)


def vapid(key: ec.EllipticCurvePrivateKey, endpoint: str, contact: str, at: datetime) -> str:
    """The Authorization header that tells a push service who sends."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((at + _SIGNED_FOR).timestamp()),
        "sub": contact,
    }
    head = _part({"typ": "JWT", "alg": "ES256"})
    signed = f"{head}.{_part(claims)}"
    r, s = utils.decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    signature = encode(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{signature}, k={encode(public_point(key))}"


def collapse(topic: bytes) -> str:
    """The Topic header (at most 32 signs): a newer message replaces one that still waits."""
    return encode(topic)[:32]


def private_key(seed: bytes) -> ec.EllipticCurvePrivateKey:
    """The key that 32 bytes stand for (as a number; any 32 bytes give one)."""
    return ec.derive_private_key(int.from_bytes(seed, "big") % (_ORDER - 1) + 1, _CURVE)


def public_point(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Its public half as browsers want it (applicationServerKey): 65 bytes."""
    return key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def encode(raw: bytes) -> str:
    """URL-safe base64 without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode(text: str) -> bytes:
    """The bytes of URL-safe base64, padded or not; ValueError for what is none."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as wrong:
        raise ValueError("base64") from wrong


def _letter(push: Push, sender: Sender, at: datetime) -> Letter:
    body = encrypt(push.payload, push.to, sender=new_key(), salt=os.urandom(16))
    headers = {
        "Authorization": vapid(sender.key, push.to.endpoint, sender.contact, at),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(push.ttl),
        "Topic": push.topic,
        "Urgency": "high" if push.is_urgent else "normal",
    }
    return Letter(push.to.endpoint, body, headers)


def _judged(answer: Posted | Unreachable) -> Failed | None:
    if isinstance(answer, NotPublic):
        return Gone(str(answer))
    if isinstance(answer, Unreachable):
        return Unavailable(str(answer))
    said = f"it answered {answer.status}"
    if answer.status < 300:
        return None
    if answer.status in _GONE:
        return Gone(said)
    if answer.status >= 500 or answer.status in _LATER:
        return Busy(said, answer.retry_after)
    return Declined(said)


_GONE = frozenset({404, 410})
_LATER = frozenset({408, 425, 429})


def _part(claims: dict[str, object]) -> str:
    return encode(json.dumps(claims, separators=(",", ":")).encode())


def _mac(key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, hashlib.sha256)


def _expand(key: bytes, info: bytes, length: int) -> bytes:
    """HKDF-Expand for one block."""
    return _mac(key, info + b"\x01")[:length]
