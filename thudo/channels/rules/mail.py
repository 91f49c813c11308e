"""A mail as it came, read into what a person said (RFC 5322, 2045-2049, 3676, 3834). Pure.

Anybody may send anything: whatever the bytes are, a Letter comes out.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses

from thudo.channels.rules.quotes import own_words, text_of_html

MOST_FILES = 10
# Pictures in a signature are logos; a photo is never this small.
_LOGO_BYTES = 10_000
_TAKEN = frozenset({"image/jpeg", "image/png", "image/webp", "application/pdf"})
_ADDRESS = re.compile(r"^[^@\s<>\"(),;:]+@[^@\s<>\"(),;:]+$")
_MACHINES = frozenset({
    "mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "do-not-reply", "bounce",
    "bounces",
})  # fmt: skip
_LONGEST_ID = 500


@dataclass(frozen=True, slots=True)
class Enclosed:
    """An attachment: the name its sender gave it (for sentences only) and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says. `answer_to`: where an answer may go, "" for nowhere; `addresses`: all that
    it was sent to; `references`: ids of mails it answers, newest first; `why_automatic`: the header
    that says a machine wrote it; `left_out`: names of attachments that no kind allows."""

    sender: str
    name: str
    subject: str
    text: str
    id: str
    answer_to: str
    addresses: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    why_automatic: str = ""
    files: tuple[Enclosed, ...] = ()
    left_out: tuple[str, ...] = field(default=())


def mail_key(content: bytes) -> str:
    """What names a mail: the same for a copy that came over another way, other for other words."""
    try:
        head = message_from_bytes(content, policy=policy.compat32)
        named = ("Message-ID", "From", "Date", "Subject")
        parts = [str(head.get(name, "")).strip() for name in named]
    except Exception:
        # Parts within parts past the parser's depth: the mail is kept all the same.
        return hashlib.sha256(content).hexdigest()
    _head, _sep, body = content.partition(b"\r\n\r\n")
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape"))
    digest.update(body or content)
    return digest.hexdigest()


def sender_of(content: bytes) -> str:
    """The address in From, lower case; "" when it holds none or the mail is past reading."""
    try:
        return _sender(_parsed(content))[1]
    except Exception:
        return ""


def read_letter(content: bytes) -> Letter:
    """Read a mail. Never raises: what cannot be read is left out."""
    try:
        return _letter(_parsed(content))
    except Exception:
        # The parser stumbles over what nobody foresaw: a person may have written it all the same,
        # so its bytes are the text, and nobody is answered.
        found = _BARE.search(content)
        sender = found[1].decode("ascii").lower() if found else ""
        text = own_words(content[:20_000].decode("utf-8", "replace").replace("\0", ""))
        return Letter(sender, "", "", text, "", "", why_automatic="" if sender else "From")


_BARE = re.compile(rb"^From:[^\r\n]*?([a-z0-9._%+-]+@[a-z0-9.-]+)", re.IGNORECASE | re.MULTILINE)


def _letter(mail: EmailMessage) -> Letter:
    name, sender = _sender(mail)
    why = _why_automatic(mail, sender)
    files, left_out = _files(mail)
    return Letter(
        sender=sender, name=name, subject=_header(mail, "Subject")[:300], text=_text(mail),
        id=_ids(mail, "Message-ID")[:1][0] if _ids(mail, "Message-ID") else "",
        answer_to="" if why else _answer_to(mail, sender),
        addresses=_all_addresses(mail),
        references=tuple(dict.fromkeys((*_ids(mail, "In-Reply-To"), *reversed(_ids(mail, "References"))))),
        why_automatic=why, files=files, left_out=left_out,
    )  # fmt: skip


def _parsed(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=policy.default)


def _header(mail: EmailMessage, name: str) -> str:
    """A header's text on one line; "" when it is absent or past reading."""
    try:
        found = mail.get(name)
        return _printable(str(found)) if found is not None else ""
    except Exception:
        return ""


def _addresses(mail: EmailMessage, *names: str) -> list[tuple[str, str]]:
    texts = [_header(mail, name) for name in names]
    try:
        pairs = getaddresses([text for text in texts if text])
    except (ValueError, IndexError):
        return []
    return [
        (name.strip(), one.strip().lower())
        for name, one in pairs
        if _ADDRESS.match(one.strip()) and one.isprintable()
    ]


def _sender(mail: EmailMessage) -> tuple[str, str]:
    found = _addresses(mail, "From")
    name, address = found[0] if found else ("", "")
    return ("" if "@" in name else _printable(name)[:120]), address[:200]


def _all_addresses(mail: EmailMessage) -> tuple[str, ...]:
    found = _addresses(mail, "To", "Cc", "Delivered-To", "X-Original-To")
    return tuple(dict.fromkeys(address for _name, address in found))[:50]


def _answer_to(mail: EmailMessage, sender: str) -> str:
    wished = _addresses(mail, "Reply-To")
    # Several, or none: the sender himself. A list's address is no person.
    return wished[0][1][:200] if len(wished) == 1 else sender


def _ids(mail: EmailMessage, name: str) -> list[str]:
    return [text[:_LONGEST_ID] for text in re.findall(r"<[^<>\s]+>", _header(mail, name))][-30:]


def _why_automatic(mail: EmailMessage, sender: str) -> str:
    """The header by which a machine wrote this (RFC 3834 and what is in use), "" for a person."""
    if not sender:
        return "From"
    if sender.split("@")[0] in _MACHINES:
        return "From"
    if _header(mail, "Auto-Submitted").lower().split(";")[0].strip() not in {"", "no"}:
        return "Auto-Submitted"
    if _header(mail, "Precedence").lower() in {"bulk", "junk", "list", "auto_reply"}:
        return "Precedence"
    if mail.get_content_type() in {"multipart/report", "message/delivery-status"}:
        return "Content-Type"
    if _header(mail, "Return-Path") == "<>":
        return "Return-Path"
    named = (
        "List-Id", "List-Unsubscribe", "List-Post", "List-Help", "X-Autoreply", "X-Autorespond",
        "X-Auto-Response-Suppress", "X-Loop", "Feedback-ID",
    )  # fmt: skip
    return next((name for name in named if _header(mail, name)), "")


def _text(mail: EmailMessage) -> str:
    """The person's own words: the plain part, else the HTML one as text; quotes cut."""
    plain, html = "", ""
    for part in _leaves(mail):
        kind = part.get_content_type()
        if part.get_content_disposition() == "attachment" or kind not in {
            "text/plain",
            "text/html",
        }:
            continue
        text = _decoded(part)
        if kind == "text/plain":
            plain = f"{plain}\n{text}" if plain else text
        elif not html:
            html = text
    return own_words(plain if plain.strip() else text_of_html(html))


def _decoded(part: EmailMessage) -> str:
    content = _bytes(part)
    named = part.get_content_charset("utf-8") or "utf-8"
    # Phones of the region write either; a wrong name of a charset must not lose the words.
    for charset in (named, "utf-8", "cp1258"):
        try:
            return content.decode(charset).replace("\0", "")
        except (LookupError, ValueError):
            continue
    return content.decode("utf-8", "replace").replace("\0", "")


def _files(mail: EmailMessage) -> tuple[tuple[Enclosed, ...], tuple[str, ...]]:
    files: list[Enclosed] = []
    left_out: list[str] = []
    for part in _leaves(mail):
        kind, named = part.get_content_type(), _name(part)
        is_attached = part.get_content_disposition() == "attachment" or bool(named)
        if kind in {"text/plain", "text/html"} and not is_attached:
            continue
        content = _bytes(part)
        if kind not in _TAKEN and not _looks_taken(content):
            if is_attached and kind not in {"text/calendar", "application/pgp-signature"}:
                left_out.append(named or kind)
        elif len(files) == MOST_FILES:
            left_out.append(named or kind)
        elif is_attached_photo(part, content):
            files.append(Enclosed(named or kind, content))
    return tuple(files), tuple(left_out[:MOST_FILES])


def is_attached_photo(part: EmailMessage, content: bytes) -> bool:
    """Whether a picture was sent for its own sake: not a logo that the text shows."""
    is_shown = part.get_content_disposition() != "attachment" and part.get("Content-ID") is not None
    return not (is_shown and len(content) < _LOGO_BYTES)


def _looks_taken(content: bytes) -> bool:
    """A photo under a wrong name (application/octet-stream) is still a photo."""
    return content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-")) or (
        content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    )


def _bytes(part: EmailMessage) -> bytes:
    try:
        found = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError, TypeError):
        return b""
    return found if isinstance(found, bytes) else b""


def _name(part: EmailMessage) -> str:
    try:
        name = part.get_filename() or ""
    except Exception:
        return ""
    return _printable(str(name))[:80]


def _printable(text: str) -> str:
    """One line, without what no eye sees and no table takes."""
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())


def _leaves(mail: EmailMessage) -> Iterator[EmailMessage]:
    """Parts that hold something; a forwarded mail counts as one, and is not entered."""
    waiting, count = [mail], 0
    while waiting and count < 200:
        part = waiting.pop(0)
        count += 1
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            inner = part.get_payload()
            waiting[:0] = [one for one in inner if isinstance(one, EmailMessage)]
        else:
            yield part
