"""Which bytes of a file a player asks for (RFC 9110, one range)."""

import re

_ONE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class Unsatisfiable(ValueError):
    """The range lies outside the file."""


def byte_range(asked: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a Range header; None for the whole file (no range, or one that is
    not understood, which RFC 9110 lets a server pass over). Raises Unsatisfiable."""
    found = _ONE.fullmatch(asked.strip())
    if not found or found[1] == found[2] == "":
        return None
    if not found[1]:
        first, last = max(0, size - int(found[2])), size - 1
    else:
        first = int(found[1])
        last = min(int(found[2]), size - 1) if found[2] else size - 1
        if found[2] and int(found[2]) < first:
            return None
    if first > last:
        raise Unsatisfiable(asked)
    return first, last
