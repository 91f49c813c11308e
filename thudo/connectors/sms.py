"""An SMS gateway by HTTP, in the form that most of them can be set to.

In:  POST to us  {"id", "from", "text", "time"}, header X-Signature: sha256=HMAC(secret, body)
Out: POST to it  {"id", "to", "text"}, the same header, and the id as Idempotency-Key
"""

import json
import re
from dataclasses import dataclass

from thudo.connectors import http, signing

_NUMBER = re.compile(r"^\+?[0-9]{3,15}$")
_LONGEST = 4000


class Unreadable(ValueError):
    """What came is not in the agreed form."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where to send; `secret` signs both ways."""

    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class Message:
    """One short message as it came; `id` is the gateway's and names it for ever."""

    id: str
    sender: str
    text: str


def read(body: bytes) -> Message:
    """The message in a signed body; raises Unreadable."""
    try:
        given = json.loads(body)
        message = Message(str(given["id"]), str(given["from"]), str(given["text"]))
    except (ValueError, KeyError, TypeError, RecursionError) as broken:
        raise Unreadable("it needs id, from and text") from broken
    if not message.id or len(message.id) > 200 or len(message.text) > _LONGEST:
        raise Unreadable("its id or text is empty or too long")
    if not _NUMBER.match(message.sender):
        raise Unreadable("its sender is no number")
    return message


def send(gateway: Gateway, *, key: str, to: str, text: str, seconds: float = http.SECONDS) -> None:
    """Send one message; the gateway sends the same key once."""
    message = {"to": to, "text": text}
    signing.post(gateway.url, message, secret=gateway.secret, key=key, seconds=seconds)
