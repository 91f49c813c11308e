"""Workers that are killed at the worst moments: nothing is lost, nothing decided twice, and only
what a gateway had accepted already comes once more, under the same key."""

import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests import database, town
from tests.notices.conftest import HOUR, decide, follow, send
from tests.petitions.conftest import file_hole
from tests.town import CAST, MONDAY
from thudo.cases import actions as cases
from thudo.cases.models import Case
from thudo.connectors.web_push_dummy import PushDummy
from thudo.notices.models import Message, Notice
from thudo.notices.rules.timing import LEASE

pytestmark = pytest.mark.django_db(transaction=True)
AT = MONDAY + HOUR
# The worker of one second, in a process of its own; it stops where it is told to.
WORKER = """
import os, signal, sys
from datetime import datetime
import django
django.setup()
from tests.notices.conftest import decide, lead_to, send
from thudo.notices import actions
moment, port, at = sys.argv[1], int(sys.argv[2]), datetime.fromisoformat(sys.argv[3])
lead_to(port, setattr)

def die(*_args, **_more):
    os.kill(os.getpid(), signal.SIGKILL)

if moment == "while deciding":
    plain = actions.decide_notices
    actions.decide_notices = lambda entries: (plain(entries), die())
if moment == "once decided":
    actions.compose_messages = die
if moment == "once composed":
    actions.send_messages = die
decide()
send(at)
"""


@pytest.fixture
def followed(db: None, settings: Any, tmp_path: Path) -> Any:
    settings.FILES_DIR, settings.DEMO = tmp_path, False
    town.build()
    petition, _ = file_hole()
    decide()
    cases.accept_case(Case.objects.get(links__petition=petition), actor=CAST.handler, at=AT)
    return petition


def work(moment: str, gateway: PushDummy, at: datetime = AT) -> int:
    """Let a worker run (or be killed); how it ended."""
    words = [moment, str(urlsplit(gateway.url).port), at.isoformat()]
    done = subprocess.Popen([sys.executable, "-c", WORKER, *words], env=_environment())
    gateway.pid = done.pid  # type: ignore[attr-defined]
    return done.wait(60)


def _environment() -> dict[str, str]:
    return database.environment() | {"DJANGO_SETTINGS_MODULE": "thudo.settings", "PYTHONPATH": "."}


@pytest.mark.parametrize(
    "moment",
    [
        "while deciding",
        pytest.param("once decided", marks=pytest.mark.audit),
        pytest.param("once composed", marks=pytest.mark.audit),
    ],
)
def test_before_the_gateway_nothing_is_lost_and_nothing_comes_twice(
    followed: Any, gateway: PushDummy, moment: str
) -> None:
    follow(gateway.subscribe("an"), f"petition:{followed.number}")

    assert work(moment, gateway) == -signal.SIGKILL
    assert gateway.received == []
    assert Notice.objects.count() == (0 if moment == "while deciding" else 1)

    decide()
    send(AT)
    decide()
    send(AT + LEASE)
    assert Notice.objects.count() == 1
    assert len(gateway.received) == 1


def test_after_the_gateway_has_it_it_may_come_once_more_under_the_same_key(
    followed: Any, gateway: PushDummy, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(gateway.subscribe("an"), f"petition:{followed.number}")
    plain = gateway.act

    def accept_and_kill(*given: Any) -> tuple[int, bytes]:
        answer = plain(*given)
        os.kill(gateway.pid, signal.SIGKILL)  # type: ignore[attr-defined]
        return answer

    monkeypatch.setattr(gateway, "act", accept_and_kill)
    assert work("", gateway) == -signal.SIGKILL
    monkeypatch.undo()
    from tests.notices.conftest import lead_to

    lead_to(urlsplit(gateway.url).port or 0, monkeypatch.setattr)
    assert Message.objects.get().state == "waiting"

    assert send(AT + timedelta(seconds=30)) == 0
    assert send(AT + LEASE) == 1
    assert send(AT + 2 * LEASE) == 0
    assert len(gateway.received) == 2
    assert len({one.words["id"] for one in gateway.received}) == 1
    assert Notice.objects.count() == 1
