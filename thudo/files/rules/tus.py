"""What the headers of tus 1.0 say (https://tus.io/protocols/resumable-upload)."""

import binascii
from base64 import b64decode

VERSION = "1.0.0"
EXTENSIONS = ("creation", "creation-with-upload", "expiration", "termination", "checksum")
CHECKSUMS = ("sha1", "sha256", "md5")
BODY = "application/offset+octet-stream"
_MOST_METADATA = 4096
_MOST_DIGITS = 18


def whole_number(text: str | None) -> int | None:
    """A header's non-negative number; None when it is none."""
    digits = text or ""
    is_plain = digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS
    return int(digits) if is_plain else None


def metadata(text: str) -> dict[str, str]:
    """Upload-Metadata: keys with Base64 values, apart by commas. Raises ValueError."""
    if len(text) > _MOST_METADATA:
        raise ValueError(text[:40])
    found: dict[str, str] = {}
    for pair in text.split(",") if text.strip() else ():
        key, _space, value = pair.strip().partition(" ")
        if not key or not key.isascii() or key in found:
            raise ValueError(pair)
        found[key] = _decoded(value).decode("utf-8", "replace")
    return found


def checksum(text: str) -> tuple[str, bytes]:
    """Upload-Checksum: algorithm and digest. Raises ValueError for one that is not offered."""
    algorithm, _space, value = text.strip().partition(" ")
    digest = _decoded(value)
    if algorithm not in CHECKSUMS or not digest:
        raise ValueError(text)
    return algorithm, digest


def _decoded(value: str) -> bytes:
    try:
        return b64decode(value.strip(), validate=True)
    except binascii.Error as wrong:
        raise ValueError(value) from wrong
