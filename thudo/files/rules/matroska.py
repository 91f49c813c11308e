"""WebM (RFC 8794, RFC 9559). A browser's recorder writes it without lengths, so the last block says
how long it is; lists of parts are entered rather than measured, since their size may be unknown."""

import struct
from dataclasses import dataclass, field
from typing import IO

from thudo.files.rules.containers import MOST_PARTS, Torn, Tracks, number, read, size_of

_EBML, _DOCTYPE, _SEGMENT, _INFO, _TRACKS, _TRACK = (
    0x1A45DFA3, 0x4282, 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE,
)  # fmt: skip
_SCALE, _DURATION, _TYPE = 0x2AD7B1, 0x4489, 0x83
_CLUSTER, _TIMESTAMP, _BLOCKS, _BLOCK, _SIMPLE = 0x1F43B675, 0xE7, 0xA0, 0xA1, 0xA3
_ENTERED = frozenset({_EBML, _SEGMENT, _INFO, _TRACKS, _TRACK, _CLUSTER, _BLOCKS})
_PICTURE, _SOUND = 1, 2
# Bytes of the longest value that is read.
_LONGEST = 64


@dataclass(slots=True)
class _Film:
    """What has been read so far; instants in ticks of `scale` nanoseconds."""

    file: IO[bytes]
    tracks: Tracks = field(default_factory=Tracks)
    scale: int = 1_000_000
    cluster: int = 0
    last: float = 0.0

    def take(self, part: int, at: int, size: int) -> None:
        if part in {_BLOCK, _SIMPLE}:
            self.last = max(self.last, self.cluster + _offset(self.file, at))
        elif part in {_DOCTYPE, _TYPE, _SCALE, _DURATION, _TIMESTAMP}:
            self._note(part, read(self.file, at, min(size, _LONGEST)))

    def _note(self, part: int, raw: bytes) -> None:
        if part == _DOCTYPE and raw.rstrip(b"\0") != b"webm":
            raise Torn("not WebM")
        if part == _TYPE:
            self.tracks.has_picture |= number(raw) == _PICTURE
            self.tracks.has_sound |= number(raw) == _SOUND
        elif part == _SCALE:
            self.scale = number(raw)
        elif part == _DURATION:
            self.last = max(self.last, _real(raw))
        elif part == _TIMESTAMP:
            self.cluster = number(raw)


def tracks(file: IO[bytes]) -> Tracks:
    """The tracks of a WebM file. Raises Torn."""
    film, end, at = _Film(file), size_of(file), 0
    for _ in range(MOST_PARTS):
        if at >= end:
            film.tracks.seconds = film.last * film.scale / 1e9
            return film.tracks
        part, at = _vint(file, at, keep_mark=True)
        size, at = _vint(file, at, keep_mark=False)
        if part in _ENTERED:
            continue
        if at + size > end:
            raise Torn(f"part {part:x} at {at}")
        film.take(part, at, size)
        at += size
    raise Torn("too many parts")


def _vint(file: IO[bytes], at: int, *, keep_mark: bool) -> tuple[int, int]:
    """A number of variable width at `at`, and where it ends."""
    first = read(file, at, 1)[0]
    width = 9 - first.bit_length()
    if width > 8:
        raise Torn(f"number at {at}")
    value = number(read(file, at, width))
    return value if keep_mark else value & ((1 << (7 * width)) - 1), at + width


def _offset(file: IO[bytes], at: int) -> int:
    """A block's instant within its cluster."""
    _track, after = _vint(file, at, keep_mark=False)
    value: int = struct.unpack(">h", read(file, after, 2))[0]
    return value


def _real(raw: bytes) -> float:
    if len(raw) not in {4, 8}:
        raise Torn("length")
    value: float = struct.unpack(">f" if len(raw) == 4 else ">d", raw)[0]
    return value if 0 <= value < 1e15 else 0.0
