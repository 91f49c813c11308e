"""Where a command works: the data folder, its keys, its database; told to Django by environment."""

import argparse
import base64
import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from thudo.base import keeper
from thudo.base.keeper.place import run_dir


def set_up_django(args: argparse.Namespace) -> None:
    """Settings for `args.data` and `args.city`, without asking for a database yet."""
    enter_folders(args.data, args.city)
    import django

    django.setup()


@contextmanager
def entered(args: argparse.Namespace) -> Iterator[str]:
    """Django ready, the database there and fit for the block; its URL."""
    with database(args.data, args.city) as url:
        set_up_django(args)
        yield url


@contextmanager
def database(data: Path, city: Path) -> Iterator[str]:
    """DATABASE_URL's database, or the embedded server held for the block; checked for fitness."""
    enter_folders(data, city)
    given = os.environ.get("DATABASE_URL")
    if given:
        keeper.check_fit(given)
        yield given
        return
    with keeper.server(data) as url:
        keeper.check_fit(url)
        _tell_django(url)
        yield url


def enter_folders(data: Path, city: Path) -> None:
    """Put folders and keys into the environment, for us and for the programs we start."""
    os.environ["THUDO_DATA"] = str(data.resolve())
    os.environ["THUDO_PACK"] = str(city.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thudo.settings")
    for name, value in keys(data).items():
        os.environ.setdefault(name, value)


def keys(data: Path) -> dict[str, str]:
    """The keys of this data folder by setting, made at the first call (file `secrets`, mode 600)."""
    run_dir(data)  # makes the folder, or says whose it is
    path = data / "secrets"
    if not path.exists():
        _make_keys(path)
    found = _read_keys(path)
    return found if _PUSH_KEY in found else _with_push_key(path)


_PUSH_KEY = "THUDO_PUSH_KEY"


def _read_keys(path: Path) -> dict[str, str]:
    lines = path.read_text("ascii").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _with_push_key(path: Path) -> dict[str, str]:
    """Add the key that push services know us by; folders of earlier versions have none."""
    with path.open("a", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # of two starts at once the first makes it
        if _PUSH_KEY not in _read_keys(path):
            file.write(f"{_PUSH_KEY}={_new_key()}\n")
            file.flush()
            os.fsync(file.fileno())
        return _read_keys(path)


def _new_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _make_keys(path: Path) -> None:
    draft = path.with_name(f"secrets.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"THUDO_SECRET_KEY={secrets.token_urlsafe(48)}\n")
        file.write(f"THUDO_IDENTITY_KEYS=k1:{_new_key()}\n")
    try:
        os.link(draft, path)  # the first of several starts wins, none overwrites
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _tell_django(url: str) -> None:
    """Settings may have been read already (a command module was loaded for its arguments)."""
    os.environ["DATABASE_URL"] = url
    from django.conf import settings

    if settings.configured:
        from django.db import connections

        from thudo.settings import database as django_database

        connections.settings["default"].update(django_database(url))
