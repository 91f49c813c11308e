"""A slice of our own with actions to record, and an instant."""

from datetime import UTC, datetime

import pytest

from thudo.journal import queries

AT = datetime(2026, 2, 13, 9, 45, tzinfo=UTC)
NAMED = {"thing.changed": "A thing changed", "thing.closed": "A thing was closed"}


@pytest.fixture(autouse=True)
def named_actions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "sentences", lambda: NAMED)
