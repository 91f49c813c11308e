"""The sign-in: what a provider says is believed only when everything fits."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from thudo.connectors import http, openid
from thudo.connectors.dummy import Manner
from thudo.connectors.failures import Declined, Unavailable
from thudo.connectors.openid_dummy import OpenIdDummy

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
BACK = "https://city.example/app/callback"


@pytest.fixture
def provider() -> Any:
    openid.forget()
    with OpenIdDummy() as dummy:
        dummy.issued_at = AT.timestamp()
        yield dummy


def ask(dummy: OpenIdDummy, *, verifier: str = "", at: datetime = AT) -> dict[str, Any]:
    client = openid.Provider(dummy.url, "thudo")
    attempt = openid.new_attempt()
    back = dummy.sign_in(openid.address(client, attempt, back=BACK, is_silent=True))
    if verifier:
        attempt = openid.Attempt(attempt.state, attempt.nonce, verifier)
    return openid.claims_of(client, attempt, back["code"], back=BACK, at=at)


def test_the_claims_of_the_person(provider: OpenIdDummy) -> None:
    found = ask(provider)

    assert found["sub"] == "person-1"
    assert found["phone_number"] == "+84912000111"


@pytest.mark.parametrize(
    "wrong",
    [{"aud": "other"}, {"iss": "https://evil.example"}, {"nonce": "x"}, {"exp": 1}, {"sub": ""}],
)
def test_a_token_with_a_wrong_claim_is_declined(
    provider: OpenIdDummy, wrong: dict[str, Any]
) -> None:
    provider.tamper = wrong
    with pytest.raises(Declined):
        ask(provider)


def test_a_token_of_another_key_is_declined(provider: OpenIdDummy) -> None:
    provider.forge()
    with pytest.raises(Declined):
        ask(provider)


def test_another_ones_code_is_declined(provider: OpenIdDummy) -> None:
    with pytest.raises(Declined):
        ask(provider, verifier="stolen")


def test_an_old_token_is_declined(provider: OpenIdDummy) -> None:
    with pytest.raises(Declined):
        ask(provider, at=AT + timedelta(hours=1))


def test_userinfo_of_somebody_else_is_not_mixed_in(provider: OpenIdDummy) -> None:
    provider.tamper = {"sub": "person-2"}
    assert "phone_number" not in ask(provider)


@pytest.mark.parametrize("manner", [Manner.REFUSE, Manner.LOSE_REPLY, Manner.DECLINE])
def test_no_answer_is_no_sign_in(provider: OpenIdDummy, manner: Manner) -> None:
    provider.manners.next(manner)
    with pytest.raises((Unavailable, Declined)):
        ask(provider)


def test_where_it_cannot_be_reached_nobody_waits_for_it_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    openid.forget()
    asked: list[float] = []

    def silent(_method: str, _url: str, _body: bytes, _headers: object, seconds: float) -> None:
        asked.append(seconds)
        raise TimeoutError

    monkeypatch.setattr(http, "_once", silent)
    client = openid.Provider("https://app.example", "thudo")
    for _time in range(3):
        with pytest.raises(Unavailable):
            openid.address(client, openid.new_attempt(), back=BACK, is_silent=True)
    openid.forget()

    assert asked == [3.0]
