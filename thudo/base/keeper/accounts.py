"""Which user the server runs as: ourselves, or an unprivileged one when we are root."""

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

STORE = Path("/var/lib/thudo")
_PR_SET_PDEATHSIG = 1


class KeeperError(Exception):
    """The embedded server cannot be had; the message is a sentence for the person at the shell."""


@dataclass(frozen=True)
class Account:
    """A user to become: numeric ids."""

    uid: int
    gid: int


def unprivileged() -> Account:
    """`nobody`: exists everywhere, owns nothing else; PostgreSQL refuses to run as root."""
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)


def is_open_to_all(path: Path) -> bool:
    """Whether any user may walk to `path` and into it."""
    real = path.resolve()
    return all(folder.stat().st_mode & 0o001 for folder in [real, *real.parents])


def child_setup(account: Account | None, death_signal: int = signal.SIGINT) -> Callable[[], None]:
    """A preexec function: become `account`, and receive `death_signal` when the parent dies.

    The kernel forgets the death signal at setuid, so it is set last; and it follows the *thread*
    that forked, so only a main thread may use this.
    """
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    parent = os.getpid()

    def run() -> None:
        if account is not None:
            os.setgroups([])
            os.setgid(account.gid)
            os.setuid(account.uid)
            os.umask(0o077)
        if libc is not None:
            libc.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
            if os.getppid() != parent:  # it died between fork and prctl
                os._exit(1)

    return run
