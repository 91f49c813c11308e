"""Ready words for answers: the pack's file templates.toml, which a city may leave out."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from thudo.directory.models import Words
from thudo.directory.queries import directory


@dataclass(frozen=True, slots=True)
class Wording:
    """One ready answer. `groups`: for which fields of services; empty for all."""

    code: str
    name: Words
    text: Words
    groups: tuple[str, ...]


@lru_cache(maxsize=1)
def wordings() -> tuple[Wording, ...]:
    """All of the pack, in its order."""
    path = settings.PACK_DIR / "templates.toml"
    if not path.is_file():
        return ()
    rows = tomllib.loads(path.read_text("utf-8")).get("answers", [])
    return tuple(
        Wording(row["code"], row["name"], row["text"], tuple(row.get("groups", []))) for row in rows
    )


def wordings_for(service: str) -> list[Wording]:
    """Those that fit a service."""
    found = directory().services.get(service)
    group = found.group if found else None
    return [one for one in wordings() if not one.groups or group in one.groups]
