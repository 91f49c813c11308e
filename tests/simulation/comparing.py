"""What two histories wrote, made comparable: all columns of all rows, but for what is random.

Ids, numbers, salts, secrets and hashes differ from run to run by nature; their form stays in the
row, and `check_bonds` proves that they fit together.
"""

import json
import re
from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from thudo.base.sealing import keyed_hash, unseal
from thudo.cases.models import Answer, Case, Note
from thudo.journal.models import Entry
from thudo.journal.rules import seal, sealed_hash
from thudo.petitions.models import Petition, Petitioner, Verdict
from thudo.simulation.actions.memory import TABLES

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SEAL = re.compile(r"\b[0-9a-f]{64}\b")
_NUMBER = re.compile(r"\b\d{10}\b")
RANDOM = {"salt", "secret", "sealed", "hash"}
# Given by the server: serial keys, and the transaction that wrote it.
LEFT_OUT = {"number", "transaction", "position"}
Told = dict[str, Counter[str]]


def told() -> Told:
    """Every row of every table that a petition's life writes, as comparable text."""
    found: Told = {}
    for model in TABLES:
        serial = {TABLES[model].key} if TABLES[model].has_serial else set()
        keep_digest = model.__name__ == "Attachment"
        rows = model._default_manager.values()
        found[model.__name__] = Counter(
            _plain({k: v for k, v in row.items() if k not in serial}, keep_digest=keep_digest)
            for row in rows
        )
    found["Entry"] = Counter(
        _plain({k: v for k, v in row.items() if k not in LEFT_OUT}, keep_digest=False)
        for row in Entry.objects.filter(subject_kind__in=["petition", "case"]).values()
    )
    return found


def check_bonds() -> None:
    """Hashes, seals, secrets and references belong together, positions are dense."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    entries = Entry.objects.filter(subject_kind__in=["petition", "case"])
    ids = {str(pk) for pk in Petition.objects.values_list("pk", flat=True)}
    ids |= {str(pk) for pk in Case.objects.values_list("pk", flat=True)}
    seals = _seals()
    versions: dict[str, int] = {}
    for entry in entries.order_by("position"):
        body = bytes(entry.body)
        assert bytes(entry.hash) == sealed_hash(bytes(entry.salt), body)
        said = json.loads(body)
        assert said["subject"]["id"] == entry.subject_id
        assert entry.subject_id in ids
        assert versions.get(entry.subject_id, 0) <= entry.subject_version
        versions[entry.subject_id] = entry.subject_version
        assert set(_SEAL.findall(body.decode())) <= seals
    latest = dict(Case.objects.values_list("pk", "version"))
    assert {str(pk): version for pk, version in latest.items()}.items() <= versions.items()
    _check_secrets()


def _check_secrets() -> None:
    for row in Petitioner.objects.select_related("petition"):
        plain = json.loads(unseal(row.key_id, bytes(row.sealed), about=row.petition_id.bytes))
        assert keyed_hash("petition secret", plain["secret"]) == bytes(row.petition.secret)


def _seals() -> set[str]:
    rows: list[Any] = [*Petition.objects.all(), *Note.objects.all(), *Answer.objects.all()]
    return {seal(row.text, bytes(row.salt)) for row in [*rows, *Verdict.objects.all()]}


def _plain(row: dict[str, Any], *, keep_digest: bool) -> str:
    shown = {name: _value(name, value) for name, value in sorted(row.items())}
    text = json.dumps(shown, ensure_ascii=False, sort_keys=True)
    text = _ID.sub("<id>", text)
    text = text if keep_digest else _SEAL.sub("<seal>", text)
    return _NUMBER.sub("<number>", text)


def _value(name: str, value: Any) -> Any:
    if isinstance(value, memoryview | bytes):
        raw = bytes(value)
        return f"<{len(raw)}>" if name in RANDOM else _text(raw)
    if isinstance(value, datetime | UUID):
        return str(value)
    return value


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.hex()
