"""Reads a mailbox by IMAP4rev1 (RFC 3501). Looks only: nothing is marked, moved or deleted.

A mail is named by its UID within the mailbox's UIDVALIDITY: UIDs only grow as long as that stays.
"""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from thudo.connectors.failures import Declined, Unavailable

SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class MailAccount:
    """Where a mailbox is. `tls`: "ssl" (993), "starttls" (143) or "none" (a closed network)."""

    host: str
    port: int
    user: str
    password: str
    tls: str = "ssl"
    folder: str = "INBOX"


@dataclass(frozen=True, slots=True)
class Fetched:
    """One mail as it lies there; `is_cut`: it is as large as was asked for, so more may follow."""

    uid: int
    content: bytes
    is_cut: bool


@contextmanager
def opened(account: MailAccount, *, seconds: float = SECONDS) -> Iterator["Mailbox"]:
    """The mailbox, open for reading. Declined when it knows the user not; else Unavailable."""
    with _translated():
        line = _connected(account, seconds)
    try:
        with _translated():
            _signed_in(line, account)
            box = Mailbox(line, _validity(line, account.folder))
        yield box
    finally:
        _leave(line)


class Mailbox:
    """`validity`: the UIDVALIDITY under which the UIDs hold."""

    def __init__(self, line: imaplib.IMAP4, validity: int) -> None:
        self._line = line
        self.validity = validity

    def uids_after(self, uid: int) -> list[int]:
        """UIDs larger than `uid`, growing, each once."""
        with _translated():
            kind, found = self._line.uid("SEARCH", f"UID {uid + 1}:*")
        _need_ok(kind)
        listed = b" ".join(part for part in found if isinstance(part, bytes)).split()
        # "n:*" always names the last mail, also when it is older than n (RFC 3501, 6.4.8).
        return sorted({number for number in map(int, listed) if number > uid})

    def fetch(self, uid: int, *, limit: int) -> Fetched | None:
        """At most `limit` bytes of a mail; None when somebody deleted it meanwhile.

        A literal comes whole or the line breaks; RFC822.SIZE is not asked, since some servers
        guess it.
        """
        with _translated():
            kind, found = self._line.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{limit}>)")
        _need_ok(kind)
        content = next((row[1] for row in found if isinstance(row, tuple)), None)
        return None if content is None else Fetched(uid, content, is_cut=len(content) >= limit)


def _need_ok(kind: str) -> None:
    """NO is "not now" (a store that is down), never "there is none"."""
    if kind != "OK":
        raise Unavailable("it did not carry out the command")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except imaplib.IMAP4.abort as broken:
        raise Unavailable("the line broke") from broken
    except imaplib.IMAP4.error as refused:
        # Its text may repeat the command, and so the password.
        raise Declined("it refused the command") from refused
    except (OSError, ValueError) as broken:
        raise Unavailable(type(broken).__name__) from broken


def _connected(account: MailAccount, seconds: float) -> imaplib.IMAP4:
    if account.tls == "ssl":
        safe = ssl.create_default_context()
        return imaplib.IMAP4_SSL(account.host, account.port, ssl_context=safe, timeout=seconds)
    line = imaplib.IMAP4(account.host, account.port, timeout=seconds)
    if account.tls != "none":
        line.starttls(ssl_context=ssl.create_default_context())
    return line


def _signed_in(line: imaplib.IMAP4, account: MailAccount) -> None:
    line.login(account.user, account.password)


def _validity(line: imaplib.IMAP4, folder: str) -> int:
    kind, _count = line.select(f'"{folder}"', readonly=True)
    if kind != "OK":
        raise Declined("it has no such folder")
    _name, found = line.response("UIDVALIDITY")
    if not found or not isinstance(found[0], bytes):
        raise Unavailable("it names no UIDVALIDITY")
    return int(found[0])


def _leave(line: imaplib.IMAP4) -> None:
    try:
        line.logout()
    except (imaplib.IMAP4.error, OSError):
        line.shutdown()
