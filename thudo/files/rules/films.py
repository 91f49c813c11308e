"""What a film or a recording is, read from its container: whether it has a picture, and how long.

Only headers are read, by seeking; nothing is decoded. A container may lie about its length: the
limit of bytes is the one that holds, that of seconds is a courtesy.
"""

from dataclasses import dataclass
from typing import IO

from thudo.files.rules import matroska, mp4, ogg
from thudo.files.rules.containers import Torn, Tracks

__all__ = ["FilmFacts", "Torn", "film_facts"]


@dataclass(frozen=True, slots=True)
class FilmFacts:
    """The media type as its tracks say, and its length in seconds."""

    media_type: str
    seconds: float


def film_facts(file: IO[bytes], media: str) -> FilmFacts:
    """Facts of an open file of `media` (what rules.media_type said). Raises Torn."""
    tracks = _tracks(file, media)
    if not (tracks.has_picture or tracks.has_sound):
        raise Torn("no track")
    kind, _slash, container = media.partition("/")
    if not tracks.has_picture:
        return FilmFacts(
            f"audio/{'mp4' if container == 'quicktime' else container}", tracks.seconds
        )
    if kind == "audio":
        media = f"video/{container}"
    return FilmFacts(media, tracks.seconds)


def _tracks(file: IO[bytes], media: str) -> Tracks:
    if media.endswith("/ogg"):
        return ogg.tracks(file)
    return matroska.tracks(file) if media.endswith("/webm") else mp4.tracks(file)
