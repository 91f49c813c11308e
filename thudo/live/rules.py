"""What a stream may carry: topics, the white list of what each sees, and grants. Pure.

Open topics ("wall", "area:<code>", "petition:<number>") show the white list below; staff topics
("case:<id>", "unit:<code>", "desk:intake", "desk:checking") show an entry's data, which is never
personal (thudo.journal.rules). docs/how-to/follow-the-journal.md tells how to add a key.
"""

import base64
import binascii
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from thudo.journal.rules import PERSONAL, JournalEntry, instant

OPEN_KINDS = frozenset({"wall", "area", "petition"})
STAFF_KINDS = frozenset({"case", "unit", "desk"})
DESKS = frozenset({"intake", "checking"})
# The keys of an entry's data that anybody may see. `petition` is the public number: a private
# petition's entries reach only the holder of its secret, who knows it.
OPEN_KEYS = frozenset(
    [
        "state",
        "service",
        "area",
        "unit",
        "due_at",
        "cell",
        "petition",
        "outcome",
        "verdict",
        "urgency",
        "kind",
    ]
)
# The actions that anybody may see; all others (who looked at an identity) stay with the staff.
OPEN_ACTIONS = frozenset(
    [
        "petition.filed",
        "petition.supplemented",
        "petition.judged",
        "petition.withdrawn",
        "petition.hidden",
        "petition.shown",
        "petition.merged",
        "petition.split",
        "petition.review_asked",
        "case.opened",
        "case.triaged",
        "case.acknowledged",
        "case.accepted",
        "case.assigned",
        "case.begun",
        "case.progress_noted",
        "case.supplement_asked",
        "case.supplemented",
        "case.supplement_lapsed",
        "case.transferred",
        "case.arbitrated",
        "case.deadline_extended",
        "case.promised",
        "case.answered",
        "case.refusal_proposed",
        "case.answer_approved",
        "case.answer_sent_back",
        "case.recheck_opened",
        "case.result_upheld",
        "case.redo_ordered",
        "case.merged",
        "case.withdrawn",
        "case.escalated",
    ]
)
# Keys of data that name units: each one's queue changes (a transfer takes a case from one).
UNIT_KEYS = ("unit", "from", "proposed")
# What brings a case to a desk's queue or takes it away.
DESK_OF_ACTION = {
    "case.opened": "intake",
    "case.triaged": "intake",
    "case.transferred": "intake",
    "case.arbitrated": "intake",
    # What a clerk on the telephone has to say, and whom to call back.
    "advisory.published": "intake",
    "advisory.amended": "intake",
    "advisory.ended": "intake",
    "advisory.withdrawn": "intake",
    "advisory.voice_added": "intake",
    "callback.asked": "intake",
    "callback.taken": "intake",
    "callback.released": "intake",
    "callback.tried": "intake",
    "callback.ended": "intake",
    "case.answered": "checking",
    "case.refusal_proposed": "checking",
    "case.result_upheld": "checking",
    "case.answer_approved": "checking",
    "case.answer_sent_back": "checking",
}
REVOKED = "session.revoked"

CONNECT_SECONDS = 60
MOST_TOPICS = 50


def is_topic(topic: str) -> bool:
    """Whether a text is a topic at all; may it be followed, queries.may_follow says."""
    kind, _, name = topic.partition(":")
    if kind == "wall":
        return topic == "wall"
    if kind == "desk":
        return name in DESKS
    return kind in OPEN_KINDS | STAFF_KINDS and 0 < len(name) <= 100


def is_staff_topic(topic: str) -> bool:
    """Whether a topic shows all of an entry's data."""
    return topic.partition(":")[0] in STAFF_KINDS


def open_topics(entry: JournalEntry) -> tuple[str, ...]:
    """The topics on which an entry appears with the white list only."""
    if entry.action not in OPEN_ACTIONS:
        return ()
    data = entry.data
    topics = [f"petition:{number}" for number in _texts(data, "petition", "petitions")]
    # Of a private petition the wall and its ward show nothing, not even that it moved.
    if data.get("public") is True:
        topics += ["wall", *(f"area:{code}" for code in _texts(data, "area"))]
    return tuple(topics)


def staff_topics(entry: JournalEntry) -> tuple[str, ...]:
    """The topics on which an entry appears with all its data."""
    topics = [f"case:{entry.subject.id}"] if entry.subject.kind == "case" else []
    topics += [f"unit:{code}" for code in dict.fromkeys(_texts(entry.data, *UNIT_KEYS, "units"))]
    desk = entry.data.get("desk") or DESK_OF_ACTION.get(entry.action)
    return (*topics, f"desk:{desk}") if desk in DESKS else tuple(topics)


def revoked_session(entry: JournalEntry) -> str:
    """The hash of the session that an entry ends; empty for all other entries."""
    return entry.subject.id if entry.action == REVOKED else ""


def shown(entry: JournalEntry, *, to_staff: bool) -> dict[str, Any]:
    """What a stream sends of an entry; the actor is never in it."""
    return {
        "position": entry.position,
        "at": instant(entry.at),
        "action": entry.action,
        "subject": entry.subject._asdict(),
        "data": _without_personal(entry.data) if to_staff else _white(entry.data),
    }


def frame(entry: JournalEntry, *, to_staff: bool) -> bytes:
    """The Server-Sent Event of an entry; its id is the position."""
    text = json.dumps(shown(entry, to_staff=to_staff), ensure_ascii=False, separators=(",", ":"))
    return f"id: {entry.position}\ndata: {text}\n\n".encode()


def gap(position: int) -> bytes:
    """The event that says: entries are missing here, fetch the page's data again (with jitter)."""
    return f'id: {position}\nevent: gap\ndata: {{"position":{position}}}\n\n'.encode()


@dataclass(frozen=True, slots=True)
class Grant:
    """Leave to follow `topics`; `session` is the hash by which a revocation finds the stream."""

    topics: tuple[str, ...]
    session: str
    issued: int
    expires: int


class GrantRefused(Exception):
    """A grant that is expired, tampered with, or not one."""


def new_grant(topics: Iterable[str], session: str, at: int) -> Grant:
    """A grant issued at an instant (Unix seconds), good for one minute to connect."""
    return Grant(tuple(topics), session, at, at + CONNECT_SECONDS)


def grant_key(secret: str) -> bytes:
    """The key that signs grants, derived from the server's secret for this purpose alone."""
    return hmac.digest(secret.encode(), b"thudo live grant", "sha256")


def signed(grant: Grant, key: bytes) -> str:
    """The token of a grant: payload and HMAC-SHA-256, each in URL-safe base64."""
    fields = [list(grant.topics), grant.session, grant.issued, grant.expires]
    payload = json.dumps(fields, separators=(",", ":")).encode()
    return f"{_to_text(payload)}.{_to_text(hmac.digest(key, payload, 'sha256'))}"


def read_grant(token: str, key: bytes, at: float) -> Grant:
    """The grant in a token; raises GrantRefused unless it is ours and not expired at `at`."""
    try:
        payload, signature = (_to_bytes(part) for part in token.split("."))
    except (ValueError, binascii.Error) as error:
        raise GrantRefused("not a grant") from error
    if not hmac.compare_digest(signature, hmac.digest(key, payload, "sha256")):
        raise GrantRefused("not signed by this server")
    topics, session, issued, expires = json.loads(payload)
    if at >= expires:
        raise GrantRefused("expired")
    return Grant(tuple(topics), session, issued, expires)


def _texts(data: Mapping[str, Any], *keys: str) -> list[str]:
    found: list[Any] = []
    for key in keys:
        value = data.get(key)
        found += value if isinstance(value, list) else [value]
    return [text for text in found if isinstance(text, str) and text]


def _white(data: Mapping[str, Any]) -> dict[str, Any]:
    # Only plain values: what is nested under a white key was never looked at.
    return {
        key: value
        for key, value in data.items()
        if key in OPEN_KEYS and not isinstance(value, dict | list)
    }


def _without_personal(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_personal(v) for k, v in value.items() if k not in PERSONAL}
    if isinstance(value, list):
        return [_without_personal(item) for item in value]
    return value


def _to_text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _to_bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
