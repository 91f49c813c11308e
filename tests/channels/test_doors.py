"""How the doors do, and a second chance for what waits there."""

import pytest
from django.test import Client

from tests.channels.conftest import Doors, a_mail
from thudo.accounts.models import Holding, User
from thudo.channels import actions, jobs
from thudo.channels.models import Conversation, Door, Incoming, Outgoing
from thudo.channels.queries import settings as doors_of
from thudo.connectors.dummy import Manner
from thudo.petitions.models import Petition

pytestmark = pytest.mark.usefixtures("located")


@pytest.fixture
def clerk(doors: Doors) -> Client:
    user = User.objects.create(username="giang", display_name="Giang")
    Holding.objects.create(user=user, post_id="desk/intake", starts_at=doors.clock.at)
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(user)
    return browser


def page(clerk: Client) -> str:
    return " ".join(clerk.get("/channels").content.decode().split())


def test_a_door_that_fails_says_so_without_its_secrets(doors: Doors, clerk: Client) -> None:
    doors.mailbox.manners.next(Manner.DECLINE)
    doors.run()

    told = page(clerk)

    assert "Asks for a person" in told
    assert "it refused the command" in told
    assert doors.mailbox.account.password not in told
    doors.clock.forward(minutes=1)
    doors.run()
    assert "Asks for a person" not in page(clerk)


def test_what_was_refused_is_sent_when_staff_say_so(doors: Doors, clerk: Client) -> None:
    doors.mailbox.deliver(a_mail())
    doors.mail.manners.next(Manner.DECLINE)
    doors.run()
    assert "Try what waits again now" in page(clerk)

    clerk.post("/channels/mail/retries")
    doors.read()

    assert Outgoing.objects.get().state == "sent"
    assert len(doors.mail.taken) == 1


def test_what_was_held_is_read_when_staff_say_so(
    doors: Doors, clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from thudo.channels.actions import incoming

    monkeypatch.setattr(incoming, "MOST_MATTERS", 1)
    doors.mailbox.deliver(a_mail(key="1"))
    doors.mailbox.deliver(a_mail(key="2"))
    doors.run()
    assert Petition.objects.count() == 1

    clerk.post("/channels/mail/retries")
    doors.read()

    assert Petition.objects.count() == 2


def test_what_a_machine_wrote_is_forgotten_after_a_month(doors: Doors) -> None:
    doors.mailbox.deliver(a_mail(Precedence="bulk"))
    doors.run()
    jobs.forget_contents()
    assert Incoming.objects.get().sealed is not None

    doors.clock.forward(days=31)
    jobs.forget_contents()

    assert Incoming.objects.get().sealed is None


def test_a_message_that_cannot_be_read_waits_for_a_person_at_last(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    from thudo.channels.actions import incoming

    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setitem(incoming._READERS, "mail", broken)
    doors.mailbox.deliver(a_mail())
    doors.run()
    for _time in range(12):
        doors.clock.forward(hours=1)
        jobs.read_incoming()

    row = Incoming.objects.get()
    assert (row.state, row.sealed is None) == ("stuck", False)


def test_what_cannot_be_sent_keeps_nobody_waiting(doors: Doors) -> None:
    actions.put_out("sms", "broken", {"nobody": "?"}, at=doors.clock.at)
    actions.put_out("sms", "whole", {"to": "0900000000", "text": "Xin chao"}, at=doors.clock.at)

    doors.read()

    assert Outgoing.objects.get(key="whole").state == "sent"
    for _time in range(12):
        doors.clock.forward(hours=1)
        doors.read()
    assert Outgoing.objects.get(key="broken").state == "dropped"


def test_a_conversation_that_cannot_be_filed_keeps_nobody_waiting(doors: Doors) -> None:
    for peer, sealed in ((b"a", b"no seal"), (b"b", b"none")):
        Conversation.objects.create(
            door="sms", peer=peer, key_id="1", sealed=sealed, is_open=peer == b"a",
            expires_at=doors.clock.at,
        )  # fmt: skip

    jobs.end_conversations()

    assert bytes(Conversation.objects.get().peer) == b"a"
    assert Conversation.objects.get().expires_at > doors.clock.at


@pytest.mark.parametrize("address", ["imaps://", "http://x/", "x", "imaps://h:port/"])
def test_a_setting_that_is_no_address_is_told_by_its_name_alone(
    address: str, settings: object
) -> None:
    settings.CHANNELS = {"MAIL_IN": address + "?password=secret"}  # type: ignore[attr-defined]
    with pytest.raises(doors_of.SettingUnreadable, match="THUDO_MAIL_IN") as told:
        doors_of.mail_account()
    assert "secret" not in str(told.value)


def test_secrets_are_kept_sealed(doors: Doors) -> None:
    from thudo.channels.actions import keep_tokens
    from thudo.connectors.zalo import Tokens

    keep_tokens("zalo", Tokens("access", "refresh", 60), at=doors.clock.at)

    assert b"refresh" not in bytes(Door.objects.get(name="zalo").sealed or b"")
