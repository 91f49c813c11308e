"""What every container says, and how to read one without trusting it."""

from dataclasses import dataclass
from typing import IO

# More parts than a film of a few minutes has: a file of empty parts must not keep a process busy.
MOST_PARTS = 200_000


class Torn(ValueError):
    """Not a whole file of its kind."""


@dataclass(slots=True)
class Tracks:
    """Whether there is a picture, a sound, and the length in seconds."""

    has_picture: bool = False
    has_sound: bool = False
    seconds: float = 0.0


def size_of(file: IO[bytes]) -> int:
    """Bytes of an open file."""
    return file.seek(0, 2)


def read(file: IO[bytes], at: int, count: int) -> bytes:
    """`count` bytes from `at`, or Torn."""
    file.seek(at)
    found = file.read(count)
    if len(found) != count:
        raise Torn(f"ends within {count} bytes at {at}")
    return found


def number(raw: bytes) -> int:
    """An unsigned number, most significant byte first."""
    return int.from_bytes(raw, "big")
