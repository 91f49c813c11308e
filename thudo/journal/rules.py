"""What an entry is: its subject, its exact bytes, its hash. Pure.

The bytes are canonical JSON (RFC 8785) so that anybody can hash them again:
    {"schema": 1, "action": "case.opened", "subject": {"kind", "id", "version"},
     "actor": "user:17", "at": "2026-02-13T09:45:00.000000Z", "data": {...}}
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID

SCHEMA = 1
SALT_BYTES = 16
# Beyond these a number is not exact in every JSON reader (RFC 7493).
LARGEST_INTEGER = 2**53 - 1
# The journal is for ever and for everybody: what tells who or exactly where stays outside.
PERSONAL = frozenset(
    [
        "address",
        "birth_date",
        "body",
        "cccd",
        "code_word",
        "comment",
        "description",
        "email",
        "exif",
        "full_name",
        "identity",
        "latitude",
        "lat",
        "lon",
        "lng",
        "longitude",
        "password",
        "person",
        "phone",
        "point",
        "secret",
        "text",
    ]
)

# What this slice itself records: nothing. Each slice has such a table in lifecycle.py or rules.py.
ACTIONS: dict[str, str] = {}


class Subject(NamedTuple):
    """What an entry is about; `version` is the thing's own version after the change."""

    kind: str
    id: str
    version: int


class NotCanonical(ValueError):
    """A value that has no one exact form in JSON, or that may not be kept for ever."""


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One entry as readers see it. `position` is 0 until the sequencer has given it one."""

    position: int
    at: datetime
    action: str
    subject: Subject
    actor: str
    data: dict[str, Any]


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes of None, bool, int, str, lists and dicts with ASCII keys.

    UUIDs, aware datetimes and dates become their text. Raises NotCanonical for a float (write
    milli-units), a naive datetime, a number beyond 2**53 - 1, a lone surrogate, another type.
    """
    _check(value)
    try:
        return _ENCODER.encode(value).encode()
    except UnicodeEncodeError as error:
        raise NotCanonical(f"a lone surrogate in {value!r}") from error


def entry_body(
    action: str, subject: Subject, actor: str, at: datetime, data: Mapping[str, Any]
) -> bytes:
    """The bytes of an entry that are stored and hashed; raises NotCanonical."""
    refuse_personal(data)
    return canonical(
        {
            "schema": SCHEMA,
            "action": action,
            "subject": {"kind": subject.kind, "id": subject.id, "version": subject.version},
            "actor": actor,
            "at": at,
            "data": data,
        }
    )


def sealed_hash(salt: bytes, body: bytes) -> bytes:
    """SHA-256 of salt and body: what the log keeps when body and salt may be erased."""
    return hashlib.sha256(salt + body).digest()


def seal(text: str, salt: bytes) -> str:
    """The hash, in hex, that an entry holds in place of a text kept (and erasable) elsewhere."""
    return sealed_hash(salt, text.encode()).hex()


def instant(at: datetime) -> str:
    """UTC with six digits of the second, whatever the session's zone: 2026-02-13T09:45:00.000000Z."""
    if at.tzinfo is None:
        raise NotCanonical(f"{at} has no time zone")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def refuse_personal(data: Mapping[str, Any]) -> None:
    """Raises NotCanonical when a key names what may not be kept for ever (a crude net)."""
    found = PERSONAL.intersection(data)
    if found:
        raise NotCanonical(f"personal in a journal entry: {', '.join(sorted(found))}; seal() it")


Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
# (action, old schema) -> what turns its data into that of the next schema.
UPCASTERS: dict[tuple[str, int], Upcaster] = {}


def read_body(position: int, at: datetime, body: bytes) -> JournalEntry:
    """The entry in stored bytes, its data raised to the present schema."""
    entry = json.loads(body)
    subject = entry["subject"]
    return JournalEntry(
        position,
        at,
        entry["action"],
        Subject(subject["kind"], subject["id"], subject["version"]),
        entry["actor"],
        _raised(entry["action"], entry["schema"], entry["data"]),
    )


def _raised(action: str, schema: int, data: dict[str, Any]) -> dict[str, Any]:
    for old in range(schema, SCHEMA):
        upcaster = UPCASTERS.get((action, old))
        data = upcaster(data) if upcaster else data
    return data


def matches(pattern: str, action: str) -> bool:
    """Whether "case.opened", "case.*" or "*" takes in an action."""
    if pattern.endswith("*"):
        return action.startswith(pattern[:-1])
    return action == pattern


class Span(NamedTuple):
    """What had not ended in a snapshot: the `running` transactions and all from `xmax` on."""

    xmax: int
    running: tuple[int, ...]


def read_snapshot(text: str) -> Span:
    """PostgreSQL's "xmin:xmax:xid,xid"; an empty text is a snapshot before everything."""
    if not text:
        return Span(0, ())
    _, xmax, running = text.split(":")
    return Span(int(xmax), tuple(int(xid) for xid in running.split(",") if xid))


def _check(value: Any) -> None:
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return
    if kind is dict or isinstance(value, Mapping):
        _check_keys(value)
    elif kind is list or kind is tuple:
        for item in value:
            _check(item)
    elif isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise NotCanonical(f"{value} is not exact in every JSON reader; write it as text")
    elif isinstance(value, float):
        raise NotCanonical(f"{value}: a float has no one form; write whole milli-units")


def _check_keys(value: Mapping[Any, Any]) -> None:
    for key, item in value.items():
        # Code point order equals RFC 8785's order of UTF-16 units for ASCII only.
        if type(key) is not str or not key.isascii():
            raise NotCanonical(f"the key {key!r} is not ASCII text")
        _check(item)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise NotCanonical(f"{type(value).__name__} has no form in a journal entry")


_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_plain
)
