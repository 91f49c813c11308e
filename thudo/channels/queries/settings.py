"""The doors that the settings open (docs/running/channels.md); None for one that stays shut."""

from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings

from thudo.channels.rules import APP, MAIL, SMS, ZALO
from thudo.channels.rules.talk import Words
from thudo.connectors.city_app import App
from thudo.connectors.mail_in import MailAccount
from thudo.connectors.mail_out import MailServer
from thudo.connectors.openid import Provider
from thudo.connectors.sms import Gateway
from thudo.connectors.zalo import API, OAUTH, Account
from thudo.directory.queries import directory

_IMAP = {"imaps": ("ssl", 993), "imap": ("starttls", 143), "imap+plain": ("none", 143)}
_SMTP = {"smtps": ("ssl", 465), "smtp": ("starttls", 587), "smtp+plain": ("none", 25)}


class SettingUnreadable(Exception):
    """An address in the settings is not in the form; the text names the setting, not its value."""


def mail_account() -> MailAccount | None:
    """The mailbox to read: imaps://user:password@host/FOLDER."""
    parts = _address("MAIL_IN", _IMAP)
    if parts is None:
        return None
    tls, port = _IMAP[parts.scheme]
    return MailAccount(
        parts.hostname or "", parts.port or port, unquote(parts.username or ""),
        unquote(parts.password or ""), tls, unquote(parts.path.strip("/")) or "INBOX",
    )  # fmt: skip


def mail_server() -> MailServer | None:
    """The mail server for answers: smtp://user:password@host."""
    parts = _address("MAIL_OUT", _SMTP)
    if parts is None or not mail_address():
        return None
    tls, port = _SMTP[parts.scheme]
    return MailServer(
        parts.hostname or "", parts.port or port, unquote(parts.username or ""),
        unquote(parts.password or ""), tls,
    )  # fmt: skip


def mail_address() -> str:
    """The address that people write to."""
    return _given("MAIL_ADDRESS").lower()


def zalo_account() -> Account | None:
    """The app of the Official Account."""
    if not (_given("ZALO_APP") and _given("ZALO_WEBHOOK_SECRET")):
        return None
    return Account(
        _given("ZALO_APP"), _given("ZALO_APP_SECRET"), _given("ZALO_WEBHOOK_SECRET"),
        _given("ZALO_API") or API, _given("ZALO_OAUTH") or OAUTH,
    )  # fmt: skip


def sms_secret() -> str:
    """By which the gateway signs what it brings; "" while the door is shut."""
    return _given("SMS_SECRET")


def sms_gateway() -> Gateway | None:
    """Where short messages go out."""
    url = settings.SMS_GATEWAY
    return Gateway(url, sms_secret()) if url and sms_secret() else None


def city_app() -> App | None:
    """Where changes are told to the app that people know."""
    url = _given("APP_PUSH")
    return App(url, _given("APP_PUSH_SECRET")) if url else None


def provider() -> Provider | None:
    """Who vouches for people that come through the app."""
    issuer, client = _given("APP_ISSUER"), _given("APP_CLIENT")
    if not (issuer and client):
        return None
    return Provider(issuer, client, _given("APP_SECRET"))


def open_doors() -> list[str]:
    """The doors that the settings open, in their fixed order."""
    found = {
        MAIL: mail_account() is not None, ZALO: zalo_account() is not None,
        SMS: bool(sms_secret()), APP: city_app() is not None,
    }  # fmt: skip
    return [door for door, is_open in found.items() if is_open]


def keywords() -> Words:
    """The words that begin a message with a meaning of its own (pack: city.toml, channels)."""
    given = directory().city.get("channels", {})
    return Words(*(tuple(given.get(name, ())) for name in ("track", "fresh", "skip", "stop")))


def _given(name: str) -> str:
    return str(settings.CHANNELS.get(name, ""))


def _address(name: str, schemes: dict[str, tuple[str, int]]) -> SplitResult | None:
    text = _given(name)
    if not text:
        return None
    try:
        parts = urlsplit(text)
        is_right = parts.scheme in schemes and parts.hostname and (parts.port or 1)
    except ValueError:
        is_right = False
    if not is_right:
        raise SettingUnreadable(f"THUDO_{name} is no address such as {next(iter(schemes))}://…")
    return parts
