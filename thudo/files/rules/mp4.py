"""MP4, QuickTime and their kin (ISO/IEC 14496-12): boxes within boxes; whole or in fragments."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from thudo.files.rules.containers import MOST_PARTS, Torn, Tracks, number, read, size_of

# A box: its kind, where its content begins, and where it ends.
_Box = tuple[bytes, int, int]
# Fields of one sample in a `trun`, by their flags, four bytes each.
_DURATION, _OTHERS = 0x100, (0x200, 0x400, 0x800)


@dataclass(slots=True)
class _Film:
    """What has been read so far; per track id: ticks a second and a sample's usual ticks."""

    file: IO[bytes]
    left: int = MOST_PARTS
    tracks: Tracks = field(default_factory=Tracks)
    ticks: dict[int, int] = field(default_factory=dict)
    usual: dict[int, int] = field(default_factory=dict)
    has_header: bool = False

    def boxes(self, start: int, end: int) -> Iterator[_Box]:
        at = start
        while at + 8 <= end:
            self.left -= 1
            size, begin = self._size(at, end)
            if size < begin or at + size > end or self.left < 0:
                raise Torn(f"box at {at}")
            yield read(self.file, at + 4, 4), at + begin, at + size
            at += size

    def _size(self, at: int, end: int) -> tuple[int, int]:
        size = number(read(self.file, at, 4))
        if size == 1:
            return number(read(self.file, at + 8, 8)), 16
        return (end - at if size == 0 else size), 8

    def at(self, where: int, count: int) -> int:
        return number(read(self.file, where, count))


def tracks(file: IO[bytes]) -> Tracks:
    """The tracks of an MP4 or QuickTime file. Raises Torn."""
    film = _Film(file)
    for kind, start, end in film.boxes(0, size_of(file)):
        if kind == b"moov":
            _header(film, start, end)
        elif kind == b"moof":
            _fragment(film, start, end)
    if not film.has_header:
        raise Torn("no moov")
    return film.tracks


def _header(film: _Film, start: int, end: int) -> None:
    film.has_header = True
    for kind, begin, stop in film.boxes(start, end):
        if kind == b"mvhd":
            _longer(film, *_clock(film, begin))
        elif kind == b"trak":
            _track(film, begin, stop)
        elif kind == b"mvex":
            for inner, at, _stop in film.boxes(begin, stop):
                if inner == b"trex":
                    film.usual[film.at(at + 4, 4)] = film.at(at + 12, 4)


def _track(film: _Film, start: int, end: int) -> None:
    track = 0
    for kind, begin, stop in film.boxes(start, end):
        if kind == b"tkhd":
            track = film.at(begin + (20 if film.at(begin, 1) else 12), 4)
        elif kind == b"mdia":
            for inner, at, _stop in film.boxes(begin, stop):
                _media(film, track, inner, at)


def _media(film: _Film, track: int, kind: bytes, at: int) -> None:
    if kind == b"mdhd":
        ticks, length = _clock(film, at)
        film.ticks[track] = ticks
        _longer(film, ticks, length)
    elif kind == b"hdlr":
        handler = read(film.file, at + 8, 4)
        film.tracks.has_picture |= handler == b"vide"
        film.tracks.has_sound |= handler == b"soun"


def _clock(film: _Film, at: int) -> tuple[int, int]:
    """Ticks a second and length in ticks of an mvhd or mdhd; a length of all ones is unknown."""
    if film.at(at, 1):
        ticks, length, unknown = film.at(at + 20, 4), film.at(at + 24, 8), 2**64 - 1
    else:
        ticks, length, unknown = film.at(at + 12, 4), film.at(at + 16, 4), 2**32 - 1
    return ticks, 0 if length == unknown else length


def _fragment(film: _Film, start: int, end: int) -> None:
    for kind, begin, stop in film.boxes(start, end):
        if kind == b"traf":
            _run_of_track(film, begin, stop)


def _run_of_track(film: _Film, start: int, end: int) -> None:
    track = usual = at = 0
    for kind, begin, _stop in film.boxes(start, end):
        if kind == b"tfhd":
            track = film.at(begin + 4, 4)
            usual = _usual(film, begin) or film.usual.get(track, 0)
        elif kind == b"tfdt":
            at = film.at(begin + 4, 8 if film.at(begin, 1) else 4)
        elif kind == b"trun":
            at += _length_of_run(film, begin, usual)
    _longer(film, film.ticks.get(track, 0), at)


def _usual(film: _Film, at: int) -> int:
    """A sample's ticks by the track's fragment header; 0 when it does not say."""
    flags = film.at(at + 1, 3)
    skipped = 8 * bool(flags & 0x1) + 4 * bool(flags & 0x2)
    return film.at(at + 8 + skipped, 4) if flags & 0x8 else 0


def _length_of_run(film: _Film, at: int, usual: int) -> int:
    flags, count = film.at(at + 1, 3), film.at(at + 4, 4)
    if not flags & _DURATION:
        return count * usual
    film.left -= count
    if film.left < 0:
        raise Torn(f"run of {count} samples")
    first = at + 8 + 4 * bool(flags & 0x1) + 4 * bool(flags & 0x4)
    width = 4 + 4 * sum(bool(flags & other) for other in _OTHERS)
    raw = read(film.file, first, count * width)
    return sum(number(raw[i : i + 4]) for i in range(0, len(raw), width))


def _longer(film: _Film, ticks: int, length: int) -> None:
    if ticks:
        film.tracks.seconds = max(film.tracks.seconds, length / ticks)
