"""What users call: hold the server of a data folder, starting its keeper when there is none."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.parse import quote

from thudo.base.keeper import locks
from thudo.base.keeper.place import KeeperError, Place, make_place, run_dir
from thudo.base.keeper.probe import PORT, ROLE, answers

_START_SECONDS = 120.0
_STOP_SECONDS = 60.0


class Hold:
    """A share in the running server; close() gives it back, and so does the holder's death."""

    def __init__(self, data_dir: Path, descriptor: int, place: Place) -> None:
        self._data_dir = data_dir
        self._descriptor: int | None = descriptor
        self._place = place
        self.url = url_of(place)

    def ensure(self) -> None:
        """Have the server back after its keeper died; quick when all is well."""
        with _start_lock(self._place.run):
            _ensure_running(self._data_dir, self._place)

    def is_alive(self) -> bool:
        """Whether a keeper says that the server runs."""
        return _keeper_says_ready(self._place.run)

    def close(self) -> None:
        """Give the share back; returns once the server has stopped if nobody else holds it."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return
        last = locks.take(descriptor, locks.EXCLUSIVE)
        os.close(descriptor)
        if last:
            _wait_for_stop(self._place.run)


def hold(data_dir: Path) -> Hold:
    """A share in the server of `data_dir`, started if need be; raises KeeperError."""
    run = run_dir(data_dir)
    descriptor = locks.open_lock(run / "users")
    try:
        # A keeper that is just stopping the server holds the exclusive lock until it is gone.
        locks.take_within(descriptor, locks.SHARED, _STOP_SECONDS, "the old server to stop")
        with _start_lock(run):
            place = make_place(data_dir)
            _ensure_running(data_dir, place)
    except BaseException:
        os.close(descriptor)
        raise
    return Hold(data_dir, descriptor, place)


@contextmanager
def server(data_dir: Path) -> Iterator[str]:
    """The URL of the running server of `data_dir` for the block."""
    share = hold(data_dir)
    try:
        yield share.url
    finally:
        share.close()


def url_of(place: Place) -> str:
    """A PostgreSQL URL over the socket; the port only names the socket's file."""
    return f"postgresql://{ROLE}@/{ROLE}?host={quote(str(place.sockets))}&port={PORT}"


def _start_lock(run: Path) -> AbstractContextManager[None]:
    return locks.exclusive(run / "start", _START_SECONDS, "another start")


def _ensure_running(data_dir: Path, place: Place) -> None:
    deadline = time.monotonic() + _START_SECONDS
    spawned = False
    while not (_keeper_says_ready(place.run) and answers(place.sockets)):
        if not locks.is_taken(place.run / "keeper"):
            if spawned:
                raise KeeperError(_failure(place))
            _spawn_keeper(data_dir, place.run)
            spawned = True
        if time.monotonic() > deadline:
            raise KeeperError(_failure(place))
        time.sleep(0.02)


def _keeper_says_ready(run: Path) -> bool:
    lock = run / "keeper"
    return locks.is_taken(lock) and lock.read_text("utf-8").startswith("ready")


def _spawn_keeper(data_dir: Path, run: Path) -> None:
    """Start the keeper; it detaches itself and holds its lock before this returns."""
    with (run / "keeper.log").open("ab") as log:
        subprocess.run(
            [sys.executable, "-m", "thudo.base.keeper", str(data_dir.resolve())],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            check=False,
            cwd="/",
            env=os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[3])},
        )


def _failure(place: Place) -> str:
    lines = []
    for log in (place.run / "keeper.log", place.log):
        if log.is_file():
            lines += log.read_text("utf-8", "replace").splitlines()[-8:]
    return "The embedded PostgreSQL did not start. Its last words:\n  " + "\n  ".join(lines)


def _wait_for_stop(run: Path) -> None:
    deadline = time.monotonic() + _STOP_SECONDS
    while locks.is_taken(run / "keeper") and time.monotonic() < deadline:
        time.sleep(0.03)
