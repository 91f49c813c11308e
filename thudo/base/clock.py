"""The one place that reads the wall clock; only doors (views, jobs) call it."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(tz=UTC)
