"""Pure decisions about petitions: what may be filed, and what the answer page says."""

import hashlib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import h3

from thudo.base.folding import fold

SATISFIED, ACCEPTABLE, NOT_SATISFIED = "satisfied", "acceptable", "not_satisfied"
VERDICTS = (SATISFIED, ACCEPTABLE, NOT_SATISFIED)
CHANNELS = ("web", "phone", "counter", "zalo", "api", "email", "sms", "app", "reception")
# Channels that are themselves a way to reach the sender: no other one is asked for.
ANSWERED_THERE = frozenset({"zalo", "app"})
TEXT_LIMIT = 4000
TEXT_LEAST = 10
# Petition.handling of what became work, and so may be shown to anybody if its sender agreed.
HANDLED = frozenset({"case", "merged"})
# Cells in which neighbours are looked for: about 50 m across.
CELL_RESOLUTION = 11
# A home is shown as the centre of its H3 cell of 0.1 km2, under a disc of this radius.
COARSE_METRES = 300
_COARSE_RESOLUTION = 9
METRES_PER_DEGREE = 111_320
_SENTENCE_END = re.compile(r"(?<=[.!?\n])\s+|\n")

ACTIONS: dict[str, str] = {
    "petition.filed": "A petition was filed",
    "petition.screened": "What was sent is handled outside the cases",
    "petition.supplemented": "The petitioner added something",
    "petition.judged": "The petitioner gave a verdict",
    "petition.followed": "Somebody who met the same matter follows the petition",
    "petition.unfollowed": "A follower stopped",
    "petition.follower_added": "A follower added something",
    "petition.follower_judged": "A follower gave a verdict",
    "petition.withdrawn": "The petitioner took the petition back",
    "petition.identity_read": "An identity was looked at",
    "petition.photos_shown": "The petitioner's photos were made public",
    "petition.hidden": "The petition was taken out of public sight",
    "petition.shown": "The petition was made public again",
    "petition.merged": "The petition goes on in another one's case",
    "petition.split": "A second matter of the petition became a case",
    "petition.review_asked": "The petitioner asked for a review of the refusal",
    "petition.letter_issued": "A letter was issued to the organisation that filed",
}


@dataclass(frozen=True, slots=True)
class Contact:
    """Who files; any of it may be empty, as the stream's rule on identity allows."""

    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Who files from this browser, as another system vouches for him; empty what it does not."""

    subject: str
    name: str = ""
    phone: str = ""
    email: str = ""

    def vouches_for(self, contact: Contact) -> bool:
        """Whether what was given is what was vouched for: then, and only then, it is verified."""
        same_phone = contact.phone == self.phone if contact.phone else True
        same_email = contact.email == self.email if contact.email else True
        return same_phone and same_email and bool(contact.phone or contact.email)


@dataclass(frozen=True, slots=True)
class Organisation:
    """A body that files: sealed as a person is. `request`: what it asks for, a code of the pack.

    A dossier's code is no identity: those who handle the case need it, and see it.
    """

    name: str
    tax_code: str
    representative: str
    position: str = ""
    request: str = ""
    dossier: str = ""


@dataclass(frozen=True, slots=True)
class Filing:
    """What a person sends. Degrees in EPSG:4326; `files`: ids of drafts under `draft_key`.

    `service` "" lets the text decide; `insists`: he asks for a review of a refusal by screening;
    `about_unit`: the unit whose conduct it is about; `file_digests`: SHA-256 of each file when a
    repeated request uploads its files again, so that their ids differ and their content does not;
    `verification`: who vouches for the contact ("app": the app that people know), "" for nobody; `is_spoken`: a recording says it, so that the
    text may be short or missing and the desk listens.
    """

    text: str
    service: str = ""
    longitude: float | None = None
    latitude: float | None = None
    area: str = ""
    place: str = ""
    files: tuple[str, ...] = ()
    draft_key: str = ""
    contact: Contact = field(default_factory=Contact)
    is_public: bool = True
    is_anonymous: bool = False
    is_home: bool = False
    insists: bool = False
    about_unit: str = ""
    channel: str = "web"
    answers: dict[str, str] = field(default_factory=dict)
    file_digests: tuple[str, ...] = ()
    organisation: Organisation | None = None
    verification: str = ""
    is_spoken: bool = False

    def digest(self) -> bytes:
        """SHA-256 of the content, to tell a repeated request from another one under its key."""
        skipped = {
            "files" if self.file_digests else "file_digests", "verification", "is_spoken",
        }  # fmt: skip
        if self.organisation is None:
            # As it was reckoned before bodies could file: a request may be repeated for 40 days.
            skipped.add("organisation")
        values = [getattr(self, name) for name in self.__slots__ if name not in skipped]
        return hashlib.sha256(repr(values).encode()).digest()


@dataclass(frozen=True, slots=True)
class RequestKey:
    """An Idempotency-Key within the scope of its sender (a browser, an API key, a clerk)."""

    scope: str
    key: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the city answers within the same request. Instants are aware; words by language."""

    number: str
    secret: str
    handling: str
    service: str
    urgency: str
    unit: str
    post: str
    reason: dict[str, str]
    legal_basis: str
    intake_due_at: datetime | None
    intake_kind: str
    promised_at: datetime | None
    filed_at: datetime
    danger: bool
    case: str = ""
    is_replay: bool = False

    def as_json(self) -> dict[str, Any]:
        """The stored answer: all but the secret, which is kept sealed with the identity."""
        kept = (name for name in self.__slots__ if name not in {"secret", "is_replay"})
        plain = {name: getattr(self, name) for name in kept}
        for name in ("intake_due_at", "promised_at", "filed_at"):
            plain[name] = plain[name].isoformat() if plain[name] else None
        return plain


def receipt_of(stored: dict[str, Any], secret: str) -> Receipt:
    """The receipt of an answered request, as it was given the first time."""
    instants = {
        name: datetime.fromisoformat(stored[name]) if stored[name] else None
        for name in ("intake_due_at", "promised_at", "filed_at")
    }
    return Receipt(**{**stored, **instants}, secret=secret, is_replay=True)


@dataclass(frozen=True, slots=True)
class Point:
    """A point that anybody may see, in degrees of EPSG:4326. Coarse: somewhere in a 300 m disc."""

    longitude: float
    latitude: float
    is_coarse: bool


def public_point(longitude: float | None, latitude: float | None, *, is_home: bool) -> Point | None:
    """The point of a petition for everybody: to the metre, or a disc that hides a home."""
    if longitude is None or latitude is None:
        return None
    if not is_home:
        return Point(round(longitude, 5), round(latitude, 5), is_coarse=False)
    lat, lon = h3.cell_to_latlng(h3.latlng_to_cell(latitude, longitude, _COARSE_RESOLUTION))
    return Point(round(lon, 5), round(lat, 5), is_coarse=True)


_PHONE = re.compile(r"^\+?[0-9]{8,15}$")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]{2,}$")


def clean_phone(text: str) -> str:
    """Digits with an optional plus, "" when empty; raises ValueError when it is no number."""
    digits = re.sub(r"[\s.\-()]", "", text)
    if digits and not _PHONE.match(digits):
        raise ValueError(text)
    return digits


def spellings(phone: str, country: str = "", trunk: str = "") -> tuple[str, ...]:
    """A telephone number as people and exchanges write it, the one by which its owner is known first.

    `phone`: digits with an optional plus; `country` and `trunk`: the country's code and the digit
    that stands before a national number ("84", "0").
    """
    if not country:
        return (phone,)
    digits = phone.removeprefix("+")
    national = digits.removeprefix(trunk)
    if phone.startswith("+") or len(digits) > 10:
        if not digits.startswith(country):
            return (phone,)
        national = digits.removeprefix(country)
    found = (f"{trunk}{national}", f"+{country}{national}", f"{country}{national}", phone)
    return tuple(dict.fromkeys(found))


def clean_email(text: str) -> str:
    """A trimmed lower-case address, "" when empty; raises ValueError when it is none."""
    address = text.strip().lower()
    if address and not _EMAIL.match(address):
        raise ValueError(text)
    return address


def identity_gap(rule: str, contact: Contact, *, anonymous: bool) -> str:
    """What a stream's rule on identity still asks for: "", "contact", "name".

    `rule`: "required" asks for a name and a way to reach; "contact" for a way to reach;
    "anonymous" for nothing when the sender wants it so.
    """
    reachable = bool(contact.phone or contact.email)
    if rule == "anonymous" and anonymous:
        return ""
    if not reachable:
        return "contact"
    if rule == "required" and not contact.name:
        return "name"
    return ""


# Of two people's words about one matter a fifth or more of the trigrams agree; of two matters of
# neighbouring kinds at one place, hardly ever (docs/reference/following.md has the counts).
_ALIKE = 0.2
_SOMEWHAT_ALIKE = 0.1


def likeness(*, alike: float, metres: float, reach: float, is_same_service: bool) -> float:
    """How likely a petition `metres` away is the matter that is being typed; 0: do not show it.

    `alike`: similarity of the folded texts (trigrams, 0 to 1). Near and of one kind it is shown
    whatever the words; farther off, or of a neighbouring kind, only in like words.
    """
    needed = _ALIKE if not is_same_service else _SOMEWHAT_ALIKE if metres > reach / 2 else 0.0
    if metres > reach or alike < needed:
        return 0.0
    return alike + (1 - metres / reach) / 2 + (0.3 if is_same_service else 0.0)


def metres_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Metres between two (longitude, latitude), flat: right to a decimetre within a kilometre."""
    narrow = math.cos(math.radians((a[1] + b[1]) / 2))
    return math.hypot((a[0] - b[0]) * narrow, a[1] - b[1]) * METRES_PER_DEGREE


def title_of(text: str, words: Iterable[str] = (), limit: int = 90) -> str:
    """What happened, in the sender's own sentence: the one with most of the (folded) `words` by
    which its kind was known, so neither the greeting nor the address; cut between words."""
    parts = [part for part in _SENTENCE_END.split(text.strip()) if len(part) >= TEXT_LEAST]
    known = tuple(words)
    told = max(parts or [text], key=lambda part: _hits(part, known))
    told = " ".join(told.split())
    told = told[:1].upper() + told[1:]
    if len(told) <= limit:
        return told
    return told[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:-") + "…"


def _hits(part: str, words: tuple[str, ...]) -> int:
    folded = f" {fold(part)} "
    return sum(f" {word} " in folded or f" {word}," in folded for word in words)


def tax_code_gap(code: str, scheme: Mapping[str, Any]) -> str:
    """What is wrong with a tax code by the pack's scheme: "", "length", "digits", "check".

    The check digit is `minuend` less the weighted sum of the digits before it modulo `modulus`.
    """
    lengths = {scheme["checked"], *scheme.get("branches", ()), *scheme.get("unchecked", ())}
    if not (code.isascii() and code.isdecimal()):
        return "digits"
    if len(code) not in lengths:
        return "length"
    if len(code) in scheme.get("unchecked", ()):
        return ""
    weights: list[int] = scheme["weights"]
    total = sum(weight * int(digit) for weight, digit in zip(weights, code, strict=False))
    check = scheme["minuend"] - total % scheme["modulus"]
    return "" if code[len(weights)] == str(check) else "check"
