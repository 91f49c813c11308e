"""A mail server for rehearsals (SMTP): keeps what it took, can be told to misbehave at DATA."""

import email
from email import policy
from email.message import EmailMessage

from thudo.connectors.dummy import Dummy, Line, Manner
from thudo.connectors.mail_out import MailServer


class MailOutDummy(Dummy):
    """`taken`: (from, to, mail) each time one was taken; `mailboxes`: each Message-ID once."""

    def __init__(self, seconds: float = 1.0) -> None:
        super().__init__(_Line, seconds)
        self.taken: list[tuple[str, str, EmailMessage]] = []

    @property
    def server(self) -> MailServer:
        """How to reach this dummy."""
        return MailServer("127.0.0.1", self.port, tls="none")

    @property
    def mailboxes(self) -> dict[str, EmailMessage]:
        return {mail["Message-ID"]: mail for _from, _to, mail in self.taken}

    def keep(self, sender: str, to: str, content: bytes) -> None:
        """A mail was handed over whole."""
        mail = email.message_from_bytes(content, policy=policy.default)
        self.taken.append((sender, to, mail))


class _Line(Line):
    """One connection: as much of SMTP as smtplib speaks."""

    def handle(self) -> None:
        self._sender, self._to = "", ""
        self._manner = self.server.dummy.manners.take()
        if self._manner is Manner.TIME_OUT:
            self.server.dummy.manners.wait()
            return
        self._say("220 dummy")
        while (line := self.rfile.readline().decode("utf-8", "replace").strip()) and self._do(line):
            pass

    def _do(self, line: str) -> bool:
        verb = line.split()[0].upper()
        if verb == "QUIT":
            self._say("221 bye")
            return False
        if verb == "DATA":
            return self._data()
        if verb in {"EHLO", "HELO"}:
            self._say("250-dummy\r\n250-8BITMIME\r\n250 SMTPUTF8")
        elif verb == "MAIL":
            self._sender = line.split(":", 1)[1].split(">")[0].strip(" <")
            self._say("250 ok")
        elif verb == "RCPT":
            self._to = line.split(":", 1)[1].split(">")[0].strip(" <")
            self._say(
                {Manner.REFUSE: "451 later", Manner.DECLINE: "550 never"}.get(
                    self._manner, "250 ok"
                )
            )
        else:
            self._say("250 ok")
        return True

    def _data(self) -> bool:
        self._say("354 go on")
        lines = []
        while (row := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(row[1:] if row.startswith(b"..") else row)
        dummy = self.server.dummy
        for _time in range(2 if self._manner is Manner.TWICE else 1):
            dummy.keep(self._sender, self._to, b"".join(lines))
        if self._manner is Manner.LOSE_REPLY:
            return False
        if self._manner is Manner.LATE:
            dummy.manners.wait()
        self._say("250 taken")
        return True

    def _say(self, text: str) -> None:
        try:
            self.wfile.write(f"{text}\r\n".encode())
        except OSError:
            # The caller gave up.
            return
