"""Each connector against its dummy on a real socket, in each of the neighbour's bad manners.

The contract: whatever happens, the connector answers, or raises Unavailable (ask again with the
same key) or Declined; asked again with the same key, the thing was done once.
"""

from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any

import pytest

from thudo.connectors import city_app, mail_in, mail_out, sms, zalo
from thudo.connectors.city_app_dummy import CityAppDummy
from thudo.connectors.dummy import Manner
from thudo.connectors.failures import Declined, Unavailable
from thudo.connectors.mail_in_dummy import MailInDummy
from thudo.connectors.mail_out_dummy import MailOutDummy
from thudo.connectors.sms_dummy import SmsDummy
from thudo.connectors.zalo_dummy import ZaloDummy

PATIENCE = 0.15
BAD = [Manner.TIME_OUT, Manner.REFUSE, Manner.TWICE, Manner.LATE, Manner.LOSE_REPLY]
# It was not told in time, so it is asked again.
UNKNOWN = {Manner.TIME_OUT, Manner.REFUSE, Manner.LATE, Manner.LOSE_REPLY}
Attempt = Callable[[], object]


def a_mail() -> EmailMessage:
    mail = EmailMessage()
    mail["Message-ID"], mail["From"], mail["To"] = "<1@city>", "city@example.org", "an@example.org"
    mail.set_content("Đã nhận\n.một dòng bắt đầu bằng dấu chấm")
    return mail


@pytest.fixture(params=["sms", "city_app", "mail_out"])
def neighbour(request: pytest.FixtureRequest) -> Iterator[tuple[Any, Attempt, Callable[[], int]]]:
    """(dummy, one attempt under one key, how often the thing was done)"""
    if request.param == "sms":
        with SmsDummy() as gateway:
            where = sms.Gateway(gateway.url, gateway.secret)
            yield (
                gateway,
                lambda: sms.send(where, key="k", to="0912", text="Đã nhận", seconds=PATIENCE),
                lambda: len(gateway.sent),
            )
    elif request.param == "city_app":
        with CityAppDummy() as app:
            to = city_app.App(app.url, app.secret)
            yield (
                app,
                lambda: city_app.push(to, {"state": "resolved"}, key="k", seconds=PATIENCE),
                lambda: len(app.changes),
            )
    else:
        with MailOutDummy() as server:

            def send() -> None:
                mail_out.send(
                    server.server, a_mail(), to="an@example.org", bounces_to="", seconds=PATIENCE
                )

            yield server, send, lambda: len(server.mailboxes)


@pytest.mark.parametrize("manner", BAD, ids=lambda m: m.value)
def test_asked_again_with_the_same_key_it_is_done_once(
    neighbour: tuple[Any, Attempt, Callable[[], int]], manner: Manner
) -> None:
    dummy, attempt, done = neighbour
    dummy.manners.next(manner)

    if manner in UNKNOWN:
        with pytest.raises(Unavailable):
            attempt()
        attempt()
    else:
        attempt()

    assert done() == 1


def test_a_refusal_for_good_is_told_from_a_later(
    neighbour: tuple[Any, Attempt, Callable[[], int]],
) -> None:
    dummy, attempt, done = neighbour
    dummy.manners.next(Manner.DECLINE)

    with pytest.raises(Declined):
        attempt()

    assert done() == 0


def test_a_neighbour_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        sms.send(sms.Gateway("http://127.0.0.1:9/", "s"), key="k", to="1", text="x")
    with pytest.raises(Unavailable):
        mail_out.send(
            mail_out.MailServer("127.0.0.1", 9, tls="none"), a_mail(), to="a@b.c", bounces_to=""
        )


@pytest.mark.parametrize("manner", [None, *BAD], ids=lambda m: m.value if m else "well")
def test_zalo_sends_again_what_was_not_answered(manner: Manner | None) -> None:
    with ZaloDummy() as oa:
        oa.manners.next(*([manner] if manner else []))

        def attempt() -> str:
            return zalo.send_text(oa.account, oa.access, to="u1", text="Chào", seconds=PATIENCE)

        if manner in UNKNOWN:
            with pytest.raises(Unavailable):
                attempt()
        assert attempt()

        # Zalo knows no key of ours: only here may a person read the same sentence twice.
        assert set(oa.sent) == {("u1", "Chào")}


def test_zalo_renews_its_tokens_once_each() -> None:
    with ZaloDummy() as oa:
        with pytest.raises(zalo.TokenRefused):
            zalo.send_text(oa.account, "old", to="u1", text="Chào")
        found = zalo.refresh(oa.account, "refresh-0")
        with pytest.raises(Declined):
            zalo.refresh(oa.account, "refresh-0")

        assert zalo.send_text(oa.account, found.access, to="u1", text="Chào") == "m1"


@pytest.mark.parametrize("manner", [None, *BAD], ids=lambda m: m.value if m else "well")
def test_a_mailbox_is_read_whole_or_again(manner: Manner | None) -> None:
    with MailInDummy(seconds=0.6) as box:
        box.deliver(b"Subject: 1\r\n\r\n" + b"x" * 3000)
        box.manners.next(*([manner] if manner else []))

        def read() -> list[bytes]:
            with mail_in.opened(box.account, seconds=PATIENCE) as line:
                found = [line.fetch(uid, limit=10_000) for uid in line.uids_after(0)]
            return [one.content for one in found if one]

        if manner in UNKNOWN:
            with pytest.raises(Unavailable):
                read()

        assert read() == [box.mails[1]]


def test_a_mailbox_names_only_newer_mails_and_cuts_huge_ones() -> None:
    with MailInDummy() as box:
        box.deliver(b"Subject: 1\r\n\r\nfirst")
        box.deliver(b"Subject: 2\r\n\r\n" + b"y" * 500)
        with mail_in.opened(box.account) as line:
            assert line.uids_after(2) == []
            assert line.uids_after(1) == [2]
            cut = line.fetch(2, limit=100)
            assert cut
            assert cut.is_cut
            assert len(cut.content) == 100
            assert line.fetch(9, limit=100) is None


def test_a_wrong_password_is_declined_and_not_told() -> None:
    with MailInDummy() as box:
        box.manners.next(Manner.DECLINE)
        with pytest.raises(Declined) as told, mail_in.opened(box.account):
            pass
        assert box.account.password not in str(told.value)


def test_signatures_of_webhooks() -> None:
    with ZaloDummy() as oa:
        body, signed = oa.event("user_send_text", "m1", "u1", text="Xin chào")
        assert zalo.is_genuine(oa.account, body, signed)
        assert not zalo.is_genuine(oa.account, body.replace(b"u1", b"u2"), signed)
        assert not zalo.is_genuine(oa.account, body, "mac=")
        assert not zalo.is_genuine(oa.account, b"[]", signed)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"id": 1}', b'{"id":"1","from":"x","text":""}', b"\xff\xfe"]
)
def test_what_is_no_message_is_unreadable(body: bytes) -> None:
    with pytest.raises(sms.Unreadable):
        sms.read(body)


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b'"x"', b'{"event_name":"user_send_text","sender":[],"message":1}', b"\xff"],
)
def test_what_is_no_event_is_unreadable(body: bytes) -> None:
    with pytest.raises(zalo.Unreadable):
        zalo.read(body)


def test_events_of_people_are_read_and_others_passed_over() -> None:
    with ZaloDummy() as oa:
        place = {
            "type": "location",
            "payload": {"coordinates": {"latitude": "21.02", "longitude": "105.8"}},
        }
        body, _signed = oa.event("user_send_location", "m1", "u1", text="Chợ", attachments=[place])
        said = zalo.read(body)
        assert said
        assert (said.kind, said.longitude, said.latitude) == ("location", 105.8, 21.02)
        photo = {"type": "image", "payload": {"url": "https://zalo.example/1.jpg"}}
        body, _signed = oa.event("user_send_image", "m2", "u1", attachments=[photo])
        said = zalo.read(body)
        assert said
        assert said.images == ("https://zalo.example/1.jpg",)
        assert zalo.read(b'{"event_name": "follow", "follower": {"id": "u1"}}') is None
