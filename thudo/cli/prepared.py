"""Was this database prepared from these very files already? Spares a start of Django.

The mark names everything that went in, and the database it went into: another cluster, a restored
dump or a migration by hand changes it.
"""

import argparse
import hashlib
import os
from pathlib import Path

import psycopg

from thudo.base.keeper.place import run_dir
from thudo.cli import ROOT

_DATABASE = """
SELECT current_database(), (SELECT system_identifier FROM pg_control_system()),
       count(*), max(applied)::text
FROM django_migrations
"""


def is_done(args: argparse.Namespace, url: str) -> bool:
    """Whether `thudo prepare` has nothing to do."""
    mark = _mark(args, url)
    path = run_dir(args.data) / "prepared"
    return mark is not None and path.exists() and path.read_text("ascii") == mark


def note(args: argparse.Namespace, url: str) -> None:
    """Remember that it has been done."""
    mark = _mark(args, url)
    if mark is not None:
        (run_dir(args.data) / "prepared").write_text(mark, "ascii")


def _mark(args: argparse.Namespace, url: str) -> str | None:
    database = _database(url)
    if database is None:
        return None
    files = [*_files(args.city), *(p for d in ROOT.glob("thudo/*/migrations") for p in _files(d))]
    parts = [str(database), str(args.empty), *(_sign(path) for path in sorted(files))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _database(url: str) -> tuple[object, ...] | None:
    """None when it cannot be told: no tables yet, or no right to ask for the cluster's name."""
    try:
        with psycopg.connect(url) as connection:
            return connection.execute(_DATABASE).fetchone()
    except psycopg.Error:
        return None


def _files(folder: Path) -> list[Path]:
    return [
        Path(path) / name
        for path, _, names in os.walk(folder)
        for name in names
        if not path.endswith("__pycache__")
    ]


def _sign(path: Path) -> str:
    state = path.stat()
    return f"{path} {state.st_size} {state.st_mtime_ns}"
