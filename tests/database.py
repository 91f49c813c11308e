"""The database of the tests: DATABASE_URL's, or the embedded server held for the session."""

import atexit
import os
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection, connections

from thudo.base import keeper
from thudo.settings import database

# Kept between sessions, so that only the very first one pays for initdb; every session and
# every xdist worker makes its own test database in it.
DATA_DIR = Path(settings.BASE_DIR) / "var" / "tests"


def provide() -> None:
    """Point Django at a server that is there; the share is given back at exit."""
    if "DATABASE_URL" in os.environ:
        return
    share = keeper.hold(DATA_DIR)
    atexit.register(share.close)
    os.environ["DATABASE_URL"] = share.url
    wanted = database(share.url)
    for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT"):
        connections.settings["default"][name] = wanted[name]


def environment() -> dict[str, str]:
    """For a process that a test starts: this process's variables and the test's database."""
    s = connection.settings_dict
    where = f"?host={quote(s['HOST'])}&port={s['PORT'] or 5432}"
    url = f"postgresql://{quote(s['USER'])}:{quote(s['PASSWORD'])}@/{s['NAME']}{where}"
    return os.environ | {"DATABASE_URL": url, "THUDO_SECRET_KEY": settings.SECRET_KEY}
