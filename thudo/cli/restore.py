"""`thudo restore FILE`: what `thudo dump` wrote, into an empty database, whole or not at all."""

import argparse
import subprocess
import tarfile
import tempfile
from contextlib import suppress
from pathlib import Path

import psycopg

from thudo.base import keeper
from thudo.base.keeper import locks
from thudo.base.keeper.place import run_dir
from thudo.cli import place
from thudo.cli.dump import DATABASE, FILES

# pg_dump 17 and newer write it; older servers do not know it, and it changes nothing.
_UNKNOWN_TO_OLD_SERVERS = b"SET transaction_timeout = 0;\n"


def run(args: argparse.Namespace) -> int:
    """Read FILE back."""
    if locks.is_taken(run_dir(args.data) / "up"):
        raise keeper.KeeperError(f"thudo runs on {args.data}: stop it first.")
    with place.database(args.data, args.city) as url:
        found = tables(url)
        if found and not args.force:
            raise keeper.KeeperError(
                f"The database holds {found} tables: restore into an empty one, "
                "or replace them with --force."
            )
        read(args.file, url, args.data / FILES)
    print(f"{args.file} is restored into {args.data}.")
    return 0


def read(source: Path, url: str, files: Path) -> None:
    """Database in one transaction, then the files."""
    with tarfile.open(source) as tar, tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / DATABASE
        _copy(tar, DATABASE, database)
        _read_database(database, url)
        _read_files(tar, files)


def tables(url: str) -> int:
    """How many tables of anybody the database holds."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN "
            "('pg_catalog', 'information_schema')"
        ).fetchone()
    return row[0] if row else 0


def _read_database(dump: Path, url: str) -> None:
    bin_dir = keeper.pg_bin_dir()
    with (
        subprocess.Popen(
            [bin_dir / "pg_restore", "--no-owner", "--no-acl", "--file=-", dump],
            stdout=subprocess.PIPE,
        ) as source,
        subprocess.Popen(
            [bin_dir / "psql", "--quiet", "--no-psqlrc",
             "--set=ON_ERROR_STOP=1", "--output=/dev/null", url],
            stdin=subprocess.PIPE, stderr=subprocess.PIPE,
        ) as target,
    ):  # fmt: skip
        words = _pump(source, target)
    if source.returncode or target.returncode:
        raise keeper.KeeperError(f"The database is as it was; restoring failed: {words}")


def _pump(source: "subprocess.Popen[bytes]", target: "subprocess.Popen[bytes]") -> str:
    assert source.stdout and target.stdin and target.stderr  # noqa: S101, PT018
    try:
        target.stdin.write(b"BEGIN; DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n")
        for line in source.stdout:
            if line != _UNKNOWN_TO_OLD_SERVERS:
                target.stdin.write(line)
        # A dump that breaks off must not be committed as if it were whole.
        target.stdin.write(b"COMMIT;\n" if source.wait() == 0 else b"ROLLBACK;\n")
        target.stdin.close()
    except BrokenPipeError:  # psql gave up; its words say why
        source.kill()
        with suppress(BrokenPipeError):
            target.stdin.close()
    return target.stderr.read().decode("utf-8", "replace").strip()


def _read_files(tar: tarfile.TarFile, files: Path) -> None:
    for member in tar.getmembers():
        parts = Path(member.name).parts
        if member.isfile() and parts[0] == FILES and ".." not in parts:
            target = files.joinpath(*parts[1:])
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _copy(tar, member.name, target)


def _copy(tar: tarfile.TarFile, name: str, target: Path) -> None:
    try:
        content = tar.extractfile(name)
    except KeyError:
        content = None
    if content is None:
        raise keeper.KeeperError(f"The file is no dump of thudo: it lacks {name}.")
    with content, target.open("wb") as file:
        while piece := content.read(1024 * 1024):
            file.write(piece)
