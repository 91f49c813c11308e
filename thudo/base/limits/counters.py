"""The counts: in this process at once, with the others once a second through an unlogged table."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import Error, connection

from thudo.base.limits.rules import SHARED_FROM, Limit, Standing, standing

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
    since; `before`: all of the window before."""

    seconds: int
    shared_from: float
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
        self._counts: dict[bytes, _Count] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._exchanges = 0

    def look(self, group: str, who: bytes, limit: Limit) -> Standing:
        """Where a sender stands, without counting."""
        with self._lock:
            return self._standing(group, who, limit)

    def spend(self, group: str, who: bytes, limit: Limit) -> Standing:
        """Count one request; what is left after it."""
        with self._lock:
            self._count(who, limit).own += 1
            found = self._standing(group, who, limit)
        if self._is_shared and self._thread is None:
            self._begin()
        return found

    def exchange(self) -> None:
        """Tell the table what was counted here near a limit, and learn what the others counted."""
        with self._lock:
            now = self._clock()
            self._forget(now)
            near = sorted(
                (who, (c.window + 1) * c.seconds, c.own)
                for who, c in self._counts.items()
                if c.own and c.now >= c.shared_from
            )
            for who, _ends_at, own in near:
                self._counts[who].told += own
                self._counts[who].own = 0
        if near:
            self._hear(_written(near))
        self._exchanges += 1
        if self._exchanges % _SWEEP == 0:
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM base_limit WHERE ends_at < %s", [int(now) - _KEPT])

    def _hear(self, rows: Iterable[tuple[bytes, int, int]]) -> None:
        with self._lock:
            for who, ends_at, used in rows:
                count = self._counts.get(who)
                if count and (count.window + 1) * count.seconds == ends_at:
                    count.told = max(count.told, used)

    def _standing(self, group: str, who: bytes, limit: Limit) -> Standing:
        count = self._count(who, limit)
        elapsed = self._clock() - count.window * limit.seconds
        return standing(group, limit, count.before, count.now, elapsed)

    def _count(self, who: bytes, limit: Limit) -> _Count:
        window = int(self._clock() // limit.seconds)
        count = self._counts.get(who)
        if count is None:
            count = _Count(limit.seconds, max(2, limit.count * SHARED_FROM), window)
            self._counts[who] = count
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


def _written(rows: Iterable[tuple[bytes, int, int]]) -> list[tuple[bytes, int, int]]:
    """Sorted by sender, so that two processes never wait for each other crosswise."""
    who, ends_at, used = zip(*rows, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_SHARE, [list(who), list(ends_at), list(used)])
        return [(bytes(row[0]), row[1], row[2]) for row in cursor.fetchall()]
