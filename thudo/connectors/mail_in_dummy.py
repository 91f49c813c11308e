"""A mailbox for rehearsals (IMAP4rev1, as much as mail_in.py speaks), on a real socket."""

import re

from thudo.connectors.dummy import Dummy, Line, Manner
from thudo.connectors.mail_in import MailAccount

_PASSWORD = "dummy"  # noqa: S105


class MailInDummy(Dummy):
    """`mails`: uid -> bytes; change `validity` to let the server forget its UIDs."""

    def __init__(self, seconds: float = 1.0) -> None:
        super().__init__(_Line, seconds)
        self.mails: dict[int, bytes] = {}
        self.validity = 1
        # UIDs whose FETCH is answered NO, as while the server's store is down.
        self.unready: set[int] = set()
        self.fetched: list[int] = []

    @property
    def account(self) -> MailAccount:
        """How to reach this dummy."""
        return MailAccount("127.0.0.1", self.port, "city", _PASSWORD, "none")

    def deliver(self, content: bytes) -> int:
        """A mail arrives; its UID."""
        uid = max(self.mails, default=0) + 1
        self.mails[uid] = content
        return uid

    def renumber(self) -> None:
        """As after a restored backup: other UIDs under another UIDVALIDITY."""
        self.validity += 1
        self.mails = {uid + 100: content for uid, content in self.mails.items()}


class _Line(Line):
    """One connection. The manner counts from the first FETCH of a mail on (refusals: at LOGIN)."""

    def handle(self) -> None:
        self._dummy = self.server.dummy
        self._manner = self._dummy.manners.take()
        if self._manner is Manner.TIME_OUT:
            self._dummy.manners.wait()
            return
        self._say(b"* OK dummy")
        try:
            while line := self.rfile.readline().strip():
                if not self._do(*line.split(b" ", 2)):
                    return
        except OSError:
            return

    def _do(self, tag: bytes, verb: bytes, rest: bytes = b"") -> bool:
        verb = verb.upper()
        if verb == b"LOGIN":
            return self._login(tag, rest)
        if verb == b"CAPABILITY":
            self._say(b"* CAPABILITY IMAP4rev1")
        elif verb in {b"EXAMINE", b"SELECT"}:
            self._say(b"* %d EXISTS" % len(self._dummy.mails))
            self._say(b"* OK [UIDVALIDITY %d] ok" % self._dummy.validity)
        elif verb == b"LOGOUT":
            self._say(b"* BYE")
            self._say(tag + b" OK")
            return False
        elif verb == b"UID" and self._is_unready(rest):
            self._say(tag + b" NO [SERVERBUG] later")
            return True
        elif verb == b"UID" and not self._uid(*rest.split(b" ", 2)):
            return False
        self._say(tag + b" OK done")
        return True

    def _login(self, tag: bytes, rest: bytes) -> bool:
        if self._manner is Manner.REFUSE:
            self._say(b"* BYE too many lines")
            return False
        is_right = _PASSWORD.encode() in rest and self._manner is not Manner.DECLINE
        self._say(tag + (b" OK in" if is_right else b" NO [AUTHENTICATIONFAILED] wrong"))
        return True

    def _uid(self, verb: bytes, what: bytes, more: bytes = b"") -> bool:
        if verb.upper() == b"SEARCH":
            self._say(b"* SEARCH" + b"".join(b" %d" % uid for uid in self._found(more or what)))
            return True
        return self._fetch(int(what), more)

    def _is_unready(self, rest: bytes) -> bool:
        verb, what, *_more = rest.split(b" ", 2)
        return verb.upper() == b"FETCH" and int(what) in self._dummy.unready

    def _found(self, span: bytes) -> list[int]:
        first = int(span.rsplit(b" ", 1)[-1].split(b":")[0])
        found = sorted(uid for uid in self._dummy.mails if uid >= first)
        found = found or sorted(self._dummy.mails)[-1:]
        return found * 2 if self._manner is Manner.TWICE else found

    def _fetch(self, uid: int, items: bytes) -> bool:
        content = self._dummy.mails.get(uid)
        if content is None:
            return True
        if self._manner is Manner.LATE:
            self._dummy.manners.wait()
        span = re.search(rb"<0\.(\d+)>", items)
        part = content[: int(span[1])] if span else content
        self.wfile.write(b"* 1 FETCH (UID %d BODY[]<0> {%d}\r\n" % (uid, len(part)))
        if self._manner is Manner.LOSE_REPLY:
            self.wfile.write(part[: len(part) // 2])
            return False
        self.wfile.write(part + b")\r\n")
        self._dummy.fetched.append(uid)
        return True

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")
