"""Reads the journal by position, once for all streams of this process."""

import asyncio
import logging
from typing import Any

import psycopg
from django.conf import settings

from thudo.journal.rules import read_body
from thudo.live.asgi.hub import Hub
from thudo.live.asgi.ring import KEPT, event_of

_log = logging.getLogger(__name__)
TICK_SECONDS = 0.05
LONGEST_TICK_SECONDS = 0.25
# Writing to one stream costs about this much of a core: a tick never asks for more than half.
WRITE_SECONDS = 0.000025
BATCH = 1000
_ENTRIES = (
    "SELECT position, at, body FROM journal_entry WHERE position > %s ORDER BY position LIMIT %s"
)
_LATEST = "SELECT coalesce(max(position), 0) FROM journal_entry"


class Follower:
    """Follows the journal for a hub; `read_at` is the loop's time of the last good reading."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.read_at: float | None = None

    async def run(self) -> None:
        """Read for ever; a lost database is waited for."""
        while True:
            try:
                async with await _connected() as connection:
                    await self._follow(connection)
            except (psycopg.Error, OSError) as error:
                _log.warning("live: the journal cannot be read: %s", str(error).strip())
                await asyncio.sleep(1)

    async def _follow(self, connection: psycopg.AsyncConnection[Any]) -> None:
        if self.read_at is None:
            await self._fill(connection)
        while True:
            reached, more = await self._read(connection)
            self.read_at = asyncio.get_running_loop().time()
            await asyncio.sleep(0 if more else _pause(reached))

    async def _fill(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Take the last entries, so that streams go on across a restart of this process."""
        rows = await connection.execute(_LATEST)
        latest: int = (await rows.fetchone() or (0,))[0]
        self.hub.ring.start_after(max(0, latest - KEPT))
        while self.hub.ring.last < latest:
            before = self.hub.ring.last
            await self._read(connection)
            if self.hub.ring.last == before:
                break

    async def _read(self, connection: psycopg.AsyncConnection[Any]) -> tuple[int, bool]:
        rows = await connection.execute(_ENTRIES, (self.hub.ring.last, BATCH))
        found = await rows.fetchall()
        reached = self.hub.publish(event_of(read_body(*row), row[2]) for row in found)
        return reached, len(found) == BATCH


def _pause(reached: int) -> float:
    return min(max(TICK_SECONDS, 2 * reached * WRITE_SECONDS), LONGEST_TICK_SECONDS)


async def _connected() -> psycopg.AsyncConnection[Any]:
    database = settings.DATABASES["default"]
    given = {
        "dbname": database["NAME"],
        "user": database["USER"],
        "password": database["PASSWORD"],
        "host": database["HOST"],
        "port": database["PORT"],
    }
    # Binary results: the body's bytes arrive as they are, not as hex.
    return await psycopg.AsyncConnection.connect(
        autocommit=True,
        prepare_threshold=0,
        application_name="thudo live",
        cursor_factory=_BinaryCursor,
        **{name: value for name, value in given.items() if value},
    )


class _BinaryCursor(psycopg.AsyncCursor[Any]):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.format = psycopg.pq.Format.BINARY
