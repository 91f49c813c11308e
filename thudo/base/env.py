"""Settings come from the environment and fail loudly."""

import os


class SettingMissing(Exception):
    """A setting that must be given was not."""


def text(name: str, default: str | None = None) -> str:
    """The variable `name`, or `default`; raises SettingMissing when neither is there."""
    value = os.environ.get(name, default)
    if value is None:
        raise SettingMissing(f"Set {name} in the environment.")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    """True for 1, true, yes, on (any case)."""
    return os.environ.get(name, str(default)).strip().lower() in {"1", "true", "yes", "on"}


def number(name: str, default: int) -> int:
    """The variable `name` as an integer."""
    return int(os.environ.get(name, str(default)))
