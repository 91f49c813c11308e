"""When a notice goes out and when it is tried again. Pure; issue 4's quiet hours belong here."""

from datetime import UTC, datetime, timedelta

from thudo.notices.rules.news import WARNED
from thudo.notices.rules.topics import PETITION, kind_of

# What is older than this is no news any more: it is not sent, the page tells it.
LIFE = timedelta(days=3)
# A ward's news go out together, so that a busy morning is not forty buzzes.
_PLACE_SLOT = timedelta(minutes=15)
# How long one worker may hold a message before another may send it again.
LEASE = timedelta(minutes=2)
# Sent ones are kept so long to answer "why did I not hear?"; then nobody needs them.
KEPT = timedelta(days=30)
_FIRST, _LONGEST = 30, 3600
_LONGEST_REST = 600
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


def goes_out(topic: str, kind: str, at: datetime) -> datetime:
    """One's own petition and warnings at once; a place at the end of its quarter of an hour."""
    if kind_of(topic) == PETITION or kind == WARNED:
        return at
    return at + _PLACE_SLOT - (at - _BEGINNING) % _PLACE_SLOT


def tried_again(attempts: int, asked: int = 0) -> timedelta:
    """The wait after the n-th try (n >= 1): doubled each time up to an hour, and never shorter than
    the gateway asked for (Retry-After, seconds; at most an hour of that too)."""
    wait = min(_FIRST * 2 ** min(attempts - 1, 12), _LONGEST)
    return timedelta(seconds=max(wait, min(asked, _LONGEST)))


def rests(failures: int) -> timedelta:
    """How long a gateway that failed n times in a row is left alone: up to ten minutes."""
    return timedelta(seconds=min(5 * 2 ** min(failures - 1, 12), _LONGEST_REST))
