"""Pure decisions about files: which kinds are taken, and what they prove."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

IMAGES = frozenset({"image/jpeg", "image/png", "image/webp"})
DOCUMENTS = frozenset({"application/pdf"})
# First bytes, since the name and the header of an upload are only claims.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
)
# The cookie that holds the key of a browser's drafts.
DRAFT_COOKIE = "thudo_draft"
# Longest side of a public copy in pixels, and of its small one.
PUBLIC_SIDE, SMALL_SIDE = 1600, 480
# Decompression bombs: more pixels than any phone takes are refused unread.
MAX_PIXELS = 60_000_000


@dataclass(frozen=True, slots=True)
class CameraFacts:
    """When (aware) and where (degrees) a camera says that a photo was taken; claims, never shown."""

    taken_at: datetime | None = None
    longitude: float | None = None
    latitude: float | None = None


def media_type(head: bytes) -> str | None:
    """The media type by the file's first 16 bytes; None when it is none that is taken."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for mark, kind in _SIGNATURES if head.startswith(mark)), None)


def proof_kind(media: str, purpose: str) -> str:
    """What an attachment proves: photo, document, or the kind its uploader named."""
    if purpose in {"minutes", "measurement"}:
        return purpose
    return "photo" if media in IMAGES else "document"


def is_uuid(text: str) -> bool:
    """Whether a browser's text is an id at all."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True
