"""One supervised program: started, told to stop, killed with its whole group when it does not."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from thudo.base.keeper.accounts import child_setup

_LARGEST_LOG = 10 * 1024 * 1024


@dataclass(frozen=True)
class Spec:
    """What to run; `is_ready` is asked until it says yes, `env` is the whole environment."""

    name: str
    command: list[str]
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    is_ready: Callable[[], bool] = lambda: True
    stop_seconds: float = 10.0
    socket: Path | None = None  # a Unix socket it listens on; a killed one leaves the file


class Child:
    """A running Spec. Only the main thread may start it (see child_setup)."""

    def __init__(self, spec: Spec, log: Path) -> None:
        self.spec = spec
        self.log = log
        self.started = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start it in a group of its own, so that Ctrl-C reaches the supervisor alone."""
        if self.log.exists() and self.log.stat().st_size > _LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".old"))
        if self.spec.socket:
            self.spec.socket.unlink(missing_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.spec.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(self.spec.env),
                start_new_session=True,
                preexec_fn=child_setup(None, signal.SIGTERM),
            )
        self.started = time.monotonic()

    def has_ended(self) -> int | None:
        """Its exit status once it has ended."""
        return self._process.poll() if self._process else None

    def tell_to_stop(self) -> None:
        """Ask it to end; returns at once."""
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def stop(self) -> None:
        """Have it ended, and whatever it started with it."""
        if self._process is None:
            return
        self.tell_to_stop()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(self.spec.stop_seconds)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def last_words(self, lines: int = 12) -> str:
        """The end of its log."""
        text = self.log.read_bytes()[-8000:].decode("utf-8", "replace")
        return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])
