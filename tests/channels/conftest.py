"""The small town with its other doors open, each with a dummy at the other end."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from PIL import Image

from tests import town
from tests.town import MONDAY
from thudo.channels import jobs
from thudo.channels.actions import talking
from thudo.channels.queries import places
from thudo.channels.rules.talk import Spot
from thudo.connectors.city_app_dummy import CityAppDummy
from thudo.connectors.mail_in_dummy import MailInDummy
from thudo.connectors.mail_out_dummy import MailOutDummy
from thudo.connectors.sms_dummy import SmsDummy
from thudo.connectors.zalo_dummy import ZaloDummy

CITY = "report@city.example"
HOLE = "Vỉa hè trước cổng trường bị bong gạch lát, đi lại khó."
SQUARE = Spot(*town.TOWN_SQUARE, "w1", "1 High Street")


@dataclass
class Clock:
    """The time that the jobs and webhooks read."""

    at: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **length: float) -> None:
        self.at += timedelta(**length)


@dataclass
class Doors:
    """The town's doors; `run` lets the jobs do what there is to do."""

    clock: Clock = field(default_factory=Clock)
    mailbox: MailInDummy = field(default_factory=lambda: MailInDummy(seconds=0.5))
    mail: MailOutDummy = field(default_factory=lambda: MailOutDummy(seconds=0.5))
    sms: SmsDummy = field(default_factory=lambda: SmsDummy(seconds=0.5))
    zalo: ZaloDummy = field(default_factory=lambda: ZaloDummy(seconds=0.5))
    app: CityAppDummy = field(default_factory=lambda: CityAppDummy(seconds=0.5))

    def run(self) -> None:
        jobs.fetch_mail()
        self.read()

    def read(self) -> None:
        jobs.read_incoming()
        while jobs.send_outgoing():
            pass


@pytest.fixture
def doors(small_town: town.Cast, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Doors]:
    given = Doors()
    with given.mailbox, given.mail, given.sms, given.zalo, given.app:
        open_doors(given, settings)
        keep_time(given.clock, monkeypatch)
        yield given


def open_doors(given: Doors, settings: Any) -> None:
    box, server, oa = given.mailbox.account, given.mail.server, given.zalo.account
    settings.SMS_GATEWAY = given.sms.url
    settings.CHANNELS = {
        "MAIL_IN": f"imap+plain://{box.user}:{box.password}@{box.host}:{box.port}/INBOX",
        "MAIL_OUT": f"smtp+plain://{server.host}:{server.port}",
        "MAIL_ADDRESS": CITY, "SMS_SECRET": given.sms.secret, "ZALO_APP": oa.app_id,
        "ZALO_APP_SECRET": oa.app_secret, "ZALO_WEBHOOK_SECRET": oa.webhook_secret,
        "ZALO_API": oa.api, "ZALO_OAUTH": oa.oauth, "APP_PUSH": given.app.url,
        "APP_PUSH_SECRET": given.app.secret,
    }  # fmt: skip


def keep_time(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    from thudo.channels.views import app, doors, webhooks
    from thudo.connectors import http, mail_in, mail_out

    for module in (jobs, app, doors, webhooks):
        monkeypatch.setattr(module, "now", clock)
    # The dummies' patience is short; ours must be shorter.
    for module in (http, mail_in, mail_out):
        monkeypatch.setattr(module, "SECONDS", 0.25)
    for function in (mail_in.opened, mail_out.send, http.post_json, http.post_form, http.get):
        inner = getattr(function, "__wrapped__", function)
        monkeypatch.setitem(inner.__kwdefaults__, "seconds", 0.25)


@pytest.fixture
def located(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the town's map knows: one square; every text that names it lies there."""
    from thudo.channels.actions import importing, letters

    def spot_in(text: str) -> Spot:
        return SQUARE if "1 High Street" in text else Spot()

    for module in (talking, letters, importing, places):
        monkeypatch.setattr(module, "spot_in", spot_in)


def a_mail(
    text: str = f"{HOLE}\n1 High Street",
    *,
    key: str = "1",
    sender: str = "An <an@example.org>",
    subject: str = "",
    to: str = CITY,
    photos: int = 0,
    **headers: str,
) -> bytes:
    """A person's mail; underscores in names of headers stand for hyphens."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = f"<{key}@phone.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    for place in range(photos):
        mail.add_attachment(jpeg(place), maintype="image", subtype="jpeg", filename=f"{place}.jpg")
    return mail.as_bytes(policy=mail.policy.clone(linesep="\r\n"))


def jpeg(shade: int = 0) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), (90, 110, shade)).save(out, "JPEG")
    return out.getvalue()
