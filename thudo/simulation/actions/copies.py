"""The same life some weeks later: rows with other ids, salts, secrets and dates, ready to copy in.

Deeds on the shifted day would write the same, because what they reckon with (working hours, duty,
terms) is the same in both stretches: `Weeks` knows for which shifts that holds, and a test compares
copies with deeds. So a million petitions cost a tenth of a million lives.
"""

import json
import os
import re
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Model

from thudo.base.identifiers import check_digit, new_id, secret_code
from thudo.base.sealing import keyed_hash, seal, unseal
from thudo.deadlines import queries as deadlines
from thudo.journal.rules import seal as text_seal
from thudo.journal.rules import sealed_hash
from thudo.petitions.models import Petition, Petitioner
from thudo.simulation.actions.copying import columns_of, head_of, pack_entry, pack_of
from thudo.simulation.actions.memory import Drawer
from thudo.simulation.actions.memory.rows import Row

# In the bytes of an entry: an id, a seal, a petition's number (with the place of a second matter),
# the date of an instant.
_TOKENS = re.compile(
    r"\b([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|[0-9a-f]{64}\b|(?<=\")\d{10}(?=[\"/])|\d{4}-\d\d-\d\d(?=T\d\d:))"
)
_TEXTS = {"Petition": "text", "Note": "text", "Answer": "text", "Verdict": "text"}
Slot = tuple[str, Any]
Template = list[bytes | Slot]


@dataclass
class Numbers:
    """Public numbers that nobody else has: those of one of `shares` writers."""

    share: int = 0
    shares: int = 1
    taken: set[int] = field(default_factory=set)

    def next(self) -> str:
        while True:
            body = secrets.randbelow(9 * 10**8) + 10**8
            body += (self.share - body) % self.shares
            if body < 10**9 and body not in self.taken:
                self.taken.add(body)
                return f"{body}{check_digit(str(body))}"


class Weeks:
    """Which stretches of days may stand for each other some weeks apart."""

    def __init__(self, first: date, last: date) -> None:
        calendars = deadlines.snapshot().calendars.values()
        exceptions = {day for calendar in calendars for day, _ in calendar.exceptions}
        self.first = first
        self._odd = [0]
        for days in range((last - first).days + 400):
            self._odd.append(self._odd[-1] + (first + timedelta(days=days) in exceptions))

    def are_ordinary(self, a: date, b: date) -> bool:
        """Whether no holiday, swap day or other exception lies from `a` to `b`."""
        low, high = (a - self.first).days, (b - self.first).days + 1
        return low >= 0 and high < len(self._odd) and self._odd[high] == self._odd[low]


class Original:
    """A life in a drawer, made ready to be copied. `ends`: the last thing that happened in it."""

    def __init__(self, drawer: Drawer) -> None:
        self._ids: dict[str, UUID] = {}
        self._numbers: list[str] = []
        self._salts: set[bytes] = set()
        self._seals: dict[str, tuple[str, bytes]] = {}
        self._identities: dict[UUID, dict[str, str]] = {}
        for model, rows in drawer.rows.items():
            for row in rows:
                self._learn(model, row)
        instants = [v for rows in drawer.rows.values() for r in rows for v in r.values()]
        self._instants = {v for v in instants if isinstance(v, datetime)}
        self._instants |= {entry[0] for entry in drawer.entries}
        self.starts, self.last = min(self._instants), max(self._instants)
        self.ends = max(entry[0] for entry in drawer.entries)
        self.petitions = drawer.petitions
        self._rows = {
            model: [self._template(model, row) for row in rows]
            for model, rows in drawer.rows.items()
        }
        self._entries = [(e, _TOKENS.split(e[6].decode())) for e in drawer.entries]

    def copy(self, weeks: int, numbers: Numbers) -> "Copied":
        """The life `weeks` later."""
        shift = timedelta(weeks=weeks)
        names = {number: numbers.next() for number in self._numbers}
        ids = {old: new_id() for old in self._ids.values()}
        salts = {salt: os.urandom(16) for salt in self._salts}
        slots: dict[Slot, bytes] = {("t", at): _packed_instant(at + shift) for at in self._instants}
        for old, new in ids.items():
            slots["u", old] = b"\0\0\0\x10" + new.bytes
            slots["s", old] = _packed(str(new).encode())
        slots |= {("b", old): _packed(new) for old, new in salts.items()}
        for old_name, name in names.items():
            slots["n", old_name] = _packed(name.encode())
        self._renew(slots, ids)
        words: dict[str, str] = {text: str(ids[old]) for text, old in self._ids.items()}
        words |= names
        for old_seal, (text, salt) in self._seals.items():
            words[old_seal] = text_seal(text, salts[salt])
        days = timedelta(weeks=weeks).days
        rows = {
            model: b"".join(
                [
                    p if type(p) is bytes else _slot(p, slots, names)  # type: ignore[arg-type]
                    for template in templates
                    for p in template
                ]
            )
            for model, templates in self._rows.items()
        }
        entries = [self._entry(e, parts, words, shift, days) for e, parts in self._entries]
        return Copied(rows, entries, self.petitions)

    def _entry(
        self,
        entry: tuple[Any, ...],
        parts: list[str],
        words: dict[str, str],
        shift: timedelta,
        days: int,
    ) -> tuple[datetime, bytes]:
        at, action, kind, subject, version, actor, _, _, _ = entry
        told = parts.copy()
        for place in range(1, len(parts), 2):
            token = parts[place]
            told[place] = (
                _later(token, days) if len(token) == 10 and token[4] == "-" else words[token]
            )
        body = "".join(told).encode()
        salt = os.urandom(16)
        later = at + shift
        subject = words.get(subject, subject)
        packed = pack_entry(
            (later, action, kind, subject, version, actor, body, salt, sealed_hash(salt, body))
        )
        return later, packed

    def _learn(self, model: type[Model], row: Row) -> None:
        """What of a row is its own: id, number, salt, seal, identity."""
        if isinstance(row.get("id"), UUID):
            self._ids[str(row["id"])] = row["id"]
        if model is Petition:
            self._numbers.append(row["number"])
        if model is Petitioner:
            plain = unseal(row["key_id"], row["sealed"], about=row["petition_id"].bytes)
            self._identities[row["petition_id"]] = json.loads(plain)
        column = _TEXTS.get(model.__name__)
        if column:
            self._salts.add(row["salt"])
            self._seals[text_seal(row[column], row["salt"])] = row[column], row["salt"]

    def _renew(self, slots: dict[Slot, bytes], ids: dict[UUID, UUID]) -> None:
        """A secret of its own for each petition, sealed with who filed it."""
        for old, identity in self._identities.items():
            secret = secret_code()
            plain = json.dumps({**identity, "secret": secret}).encode()
            slots["sealed", old] = _packed(seal(plain, about=ids[old].bytes)[1])
            slots["secret", old] = _packed(keyed_hash("petition secret", secret))

    def _template(self, model: type[Model], row: Row) -> Template:
        """The packed row, cut where a copy differs."""
        template: Template = []
        fixed = bytearray(head_of(model))
        for name in columns_of(model):
            value = row[name]
            slot = self._slot_of(model, row, name, value)
            if slot is None:
                fixed += pack_of(model, name)(value)
            else:
                template += [bytes(fixed), slot]
                fixed = bytearray()
        template.append(bytes(fixed))
        return template

    def _slot_of(self, model: type[Model], row: Row, name: str, value: Any) -> Slot | None:
        if isinstance(value, datetime):
            return "t", value
        if isinstance(value, UUID):
            return "u", value
        if name == "salt":
            return "b", value
        if name == "secret":
            return "secret", row["id"]
        if name == "sealed":
            return "sealed", row["petition_id"]
        if name == "numbers" and value:
            return "j", tuple(value)
        if isinstance(value, str) and value in self._ids:
            return "s", self._ids[value]
        return ("n", value) if name in {"number", "label"} else None


@dataclass(frozen=True, slots=True)
class Copied:
    """Packed rows by model, and packed entries by instant."""

    rows: dict[type[Model], bytes]
    entries: list[tuple[datetime, bytes]]
    petitions: int


def _slot(slot: Slot, slots: dict[Slot, bytes], names: dict[str, str]) -> bytes:
    if slot[0] == "j":
        raw = json.dumps([names[number] for number in slot[1]]).encode()
        return (len(raw) + 1).to_bytes(4, "big") + b"\x01" + raw
    return slots[slot]


def _packed(raw: bytes) -> bytes:
    return len(raw).to_bytes(4, "big") + raw


_packed_instant = pack_of(Petition, "filed_at")


@lru_cache(maxsize=4096)
def _later(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
