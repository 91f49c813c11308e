"""File locks: let go by the kernel however their holder dies."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from thudo.base.keeper.accounts import KeeperError

SHARED = fcntl.LOCK_SH
EXCLUSIVE = fcntl.LOCK_EX


def open_lock(path: Path) -> int:
    """A descriptor of the lock file `path`; it is not inherited by programs started later."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except PermissionError as refused:
        raise KeeperError(f"{path} belongs to another user: start as that user.") from refused


def take(descriptor: int, kind: int) -> bool:
    """Take a lock now; False when others stand in the way."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def take_within(descriptor: int, kind: int, seconds: float, what: str) -> None:
    """Take a lock, waiting at most `seconds`; raises KeeperError."""
    deadline = time.monotonic() + seconds
    while not take(descriptor, kind):
        if time.monotonic() > deadline:
            raise KeeperError(f"Waited {seconds:.0f} s for {what}; another process keeps it busy.")
        time.sleep(0.03)


def is_taken(path: Path) -> bool:
    """Whether somebody holds an exclusive lock on `path`."""
    descriptor = open_lock(path)
    try:
        return not take(descriptor, SHARED)
    finally:
        os.close(descriptor)


@contextmanager
def exclusive(path: Path, seconds: float, what: str) -> Iterator[None]:
    """Hold the exclusive lock on `path` for the block."""
    descriptor = open_lock(path)
    try:
        take_within(descriptor, EXCLUSIVE, seconds, what)
        yield
    finally:
        os.close(descriptor)
