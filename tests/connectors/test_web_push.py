"""Web Push against the RFC's own numbers, and against a service that misbehaves in every way."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from thudo.base import fetching
from thudo.connectors import web_push
from thudo.connectors.dummy import Manner
from thudo.connectors.failures import Declined, Failed, Unavailable
from thudo.connectors.web_push import Busy, Gone, Push, Sender, Subscription, decode, encode
from thudo.connectors.web_push_dummy import PushDummy

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
SENDER = Sender(web_push.private_key(b"a key of the tests, 32 bytes long"), "https://city.example")
# RFC 8291, Appendix A.
POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLoc"
    "InmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLV"
    "WGNWQexSgSxsj_Qulcy4a-fN"
)


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch):
    with PushDummy(AT, seconds=1.5) as dummy:
        monkeypatch.setattr(fetching, "PORTS", {"https": urlsplit(dummy.url).port})
        monkeypatch.setattr(fetching, "public_address", lambda _host, _port: "127.0.0.1")
        monkeypatch.setattr(fetching, "_secured", lambda plain, _host: plain)
        yield dummy


def push(to: Subscription) -> Push:
    return Push(to, '{"body": "Có cập nhật."}'.encode(), "topic", 60)


def send(*to: Subscription) -> list[Failed | None]:
    return web_push.send_each([push(one) for one in to], SENDER, at=AT, seconds=1.0)


def test_the_example_of_the_rfc_is_encrypted_to_the_bit() -> None:
    to = Subscription("https://push.example/x", decode(POINT), decode(AUTH))
    key = decode("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
    sender = ec.derive_private_key(int.from_bytes(key, "big"), ec.SECP256R1())
    plain = b"When I grow up, I want to be a watermelon"

    sealed = web_push.encrypt(plain, to, sender=sender, salt=decode("DGv6ra1nlYgDCS1FRnbzlw"))

    assert encode(sealed) == BODY


@pytest.mark.parametrize(
    ("endpoint", "point", "auth"),
    [
        ("http://push.example/x", POINT, AUTH),
        ("https:///x", POINT, AUTH),
        ("https://push.example/ x", POINT, AUTH),
        ("https://push.example/" + "x" * 1000, POINT, AUTH),
        ("https://push.example/x", POINT[:-4], AUTH),
        ("https://push.example/x", "BA" + POINT[2:-4] + "AAAA", AUTH),
        ("https://push.example/x", POINT, AUTH[:-4]),
        ("https://push.example/x", "not base64!", AUTH),
        ("https://push.example/x", "", ""),
    ],
)
def test_what_no_push_service_gave_out_is_not_read(endpoint: str, point: str, auth: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        web_push.read_subscription(endpoint, point, auth)


def test_a_push_arrives_signed_and_only_its_browser_reads_it(gateway: PushDummy) -> None:
    assert send(gateway.subscribe("an"), gateway.subscribe("binh")) == [None, None]

    assert {one.browser for one in gateway.received} == {"an", "binh"}
    assert gateway.received[0].words == {"body": "Có cập nhật."}
    headers = gateway.received[0].headers
    assert (headers["ttl"], headers["topic"], headers["urgency"]) == ("60", "topic", "normal")
    assert gateway.wrong == 0


@pytest.mark.parametrize(
    ("manner", "kind", "arrives"),
    [
        (Manner.TIME_OUT, Unavailable, 0),
        (Manner.REFUSE, Busy, 0),
        (Manner.DECLINE, Declined, 0),
        (Manner.TWICE, None, 2),
        (Manner.LATE, Unavailable, 1),
        (Manner.LOSE_REPLY, Unavailable, 1),
    ],
)
def test_whatever_the_service_does_we_know_what_to_do_next(
    gateway: PushDummy, manner: Manner, kind: type[Failed] | None, arrives: int
) -> None:
    an = gateway.subscribe("an")
    gateway.manners.next(manner)

    (answer,) = send(an)

    assert answer is None if kind is None else isinstance(answer, kind), answer
    assert len(gateway.received) == arrives
    assert send(an) == [None]


def test_a_browser_that_is_no_more_is_gone(gateway: PushDummy) -> None:
    an = gateway.subscribe("an")
    gateway.gone.add("an")

    assert isinstance(send(an)[0], Gone)


def test_an_address_inside_our_own_networks_is_gone_for_good(
    gateway: PushDummy, monkeypatch
) -> None:
    monkeypatch.undo()
    inside = Subscription("https://127.0.0.1/x", decode(POINT), decode(AUTH))

    assert isinstance(send(inside)[0], Gone)
    assert gateway.asked == []
