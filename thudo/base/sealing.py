"""Encryption of identities at rest, and hashes that only this server can make."""

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings


class KeyMissing(Exception):
    """A row was sealed with a key that the settings no longer hold."""


def seal(plain: bytes, *, about: bytes) -> tuple[str, bytes]:
    """(key id, nonce + ciphertext) by AES-256-GCM; `about` binds it to its row."""
    key_id = next(iter(_keys()))
    nonce = os.urandom(12)
    return key_id, nonce + AESGCM(_keys()[key_id]).encrypt(nonce, plain, about)


def unseal(key_id: str, sealed: bytes, *, about: bytes) -> bytes:
    """The plain bytes; raises KeyMissing or cryptography's InvalidTag."""
    if key_id not in _keys():
        raise KeyMissing(key_id)
    return AESGCM(_keys()[key_id]).decrypt(sealed[:12], sealed[12:], about)


def keyed_hash(purpose: str, text: str) -> bytes:
    """HMAC-SHA-256 under a key derived from the server's secret for this purpose alone."""
    return hmac.digest(_derived(purpose), text.encode(), "sha256")


@lru_cache
def _derived(purpose: str) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), f"thudo {purpose}".encode(), "sha256")


@lru_cache
def _keys() -> dict[str, bytes]:
    if not settings.IDENTITY_KEYS:
        # Without keys of its own (tests, a first look) the server derives one from its secret.
        return {"derived": hashlib.sha256(_derived("identity")).digest()}
    pairs = (pair.split(":", 1) for pair in settings.IDENTITY_KEYS.split(","))
    return {key_id: base64.urlsafe_b64decode(key) for key_id, key in pairs}
