"""Which kinds of file are taken, how much of each, and what they prove."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

IMAGES = frozenset({"image/jpeg", "image/png", "image/webp"})
DOCUMENTS = frozenset({"application/pdf"})
FILMS = frozenset({"video/mp4", "video/quicktime", "video/webm"})
SOUNDS = frozenset({"audio/mp4", "audio/ogg", "audio/webm"})
# What a film or a recording carries of place, device and voices cannot be taken out of it as it
# is out of a photo: only its sender and those who handle the case ever get one.
NEVER_PUBLIC = FILMS | SOUNDS
# First bytes, since the name and the header of an upload are only claims.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
    (b"OggS", "audio/ogg"),
)
# Brands of the same container that hold still pictures: the phone turns them into JPEG.
_STILL = frozenset(b"heic heix heim heis hevc hevx mif1 msf1 avif avis".split())
# Bytes of its beginning by which a kind is told.
HEAD = 64
# The cookie that holds the key of a browser's drafts.
DRAFT_COOKIE = "thudo_draft"
# Longest side of a public copy in pixels, and of its small one.
PUBLIC_SIDE, SMALL_SIDE = 1600, 480
# Decompression bombs: more pixels than any phone takes are refused unread.
MAX_PIXELS = 60_000_000
# Of one browser's drafts together: what waits unsent may not fill the disk.
MOST_DRAFTS, MOST_DRAFT_BYTES = 60, 400 * 1024 * 1024
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class CameraFacts:
    """When (aware) and where (degrees) a camera says that a photo was taken; claims, never shown."""

    taken_at: datetime | None = None
    longitude: float | None = None
    latitude: float | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken: bytes of a photo or document; bytes and seconds of films and sounds."""

    still_bytes: int
    film_bytes: int
    film_seconds: int
    sound_bytes: int
    sound_seconds: int

    def bytes_of(self, media: str) -> int:
        """The most bytes of this media type."""
        if media in FILMS:
            return self.film_bytes
        return self.sound_bytes if media in SOUNDS else self.still_bytes

    @property
    def most_bytes(self) -> int:
        """The most bytes of any file."""
        return max(self.still_bytes, self.film_bytes, self.sound_bytes)


def limits_of(given: Mapping[str, Any], *, still_bytes: int) -> Limits:
    """The limits that a pack names in [files] (seconds, megabytes), else these."""
    return Limits(
        still_bytes=still_bytes,
        film_bytes=int(given.get("film_megabytes", 64)) * _MEGABYTE,
        film_seconds=int(given.get("film_seconds", 60)),
        sound_bytes=int(given.get("sound_megabytes", 8)) * _MEGABYTE,
        sound_seconds=int(given.get("sound_seconds", 120)),
    )


def media_type(head: bytes) -> str | None:
    """The media type by the file's first 16 bytes; None when it is none that is taken.

    Of a film it is what the container may hold; `film_facts` tells a film from a recording.
    """
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return _of_brand(head[8:12])
    return next((kind for mark, kind in _SIGNATURES if head.startswith(mark)), None)


def proof_kind(media: str, purpose: str) -> str:
    """What an attachment proves: photo, document, or the kind its uploader named."""
    if purpose in {"minutes", "measurement"}:
        return purpose
    if media in NEVER_PUBLIC:
        return "film" if media in FILMS else "sound"
    return "photo" if media in IMAGES else "document"


def shown_as(media: str) -> str:
    """How a page shows it: "photo", "film", "sound" or "document"."""
    return proof_kind(media, "")


def is_uuid(text: str) -> bool:
    """Whether a browser's text is an id at all."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _of_brand(brand: bytes) -> str | None:
    if brand in _STILL:
        return None
    if brand in {b"M4A ", b"M4B "}:
        return "audio/mp4"
    return "video/quicktime" if brand == b"qt  " else "video/mp4"
