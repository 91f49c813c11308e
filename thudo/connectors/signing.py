"""HMAC over the bytes of a body, as header "sha256=<hex>": both ways of our own agreements."""

import hmac

HEADER = "X-Signature"


def signature(secret: str, body: bytes) -> str:
    """What the header says."""
    return "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest()


def holds(secret: str, body: bytes, given: str) -> bool:
    """Whether the header fits; without a secret nothing does."""
    return bool(secret) and hmac.compare_digest(signature(secret, body).encode(), given.encode())
