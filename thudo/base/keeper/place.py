"""Where one data folder keeps its cluster, its locks and its socket."""

import hashlib
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from thudo.base.keeper.accounts import STORE, Account, KeeperError, is_open_to_all, unprivileged

__all__ = ["KeeperError", "Place", "make_place", "run_dir", "short_dir"]

# sun_path holds 108 bytes on Linux and 104 on macOS; PostgreSQL adds "/.s.PGSQL.5432.lock".
_LONGEST_SOCKET_DIR = 80


@dataclass(frozen=True)
class Place:
    """`home` belongs to the server's user; `account` is who that is, None for ourselves."""

    run: Path
    home: Path
    sockets: Path
    account: Account | None

    @property
    def cluster(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "log"


def run_dir(data_dir: Path) -> Path:
    """The folder of locks and logs of a data folder; made if missing."""
    # Only walking through is open to others: the server's own user has to reach its cluster.
    data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
    run = data_dir.resolve() / "run"
    try:
        run.mkdir(mode=0o700, exist_ok=True)
        usable = os.access(run, os.R_OK | os.W_OK | os.X_OK)
    except PermissionError:
        usable = False
    if not usable:
        raise KeeperError(
            f"{data_dir} belongs to another user: start as that user, or name another folder "
            "with --data."
        )
    return run


def make_place(data_dir: Path) -> Place:
    """The place of `data_dir`, made at the first call; the caller holds the start lock."""
    run = run_dir(data_dir)
    link = data_dir.resolve() / "postgres"
    if link.is_symlink() and not link.exists():
        raise KeeperError(
            f"{link} points to {link.readlink()}, which is gone: bring it back, "
            "or remove the link and restore a dump."
        )
    account = unprivileged() if os.geteuid() == 0 else None
    if not link.exists():
        _make_home(link, account)
    home = link.resolve()
    owner = home.stat()
    if account is None and owner.st_uid != os.geteuid():
        raise KeeperError(f"{home} belongs to another user: start as root or as its owner.")
    if account is not None and owner.st_uid != 0:
        # Made by a normal user before: the server goes on as that user.
        account = Account(owner.st_uid, owner.st_gid)
    return Place(run, home, short_dir(home, account), account)


def short_dir(folder: Path, account: Account | None = None) -> Path:
    """`folder`, or a stand-in under the temporary folder when a socket's name would not fit."""
    if len(os.fsencode(folder)) <= _LONGEST_SOCKET_DIR:
        return folder
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    uid, gid = (account.uid, account.gid) if account else (os.geteuid(), os.getegid())
    short = Path(tempfile.gettempdir()) / f"thudo-{uid}-{name}"
    short.mkdir(mode=0o700, exist_ok=True)
    if short.lstat().st_uid not in {uid, os.geteuid()} or short.is_symlink():
        raise KeeperError(f"{short} belongs to another user; remove it and start again.")
    if short.stat().st_uid != uid:
        os.chown(short, uid, gid)
    return short


def _make_home(link: Path, account: Account | None) -> None:
    if account is None:
        link.mkdir(mode=0o700)
    elif is_open_to_all(link.parent):
        link.mkdir(mode=0o700)
        os.chown(link, account.uid, account.gid)
    else:
        link.symlink_to(_home_in_store(link, account))


def _home_in_store(link: Path, account: Account) -> Path:
    """A folder that the server's user can reach when the data folder lies behind a closed door.

    The name is drawn by lot, so that a data folder made anew never meets the old rows again.
    """
    STORE.mkdir(mode=0o755, parents=True, exist_ok=True)
    home = STORE / f"cluster-{secrets.token_hex(6)}"
    home.mkdir(mode=0o700)
    (home / "belongs-to").write_text(f"{link}\n", "utf-8")
    os.chown(home, account.uid, account.gid)
    return home
