"""Starts children, restarts the fallen with growing pauses, stops all in reverse order."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from thudo.base.supervisor.child import Child, Spec

_TICK = 0.2
_SHORTEST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
# A child that ran this long before it fell starts again without a pause.
_STEADY = 60.0


class NotReady(Exception):
    """A child did not become ready; the message holds its last words."""


class Supervisor:
    """Runs `specs`; `say` gets a sentence whenever something happens."""

    def __init__(self, specs: Sequence[Spec], logs: Path, say: Callable[[str], None]) -> None:
        logs.mkdir(parents=True, exist_ok=True)
        self.children = [Child(spec, logs / f"{spec.name}.log") for spec in specs]
        self._say = say
        self._pauses: dict[str, float] = {}
        self._due: dict[str, float] = {}

    def start(self, seconds: float = 60.0) -> None:
        """Start all at once and wait until each is ready; raises NotReady."""
        for child in self.children:
            child.start()
        deadline = time.monotonic() + seconds
        for child in self.children:
            self._await(child, deadline)

    def run(self, ticks: Sequence[Callable[[], None]] = ()) -> None:
        """Watch for ever, calling `ticks` in between; leave by an exception (KeyboardInterrupt)."""
        while True:
            for child in self.children:
                self._watch(child, time.monotonic())
            for tick in ticks:
                tick()
            time.sleep(_TICK)

    def restart(self, names: Sequence[str]) -> None:
        """Stop and start the children named."""
        chosen = [child for child in self.children if child.spec.name in names]
        for child in chosen:
            child.tell_to_stop()
        for child in chosen:
            child.stop()
            child.start()

    def stop(self) -> None:
        """The last started is told first; returns when none is left."""
        for child in reversed(self.children):
            child.tell_to_stop()
        for child in reversed(self.children):
            child.stop()

    def _await(self, child: Child, deadline: float) -> None:
        while not child.spec.is_ready():
            status = child.has_ended()
            if status is not None or time.monotonic() > deadline:
                what = "takes too long" if status is None else f"ended with {status}"
                raise NotReady(f"{child.spec.name} {what}:\n{child.last_words()}")
            time.sleep(0.05)

    def _watch(self, child: Child, now: float) -> None:
        name = child.spec.name
        if name in self._due:
            if now >= self._due[name]:
                del self._due[name]
                child.start()
            return
        status = child.has_ended()
        if status is not None:
            pause = self._next_pause(child, now)
            self._say(f"{name} ended with {status}; again in {pause:.1f} s. Its last words:")
            self._say(child.last_words(5))
            child.stop()  # what it started must not outlive it
            self._due[name] = now + pause

    def _next_pause(self, child: Child, now: float) -> float:
        name = child.spec.name
        if now - child.started > _STEADY:
            self._pauses.pop(name, None)
        pause = self._pauses.get(name, _SHORTEST_PAUSE)
        self._pauses[name] = min(pause * 2, _LONGEST_PAUSE)
        return pause
