"""Readers of the demo data in the pack, and of places to put it."""

import tomllib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import TextField
from django.db.models.functions import MD5, Cast

from thudo.directory.models import Place
from thudo.petitions.models import Petition
from thudo.simulation.rules import Story


def stories() -> list[Story]:
    """The invented matters of the pack (demo/stories.toml); none if it has none."""
    common = _file()
    return [
        Story(
            row["service"], row["picture"], tuple(row["texts"]), tuple(row["progress"]),
            tuple(row["done"]), tuple(row["answered"]), common["question"], common["transfer"],
        )
        for row in common.get("stories", ())
    ]  # fmt: skip


def places(count: int, salt: str) -> list[Place]:
    """Places with a point, spread over the city in an order that `salt` shuffles."""
    rows = Place.objects.exclude(longitude=None).exclude(area=None)
    shuffled = rows.annotate(order=MD5(Cast("id", TextField()))).order_by("order")
    offset = sum(map(ord, salt)) % 500
    return list(shuffled[offset : offset + count])


def _file() -> dict[str, Any]:
    path = Path(settings.PACK_DIR) / "demo" / "stories.toml"
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}


def has_petitions() -> bool:
    """Whether anything was filed yet: demo data never goes beside real petitions."""
    return Petition.objects.exists()
