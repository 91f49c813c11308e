"""`thudo dump FILE`: the database and the files people sent, in one tar."""

import argparse
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

from thudo import __version__
from thudo.base import keeper
from thudo.cli import place

DATABASE = "database.dump"
FILES = "files"
ABOUT = "about.json"


def run(args: argparse.Namespace) -> int:
    """Write FILE in one piece: a dump that was broken off never looks like one."""
    with place.database(args.data, args.city) as url:
        draft = args.file.with_name(args.file.name + ".part")
        write(url, args.data / FILES, draft)
        draft.replace(args.file)
    size = args.file.stat().st_size / 1024 / 1024
    print(f"{args.file}: {size:.1f} MB.")
    print(f"The keys in {args.data / 'secrets'} are not in it: keep a copy elsewhere.")
    return 0


def write(url: str, files: Path, target: Path) -> None:
    """The tar: about.json, database.dump (pg_dump's custom format), files/."""
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        database = Path(folder) / DATABASE
        call("pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={database}", url)
        about = Path(folder) / ABOUT
        about.write_text(json.dumps({"thudo": __version__, "format": 1}), "utf-8")
        # The database first: a file that arrives meanwhile is one too many, never one too few.
        with tarfile.open(target, "w") as tar:
            tar.add(about, ABOUT)
            tar.add(database, DATABASE)
            if files.is_dir():
                tar.add(files, FILES)


def call(program: str, *words: str) -> None:
    """A program of the wheel, by its path; raises KeeperError with its words."""
    done = subprocess.run(
        [str(keeper.pg_bin_dir() / program), *words], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise keeper.KeeperError(f"{program} failed: {done.stderr.strip()}")
