"""The small town, a petition, a push service that can misbehave, and browsers that follow."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests import town
from tests.town import MONDAY
from thudo.base import fetching
from thudo.connectors.web_push import Subscription
from thudo.connectors.web_push_dummy import PushDummy
from thudo.journal import actions as journal
from thudo.journal import followers
from thudo.journal.models import Sequence
from thudo.notices import actions
from thudo.notices.models import Follow

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def small_town(small_town: town.Cast, settings: Any) -> town.Cast:
    settings.DEMO = False
    return small_town


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Iterator[PushDummy]:
    """A push service on this machine that stands for any of the open internet."""
    with PushDummy(MONDAY) as dummy:
        lead_to(urlsplit(dummy.url).port or 0, monkeypatch.setattr)
        yield dummy


def lead_to(port: int, patch: Callable[[object, str, object], None]) -> None:
    """Every https address leads to this port of this machine, without TLS."""
    patch(fetching, "PORTS", {"https": port})
    patch(fetching, "public_address", lambda _host, _port: "127.0.0.1")
    patch(fetching, "_secured", lambda plain, _host: plain)


def follow(
    subscription: Subscription, topic: str, *, language: str = "en", at: datetime = MONDAY
) -> Follow:
    return actions.follow_topic(subscription, topic, language=language, at=at)


def decide() -> None:
    """What the worker does within a tenth of a second: positions, then the follower."""
    from thudo.notices import followers as ours

    for _ in range(2):  # the very first call only begins the sequence
        # A test's one transaction does not see itself in the last snapshot: all that waits is new.
        Sequence.objects.update(snapshot="", server="")
        journal.sequence_entries()
    while followers.deliver(f"notices.{ours.notices.__name__}"):
        pass


def send(at: datetime) -> int:
    """What the worker does every second; how many messages were taken."""
    actions.compose_messages(at=at)
    return actions.send_messages(at=at)


def told(gateway: PushDummy, browser: str = "") -> list[str]:
    """The sentences that arrived, in order."""
    return [one.words["body"] for one in gateway.received if browser in {"", one.browser}]
