"""A kept connection is asked whether it lives at most once a second, and one that died is replaced."""

from time import monotonic

import pytest
from django.db import connection, transaction

from thudo.base.postgresql.base import DatabaseWrapper

ASK = "SELECT 1"


@pytest.fixture
def kept(transactional_db):
    """A connection as the last request left it."""
    connection.ensure_connection()
    connection.health_check_enabled, connection.health_check_done = True, False
    connection.lived_at = monotonic()
    yield connection
    connection.close()


def _is_asked(monkeypatch) -> list[str]:
    asked = []
    monkeypatch.setattr(DatabaseWrapper, "is_usable", lambda _: asked.append(ASK) or True)
    return asked


def test_one_that_lived_a_moment_ago_is_not_asked(kept, monkeypatch):
    asked = _is_asked(monkeypatch)

    connection.cursor().execute(ASK)

    assert asked == []


def test_one_that_idled_is_asked_once(kept, monkeypatch):
    asked = _is_asked(monkeypatch)
    connection.lived_at -= 60

    connection.cursor().execute(ASK)
    connection.cursor().execute(ASK)

    assert asked == [ASK]


def test_it_is_never_asked_within_a_transaction(kept, monkeypatch):
    asked = _is_asked(monkeypatch)

    with transaction.atomic():
        connection.cursor().execute(ASK)
        connection.lived_at -= 60
        connection.cursor().execute(ASK)

    assert asked == []


def test_one_whose_server_end_is_gone_is_replaced(kept):
    connection.connection.close()
    connection.lived_at -= 60

    connection.cursor().execute(ASK)

    assert connection.is_usable()


@pytest.mark.django_db
def test_plans_are_not_compiled():
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
