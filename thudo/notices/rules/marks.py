"""The shape of a petition's state in a short list. Pure."""

_ENDED = {"resolved": "done", "answered": "wait", "awaiting_supplement": "wait"}
_GONE = frozenset({"refused", "merged", "withdrawn"})


def mark_of(state: str, *, is_late: bool) -> str:
    """ok, late, wait, done or unknown, as components draw them."""
    if state in _ENDED:
        return _ENDED[state]
    if state in _GONE:
        return "unknown"
    return "late" if is_late else "ok"
