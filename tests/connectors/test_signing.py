"""A signed message: what the neighbour says of it, and what it says of our settings."""

import pytest

from thudo.connectors import http, signing
from thudo.connectors.failures import Declined, Failed, Unavailable


@pytest.mark.parametrize(
    ("status", "failure"),
    [(400, Declined), (422, Declined), (401, Unavailable), (403, Unavailable), (404, Unavailable),
     (429, Unavailable), (503, Unavailable)],
)  # fmt: skip
def test_only_a_refusal_of_the_message_is_for_good(
    monkeypatch: pytest.MonkeyPatch, status: int, failure: type[Failed]
) -> None:
    monkeypatch.setattr(http, "_once", lambda *_: http.Answer(status, b""))

    with pytest.raises(failure):
        signing.post("https://gateway.example/", {"to": "0900"}, secret="s", key="1")
