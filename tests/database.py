"""The database of the tests: DATABASE_URL's, or the embedded server held for the session."""

import atexit
import os
from pathlib import Path

from django.conf import settings
from django.db import connections

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
