"""What the pack says about the telephone desk: phone.toml, which a city may leave out."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings

from thudo.base.sealing import keyed_hash
from thudo.directory.models import Words
from thudo.petitions.queries.callers import spelled


@dataclass(frozen=True, slots=True)
class Question:
    """A question that callers ask often, and the words to answer with."""

    code: str
    name: Words
    text: Words


@dataclass(frozen=True, slots=True)
class PhoneDesk:
    """`check_share` (0..1): of the verdicts taken
    by telephone that another clerk asks for again; `oldest`: how late a sheet may be loaded."""

    check_share: float
    oldest: timedelta
    questions: tuple[Question, ...]


@lru_cache(maxsize=1)
def phone_desk() -> PhoneDesk:
    """The pack's values; without the file every verdict is checked and no question is ready."""
    path = settings.PACK_DIR / "phone.toml"
    told: Mapping[str, Any] = tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
    return PhoneDesk(
        float(told.get("verdicts", {}).get("check_share", 1.0)),
        timedelta(days=told.get("sheets", {}).get("oldest_days", 14)),
        tuple(Question(q["code"], q["name"], q["text"]) for q in told.get("questions", [])),
    )


def caller_hash(phone: str) -> bytes:
    """The same for one caller however his number is written; nobody else can make it."""
    return keyed_hash("caller", spelled(phone)[0])
