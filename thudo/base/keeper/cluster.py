"""A cluster on disk: made in one piece, and freed from the marks of dead servers."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from thudo.base.keeper.accounts import KeeperError, child_setup
from thudo.base.keeper.place import Place
from thudo.base.keeper.probe import ROLE


def environment() -> dict[str, str]:
    """The server's environment: nothing of the caller's language, PG* or paths gets in."""
    return {"LC_ALL": "C", "PATH": "/usr/bin:/bin", "TZ": "UTC"}


def create(place: Place, bin_dir: Path) -> None:
    """initdb in a draft folder, then one rename: a cluster is there whole or not at all."""
    draft = place.home / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    # Whatever LANG says: pg_trgm drops accented letters under the C locale.
    _run(
        place,
        [
            str(bin_dir / "initdb"), "--pgdata", str(draft), "--username", ROLE, "--auth", "trust",
            "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            "--lc-ctype=C.UTF-8", "--no-instructions", "--data-checksums",
        ],
    )  # fmt: skip
    _run(
        place,
        [str(bin_dir / "postgres"), "--single", "-D", str(draft), "postgres"],
        f"CREATE DATABASE {ROLE};\n",
    )
    draft.rename(place.cluster)


def check_version(place: Place, bin_dir: Path) -> None:
    """Refuse a cluster of another major version with a sentence."""
    made_by = (place.cluster / "PG_VERSION").read_text("ascii").strip()
    output = subprocess.run(
        [str(bin_dir / "postgres"), "--version"], capture_output=True, text=True, check=True
    ).stdout
    if not output.split()[2].startswith(made_by + "."):
        raise KeeperError(
            f"{place.cluster} was made by PostgreSQL {made_by}, this is {output.strip()}: dump it "
            "with the former version, and restore the dump into a new data folder."
        )


def clear_stale_pid(cluster: Path, deadline: float) -> None:
    """Remove a postmaster.pid that names a process which is no server of this cluster.

    A server of this cluster that still runs is one whose keeper was killed: it is shutting down
    already; it is waited for, and pressed when it takes long.
    """
    pid = _recorded_pid(cluster)
    if pid is None:
        return
    pressing = time.monotonic() + 10
    while is_server_of(pid, cluster):
        if time.monotonic() > deadline:
            raise KeeperError(f"An old server (process {pid}) does not stop.")
        if time.monotonic() > pressing:
            os.kill(pid, signal.SIGINT)
            pressing += 10
        time.sleep(0.05)
    if _exists(pid):
        (cluster / "postmaster.pid").unlink(missing_ok=True)


def is_server_of(pid: int, cluster: Path) -> bool:
    """Whether `pid` is a living postgres of `cluster`, by its command line."""
    proc = Path("/proc") / str(pid) / "cmdline"
    if Path("/proc/self/cmdline").exists():
        try:
            words = proc.read_bytes().decode("utf-8", "replace").split("\0")
        except OSError:
            return False
    else:
        words = subprocess.run(
            ["/bin/ps", "-ww", "-o", "args=", "-p", str(pid)],
            capture_output=True, text=True, check=False,
        ).stdout.split()  # fmt: skip
    return Path(words[0]).name == "postgres" and str(cluster) in words if words else False


def _recorded_pid(cluster: Path) -> int | None:
    try:
        return int((cluster / "postmaster.pid").read_text("utf-8").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _exists(pid: int) -> bool:
    """Zombies included: the kernel answers for them, and PostgreSQL believes it."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _run(place: Place, command: list[str], words: str = "") -> None:
    done = subprocess.run(
        command,
        input=words,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=place.home,
        env=environment(),
        check=False,
        preexec_fn=child_setup(place.account, signal.SIGTERM),
    )
    if done.returncode:
        raise KeeperError(f"{Path(command[0]).name} failed:\n{done.stdout}")
