"""The counts: in this process at once, with the others once a second through an unlogged table."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import Error, connection

from thudo.base.limits.rules import SHARED_FROM, Limit, Standing, standing
from thudo.base.sealing import keyed_hash

# Who is counted, in clear only in this process's memory and for two windows; and by which limit.
Sender = tuple[str, Limit]
log = logging.getLogger(__name__)
EVERY = 1.0  # seconds between two exchanges with the other processes
_KEPT = 3600  # seconds that a window stays in the table after its end
_SWEEP = 300  # exchanges between two sweepings

_SHARE = """
INSERT INTO base_limit (who, ends_at, used)
SELECT * FROM unnest(%s::bytea[], %s::bigint[], %s::integer[])
ON CONFLICT (who, ends_at) DO UPDATE SET used = base_limit.used + excluded.used
RETURNING who, ends_at, used
"""


@dataclass(slots=True)
class _Count:
    """One sender's requests in two windows. `told`: how many the table knows of; `own`: those
    since; `before`: all of the window before; `from_`: from how many on the others are told."""

    seconds: int
    from_: float
    window: int
    told: int = 0
    own: int = 0
    before: int = 0

    @property
    def now(self) -> int:
        return self.told + self.own


class Counters:
    """The counts of this process. `clock`: seconds since 1970, the same on every machine."""

    def __init__(self, clock: Callable[[], float] = time.time, *, is_shared: bool = True) -> None:
        self._clock = clock
        self._is_shared = is_shared
        self._counts: dict[Sender, _Count] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._exchanges = 0

    def look(self, group: str, senders: Sequence[Sender]) -> list[Standing]:
        """Where a sender stands in each way in which he is counted, without counting."""
        with self._lock:
            now = self._clock()
            return [self._standing(group, one, now) for one in senders]

    def spend(self, group: str, senders: Sequence[Sender]) -> tuple[list[Standing], bool]:
        """Count one request and tell what is left after it; or, where one of the limits has no
        room, count nothing. (where he stands, whether he was counted)"""
        with self._lock:
            now = self._clock()
            found = [self._standing(group, one, now) for one in senders]
            if any(one.wait for one in found):
                return found, False
            for one in senders:
                self._counts[one].own += 1
            found = [self._standing(group, one, now) for one in senders]
        if self._is_shared and self._thread is None:
            self._begin()
        return found, True

    def exchange(self) -> None:
        """Tell the table what was counted here near a limit, and learn what the others counted."""
        with self._lock:
            now = self._clock()
            self._forget(now)
            near = [(o, c, c.own) for o, c in self._counts.items() if c.own and c.now >= c.from_]
            for _one, count, own in near:
                count.told += own
                count.own = 0
            told = {
                (_hidden(one), (count.window + 1) * count.seconds): (count, own)
                for one, count, own in near
            }
        if told:
            for key, used in _written(
                [(*key, own) for key, (_, own) in sorted(told.items(), key=_key)]
            ):
                count = told[key][0]
                with self._lock:
                    if (count.window + 1) * count.seconds == key[1]:
                        count.told = max(count.told, used)
        self._exchanges += 1
        if self._exchanges % _SWEEP == 0:
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM base_limit WHERE ends_at < %s", [int(now) - _KEPT])

    def _standing(self, group: str, sender: Sender, now: float) -> Standing:
        limit = sender[1]
        count = self._count(sender, limit, now)
        elapsed = now - count.window * limit.seconds
        return standing(group, limit, count.before, count.told + count.own, elapsed)

    def _count(self, sender: Sender, limit: Limit, now: float) -> _Count:
        window = int(now // limit.seconds)
        count = self._counts.get(sender)
        if count is None:
            count = _Count(limit.seconds, max(2, limit.count * SHARED_FROM), window)
            self._counts[sender] = count
        elif count.window != window:
            count.before = count.now if count.window == window - 1 else 0
            count.window, count.told, count.own = window, 0, 0
        return count

    def _forget(self, now: float) -> None:
        old = [w for w, c in self._counts.items() if (c.window + 2) * c.seconds < now]
        for who in old:
            del self._counts[who]

    def _begin(self) -> None:
        # Started by the first request, for a server's workers are forked after the import.
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="limits", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            time.sleep(EVERY)
            try:
                self.exchange()
            except Error as error:
                # The server is away: each process goes on counting for itself.
                log.warning("limits: %s", str(error).strip())
                connection.close()


def _hidden(sender: Sender) -> bytes:
    """What the table holds in place of a sender."""
    return keyed_hash("limits", f"{sender[0]} {sender[1]}")[:16]


def _key(one: tuple[tuple[bytes, int], tuple[_Count, int]]) -> tuple[bytes, int]:
    # Sorted by sender, so that two processes never wait for each other crosswise.
    return one[0]


def _written(rows: Iterable[tuple[bytes, int, int]]) -> list[tuple[tuple[bytes, int], int]]:
    who, ends_at, used = zip(*rows, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_SHARE, [list(who), list(ends_at), list(used)])
        return [((bytes(row[0]), row[1]), row[2]) for row in cursor.fetchall()]
