"""Hands mails to a mail server by SMTP (RFC 5321).

A server whose answer to DATA is lost may have taken the mail: it is sent again with the same
Message-ID, by which mailboxes know it for the same.
"""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage

from thudo.connectors.failures import Declined, Unavailable

SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class MailServer:
    """`tls`: "starttls" (587), "ssl" (465) or "none" (a closed network); `user` may be ""."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    tls: str = "starttls"


def send(
    server: MailServer, message: EmailMessage, *, to: str, bounces_to: str, seconds: float = SECONDS
) -> None:
    """Send one mail to one person; `bounces_to` "" for one that nobody shall answer by machine."""
    try:
        with _connected(server, seconds) as line:
            if server.user:
                line.login(server.user, server.password)
            line.send_message(message, from_addr=bounces_to, to_addrs=[to])
    except smtplib.SMTPRecipientsRefused as refused:
        code = next(iter(refused.recipients.values()), (450, b""))[0]
        raise _meaning(code) from refused
    except smtplib.SMTPResponseException as refused:
        raise _meaning(refused.smtp_code) from refused
    except (OSError, smtplib.SMTPException) as broken:
        raise Unavailable(type(broken).__name__) from broken


def _connected(server: MailServer, seconds: float) -> smtplib.SMTP:
    if server.tls == "ssl":
        safe = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=seconds, context=safe)
    line = smtplib.SMTP(server.host, server.port, timeout=seconds)
    if server.tls != "none":
        line.starttls(context=ssl.create_default_context())
    return line


def _meaning(code: int) -> Declined | Unavailable:
    """5xx about a mail is final; a wrong password (535, 530) is ours to mend, so the mail waits."""
    if 500 <= code < 600 and code not in {530, 534, 535, 538}:
        return Declined(f"it answered {code}")
    return Unavailable(f"it answered {code}")
