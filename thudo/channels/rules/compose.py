"""The mail that answers one: marked as a machine's, so that no other machine answers it (RFC 3834)."""

from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any


def answer_mail(
    content: Mapping[str, Any], *, address: str, name: str, at: datetime
) -> EmailMessage:
    """The mail of an outgoing message: `content` has to, subject, text, id, in_reply_to,
    references and reply_to. The same content makes the same Message-ID each time."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(name, addr_spec=address)
    mail["To"] = content["to"]
    mail["Subject"] = _line(content["subject"])
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = content["id"]
    mail["Reply-To"] = content["reply_to"]
    for header, key in (("In-Reply-To", "in_reply_to"), ("References", "references")):
        if content.get(key):
            mail[header] = _line(content[key])
    mail["Auto-Submitted"] = "auto-replied"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(content["text"], cte="quoted-printable")
    return mail


def _line(text: str) -> str:
    return " ".join(text.split())
