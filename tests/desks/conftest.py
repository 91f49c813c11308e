"""The small town with people who sign in, and cases on their desks."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests import town
from tests.cases.conftest import open_one
from thudo.accounts.models import Holding, User
from thudo.cases.models import Case

# name -> posts. All invented.
PEOPLE = {
    "an": ["ward-1/handler"],
    "binh": ["ward-1/head"],
    "chi": ["ward-2/handler"],
    "giang": ["desk/intake", "desk/arbiter"],
    "ha": ["checking/checking"],
    "hanh": ["council/handler", "council/head"],
    "khoa": ["council/leader"],
}
SignIn = Callable[[str], Client]


def build_staffed_town() -> None:
    """The small town with PEOPLE in its posts."""
    town.build()
    for name, posts in PEOPLE.items():
        user = User.objects.create(username=name, display_name=name.title())
        for post in posts:
            Holding.objects.create(user=user, post_id=post, starts_at=town.MONDAY)


@pytest.fixture
def small_town(db: None, settings: Any, tmp_path: Path) -> town.Cast:
    settings.FILES_DIR = tmp_path
    build_staffed_town()
    return town.CAST


@pytest.fixture
def signed_in(small_town: town.Cast) -> SignIn:
    def sign_in(name: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(User.objects.get(username=name))
        return client

    return sign_in


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the time that every door reads."""
    # A door that is first imported under the patch would keep that time for every later test.
    import thudo.urls  # noqa: F401
    from thudo.base import clock as base_clock

    def set_to(at: datetime) -> None:
        for module in _doors():
            monkeypatch.setattr(module, "now", lambda: at, raising=False)
        monkeypatch.setattr(base_clock, "now", lambda: at)

    return set_to


@pytest.fixture
def morning(clock: Callable[[datetime], None]) -> datetime:
    at = town.MONDAY + timedelta(hours=1)
    clock(at)
    return at


@pytest.fixture
def opened(small_town: town.Cast, morning: datetime) -> Case:
    return open_one()


def _doors() -> list[object]:
    import sys

    return [
        module
        for name, module in list(sys.modules.items())
        if name.startswith("thudo.") and (".views" in name or name.endswith("middleware"))
    ]
