"""What the keeper does: make the cluster, run the server, stop it when its last user is gone.

It runs in the main thread of a process of its own, because the kernel's death signal follows the
thread that forked: killed however hard, it leaves a server that shuts itself down cleanly.
"""

import os
import resource
import signal
import subprocess
import time
from pathlib import Path

from thudo.base.keeper import cluster, locks
from thudo.base.keeper.accounts import KeeperError, child_setup
from thudo.base.keeper.binaries import server_bin_dir
from thudo.base.keeper.place import Place
from thudo.base.keeper.probe import answers
from thudo.base.keeper.tuning import arguments

_TICK = 0.1
_PATIENCE = 60.0
_LARGEST_LOG = 20 * 1024 * 1024
# A killed postmaster leaves backends that hold its shared memory until they notice.
_PASSING_TROUBLES = ("shared memory block", "lock file", "is being used by")


class Keeper:
    """Keeps the server of `place`; `lock` is the held descriptor of the keeper's lock."""

    def __init__(self, place: Place, lock: int) -> None:
        self._place = place
        self._lock = lock
        self._users = locks.open_lock(place.run / "users")
        self._bin = server_bin_dir(drops_privileges=place.account is not None)
        self._stopping = False

    def run(self) -> None:
        """Until the last user is gone or SIGTERM; raises KeeperError when the server cannot run."""
        self._settle()
        if not self._place.cluster.exists():
            cluster.create(self._place, self._bin)
        cluster.check_version(self._place, self._bin)
        postgres = self._start()
        while not self._is_over():
            if postgres.poll() is not None:
                self._say("")
                print(f"postgres ended with {postgres.returncode}; starting it again", flush=True)
                postgres = self._start()
            time.sleep(_TICK)
        self._say("")
        postgres.send_signal(signal.SIGINT)  # fast shutdown: sessions end, nothing is lost
        postgres.wait()

    def _settle(self) -> None:
        signal.signal(signal.SIGTERM, self._stop)
        for ignored in (signal.SIGINT, signal.SIGHUP):
            signal.signal(ignored, signal.SIG_IGN)
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        _cut(self._place.log)

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _is_over(self) -> bool:
        return self._stopping or locks.take(self._users, locks.EXCLUSIVE)

    def _start(self) -> subprocess.Popen[bytes]:
        """The server, ready for sessions."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            cluster.clear_stale_pid(self._place.cluster, deadline)
            begin = self._place.log.stat().st_size if self._place.log.exists() else 0
            postgres = self._launch()
            if self._becomes_ready(postgres):
                self._say(f"ready {postgres.pid}")
                return postgres
            words = self._place.log.read_bytes()[begin:].decode("utf-8", "replace")
            passing = any(trouble in words for trouble in _PASSING_TROUBLES)
            if not passing or time.monotonic() > deadline:
                raise KeeperError("PostgreSQL does not start:\n" + words)
            time.sleep(0.1)

    def _launch(self) -> subprocess.Popen[bytes]:
        with self._place.log.open("ab") as log:
            return subprocess.Popen(
                [str(self._bin / "postgres"), *arguments(self._place)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._place.home,
                env=cluster.environment(),
                preexec_fn=child_setup(self._place.account, signal.SIGINT),
            )

    def _becomes_ready(self, postgres: subprocess.Popen[bytes]) -> bool:
        """Waits as long as the server lives: recovery after a crash takes the time it takes."""
        while postgres.poll() is None:
            if answers(self._place.sockets):
                return True
            time.sleep(0.02)
        return False

    def _say(self, words: str) -> None:
        """Users read the state from the lock file."""
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, words.encode(), 0)


def _cut(log: Path) -> None:
    if log.exists() and log.stat().st_size > _LARGEST_LOG:
        log.replace(log.with_name("log.old"))
