"""Ogg with Opus or Vorbis (RFC 3533, RFC 7845): the last page says how many samples there are."""

from typing import IO

from thudo.files.rules.containers import Torn, Tracks, read, size_of

_PAGE = 27
_TAIL = 70_000  # a page has at most 65,307 bytes
_OPUS_RATE = 48_000


def tracks(file: IO[bytes]) -> Tracks:
    """The one sound of an Ogg file. Raises Torn."""
    size = size_of(file)
    rate, skipped = _head(file)
    tail = read(file, max(0, size - _TAIL), min(size, _TAIL))
    page = tail.rfind(b"OggS")
    samples = int.from_bytes(tail[page + 6 : page + 14], "little", signed=True)
    if page < 0 or not rate or len(tail) < page + _PAGE:
        raise Torn("no last page")
    return Tracks(has_sound=True, seconds=max(0, samples - skipped) / rate)


def _head(file: IO[bytes]) -> tuple[int, int]:
    """Samples a second, and how many of the first are not played."""
    segments = read(file, 0, _PAGE)[26]
    packet = read(file, _PAGE + segments, 20)
    if packet.startswith(b"OpusHead"):
        return _OPUS_RATE, int.from_bytes(packet[10:12], "little")
    if packet.startswith(b"\x01vorbis"):
        return int.from_bytes(packet[12:16], "little"), 0
    raise Torn("neither Opus nor Vorbis")
