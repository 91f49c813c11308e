"""A dump restored into a new server goes on where the old one was."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, transaction

from tests.journal.conftest import AT
from thudo.base import keeper
from thudo.base.keeper.binaries import pg_bin_dir
from thudo.journal import queries
from thudo.journal.actions import Record, record_all, sequence_entries
from thudo.journal.models import Entry, Sequence
from thudo.journal.rules import Subject
from thudo.settings import database


def _record(*things: str) -> None:
    with transaction.atomic():
        record_all(Record("thing.changed", Subject("thing", t, 1), "clock", AT, {}) for t in things)


@contextmanager
def _restored(dump: str, folder: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another server with the dump in it, which Django's connection then speaks to."""
    with keeper.server(folder) as url:
        wanted = database(url)
        psql = [pg_bin_dir() / "psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", url]
        subprocess.run(psql, input=dump, text=True, check=True, capture_output=True)
        connection.close()
        with patch.context() as swap:
            for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT"):
                swap.setitem(connection.settings_dict, name, wanted[name])
            yield
            connection.close()


def _dump() -> str:
    s = connection.settings_dict
    env = os.environ | {"PGPASSWORD": s["PASSWORD"]}
    where = ["-h", s["HOST"], "-p", s["PORT"] or "5432", "-U", s["USER"], s["NAME"]]
    command = [str(pg_bin_dir() / "pg_dump"), "--no-owner", *where]
    return subprocess.run(command, env=env, text=True, check=True, capture_output=True).stdout


@pytest.mark.audit
@pytest.mark.django_db(transaction=True)
def test_the_journal_goes_on_in_a_new_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sequence_entries()
    _record("a", "b")
    sequence_entries()
    _record("waits", "too")
    dump = _dump()
    old = Sequence.objects.get()

    with _restored(dump, tmp_path, monkeypatch):
        assert queries.latest_position() == 2
        _record("new")
        assert sequence_entries() == 3
        _record("newer")
        assert sequence_entries() == 1
        subjects = [e.subject.id for e in queries.entries_after(0)]
        assert subjects == ["a", "b", "waits", "too", "new", "newer"]
        assert Entry.objects.filter(position=None).count() == 0
        assert Sequence.objects.get().server != old.server

    assert queries.latest_position() == 2
