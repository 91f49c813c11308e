"""HMAC over the bytes of a body, as header "sha256=<hex>": both ways of our own agreements."""

import hmac
import json
from collections.abc import Mapping
from typing import Any

from thudo.connectors import http

HEADER = "X-Signature"


def signature(secret: str, body: bytes) -> str:
    """What the header says."""
    return "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest()


def holds(secret: str, body: bytes, given: str) -> bool:
    """Whether the header fits; without a secret nothing does."""
    return bool(secret) and hmac.compare_digest(signature(secret, body).encode(), given.encode())


def post(
    url: str,
    message: Mapping[str, Any],
    *,
    secret: str,
    key: str,
    seconds: float = http.SECONDS,
) -> None:
    """Send a signed message, which the neighbour takes once for each `key`.

    Declined when it refuses this message; Unavailable for everything else, a wrong key or address
    among it: those are mended in the settings, and the message is good.
    """
    body = json.dumps({"id": key, **message}, ensure_ascii=False).encode()
    headers = {HEADER: signature(secret, body), "Idempotency-Key": key}
    later = http.LATER | http.MISCONFIGURED
    http.post_json(url, body, headers=headers, seconds=seconds, later=later)
