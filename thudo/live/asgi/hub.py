"""Who follows what, and the fan-out: each tick one write for each stream that it concerns."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from thudo.live import rules
from thudo.live.asgi.ring import Event, Ring

Send = Callable[[dict[str, Any]], Awaitable[None]]

HEARTBEAT_SECONDS = 15
LIFE_SECONDS = 600
# A browser that takes nothing for so long that this much waits is let go; it comes back by itself.
MOST_WAITING = 256 * 1024
# A signed-out session's grants die within the minute they are good for; keep a few minutes.
REVOKED_KEPT = 1000


class Watcher:
    """One open stream. Nothing runs for it while nothing happens: a write is a task of its own."""

    __slots__ = (
        "_send", "_waiting", "_writer", "channel", "ends_at", "grant", "is_closing", "over", "slot",
        "waiting_bytes",
    )  # fmt: skip

    def __init__(self, send: Send, grant: rules.Grant, ends_at: float, slot: int) -> None:
        self._send = send
        self.grant = grant
        self.ends_at = ends_at
        self.slot = slot
        self.channel: Channel | None = None
        # Done when the stream has ended, from either side.
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.is_closing = False
        self.waiting_bytes = 0
        self._waiting: list[bytes] = []
        self._writer: asyncio.Task[None] | None = None

    def push(self, chunk: bytes) -> None:
        """Send as soon as what was pushed before is on its way."""
        if self.is_closing:
            return
        self._waiting.append(chunk)
        self.waiting_bytes += len(chunk)
        if self.waiting_bytes > MOST_WAITING:
            self.close()
        elif self._writer is None:
            self._writer = asyncio.create_task(self._write())

    def close(self) -> None:
        """End the stream now; what was not sent yet is fetched by the next one."""
        self.is_closing = True
        self._waiting.clear()
        self.waiting_bytes = 0
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        else:
            # A browser that takes nothing would hold the last write for ever.
            self.end()

    async def _write(self) -> None:
        try:
            while self._waiting:
                body = b"".join(self._waiting)
                self._waiting.clear()
                self.waiting_bytes = 0
                await self._send({"type": "http.response.body", "body": body, "more_body": True})
            if self.is_closing:
                await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        except (OSError, RuntimeError):
            # The server's way to say that the browser has gone.
            self.is_closing = True
        self._writer = None
        if self.is_closing:
            self.end()

    def end(self) -> None:
        """Let whoever waits for the end go on."""
        if not self.over.done():
            self.over.set_result(None)


class Channel:
    """All streams that follow exactly the same topics: what they are sent is made once."""

    __slots__ = ("topics", "watchers")

    def __init__(self, topics: frozenset[str]) -> None:
        self.topics = topics
        self.watchers: set[Watcher] = set()


class Hub:
    """The streams of this process and the ring they start from."""

    def __init__(self, ring: Ring | None = None) -> None:
        self.ring = ring or Ring()
        self._channels: dict[frozenset[str], Channel] = {}
        self._by_topic: dict[str, set[Channel]] = defaultdict(set)
        self._by_session: dict[str, set[Watcher]] = defaultdict(set)
        self._slots: list[set[Watcher]] = [set() for _ in range(HEARTBEAT_SECONDS)]
        self._revoked: dict[str, None] = {}
        self.count = 0

    def is_revoked(self, session: str) -> bool:
        """Whether a session was ended lately: its grants are worth nothing."""
        return bool(session) and session in self._revoked

    def admit(self, send: Send, grant: rules.Grant, after: int | None, now: float) -> Watcher:
        """A stream joins and is sent what it missed. `now` is the loop's time in seconds."""
        # Streams that began together (after a restart) must not all come back together.
        life = LIFE_SECONDS - random.random() * LIFE_SECONDS / 10  # noqa: S311
        watcher = Watcher(send, grant, now + life, int(now) % HEARTBEAT_SECONDS)
        self._join(watcher, frozenset(grant.topics))
        watcher.push(self._start(frozenset(grant.topics), after))
        if self.is_revoked(grant.session):
            watcher.close()
        return watcher

    def _join(self, watcher: Watcher, topics: frozenset[str]) -> None:
        channel = self._channels.get(topics)
        if channel is None:
            channel = self._channels[topics] = Channel(topics)
            for topic in topics:
                self._by_topic[topic].add(channel)
        channel.watchers.add(watcher)
        watcher.channel = channel
        if watcher.grant.session:
            self._by_session[watcher.grant.session].add(watcher)
        self._slots[watcher.slot].add(watcher)
        self.count += 1

    def _start(self, topics: frozenset[str], after: int | None) -> bytes:
        missed = self.ring.after(self.ring.last if after is None else after)
        if missed is None:
            return rules.gap(self.ring.last)
        # The first bytes tell browser and proxies that the stream is there.
        return b": thudo\n\n" + b"".join(event.frame_for(topics) for event in missed)

    def leave(self, watcher: Watcher) -> None:
        """A stream has ended."""
        channel = watcher.channel
        if channel is None:
            return
        watcher.channel = None
        self.count -= 1
        channel.watchers.discard(watcher)
        self._slots[watcher.slot].discard(watcher)
        _discard(self._by_session, watcher.grant.session, watcher)
        if not channel.watchers:
            del self._channels[channel.topics]
            for topic in channel.topics:
                _discard(self._by_topic, topic, channel)

    def publish(self, events: Iterable[Event]) -> int:
        """Keep new events and send them to whom they concern; how many streams that were."""
        chunks: dict[Channel, list[bytes]] = defaultdict(list)
        for event in events:
            self.keep(event)
            for channel in self._channels_for(event):
                chunks[channel].append(event.frame_for(channel.topics))
            event.forget_frames()
        reached = 0
        for channel, parts in chunks.items():
            body = b"".join(parts)
            reached += len(channel.watchers)
            for watcher in channel.watchers:
                watcher.push(body)
        return reached

    def keep(self, event: Event) -> None:
        """Keep an event for those who come later, and heed it if it is a revocation."""
        self.ring.add(event)
        if event.revokes:
            self._revoke(event.revokes)

    def _revoke(self, session: str) -> None:
        self._revoked[session] = None
        if len(self._revoked) > REVOKED_KEPT:
            del self._revoked[next(iter(self._revoked))]
        for watcher in tuple(self._by_session.get(session, ())):
            watcher.close()

    def _channels_for(self, event: Event) -> set[Channel]:
        found: set[Channel] = set()
        for topic in (*event.open_topics, *event.staff_topics):
            found |= self._by_topic.get(topic, set())
        return found

    def beat(self, now: float) -> None:
        """Called every second: a fifteenth of the streams gets its comment, old ones end."""
        for watcher in tuple(self._slots[int(now) % HEARTBEAT_SECONDS]):
            if now >= watcher.ends_at:
                watcher.close()
            else:
                watcher.push(b":\n\n")

    def close(self) -> None:
        """End every stream; their browsers come back by themselves."""
        for channel in self._channels.values():
            for watcher in channel.watchers:
                watcher.close()


def _discard(sets: dict[str, set[Any]], key: str, item: object) -> None:
    members = sets.get(key)
    if members is not None:
        members.discard(item)
        if not members:
            del sets[key]
