"""Visits every route, operation, topic and file with every kind of visitor; writes the table.

python -m tests.house.permissions        renews docs/reference/permissions.md
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests import town
from tests.house.tree import ROOT
from thudo.accounts.actions import issue_key
from thudo.accounts.models import Holding, User
from thudo.accounts.rules import ACTS, OPENED, RESIDENT, Actor, may
from thudo.cases.models import Case
from thudo.cases.queries import scope_of
from thudo.files.models import Attachment
from thudo.live.queries import may_follow
from thudo.petitions.actions import file_petition
from thudo.petitions.models import Petition
from thudo.petitions.rules import Contact, Filing

TABLE = ROOT / "docs" / "reference" / "permissions.md"
# name -> (posts held, is an operator)
STAFF: dict[str, tuple[tuple[str, ...], bool]] = {
    "handler": (("ward-1/handler",), False),
    "head": (("ward-1/head",), False),
    "duty": (("ward-1/duty",), False),
    "other ward": (("ward-2/handler",), False),
    "intake": (("desk/intake",), False),
    "checking": (("checking/checking",), False),
    "leader": (("council/leader",), False),
    "operator": ((), True),
}
VISITORS = ("stranger", "opener", *STAFF, "key: read", "key: file")
SCOPES = {"key: read": ["petitions:read"], "key: file": ["petitions:file"]}


@dataclass
class World:
    """One private petition in the first ward, with a photo, and everybody who comes by."""

    petition: Petition
    case: Case
    secret: str
    photo: Attachment
    actors: dict[str, Actor]
    users: dict[str, User]
    keys: dict[str, str]
    clients: dict[str, Client]


@dataclass(frozen=True)
class Route:
    """One address as the resolver knows it: its text, its view and the methods it answers."""

    address: str
    view: Any

    @property
    def act(self) -> str:
        return str(getattr(self.view, "act", ""))

    @property
    def by_thing(self) -> bool:
        return bool(getattr(self.view, "by_thing", False))


def build() -> World:
    town.build()
    users = {name: _user(name, *held) for name, held in STAFF.items()}
    filing = Filing(
        text="A hole in the road before the school.", service="road_damage", is_public=False,
        longitude=town.TOWN_SQUARE[0], latitude=town.TOWN_SQUARE[1], contact=Contact("A", "0900000000"),
    )  # fmt: skip
    receipt = file_petition(filing, actor=RESIDENT, at=town.MONDAY)
    petition = Petition.objects.get(number=receipt.number)
    photo = Attachment.objects.create(
        id=uuid4(), subject_kind="petition", subject_id=str(petition.pk), media_type="application/pdf",
        bytes=1, digest="0" * 64, uploaded_at=town.MONDAY, uploaded_by="resident",
    )  # fmt: skip
    keys = {
        name: issue_key(name, scopes=scopes, actor="test", at=town.MONDAY)[1]
        for name, scopes in SCOPES.items()
    }
    case = Case.objects.get(links__petition=petition)
    world = World(petition, case, receipt.secret, photo, _actors(receipt.number), users, keys, {})
    world.clients = {visitor: _client(world, visitor) for visitor in VISITORS}
    return world


def routes() -> list[Route]:
    """Every route of the house, in the order of their addresses."""
    return sorted(_routes(get_resolver(), ""), key=lambda route: route.address)


def visits(world: World) -> list[tuple[str, Route, dict[str, str]]]:
    """(method, route, visitor -> outcome) of every route."""
    found = []
    for route in routes():
        for method in ("GET", "POST"):
            if visit(world, route, method, "stranger") == "405":
                continue
            found.append((method, route, {v: visit(world, route, method, v) for v in VISITORS}))
    return found


Visits = list[tuple[str, Route, dict[str, str]]]


def rows(world: World, seen: Visits) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """(method, address, act, visitor -> outcome) of everything that can be asked for."""
    for method, route, outcomes in seen:
        yield method, route.address, route.act, outcomes
    for topic in topics(world):
        yield (
            "FOLLOW",
            _named(world, topic),
            "",
            {v: "✓" if may_follow(world.actors[v], topic) else "–" for v in VISITORS},
        )


def topics(world: World) -> list[str]:
    return [
        "wall", "area:w1", "unit:ward-1", "desk:intake", "desk:checking",
        f"petition:{world.petition.number}", f"case:{world.case.pk}",
    ]  # fmt: skip


def visit(world: World, route: Route, method: str, visitor: str) -> str:
    """✓ let in, → sent to sign in, – turned away, ∅ told that there is no such thing."""
    client = world.clients[visitor]
    cookies = client.cookies.copy()
    with transaction.atomic():
        response = client.generic(
            method, _address(world, route.address), data=b"",
            content_type="application/x-www-form-urlencoded", headers=_headers(world, visitor),
        )  # fmt: skip
        transaction.set_rollback(True)
    client.cookies = cookies
    return _outcome(response)


def expected(world: World, route: Route, visitor: str) -> bool:
    """What the table of rights says of a route that names its act."""
    actor = world.actors[visitor]
    if not route.by_thing:
        return may(actor, route.act)
    return may(actor, route.act, scope_of(world.case))


def written(world: World, seen: Visits) -> str:
    """The whole page."""
    head = "| | what | act | " + " | ".join(VISITORS) + " |"
    line = "|" + " --- |" * (len(VISITORS) + 3)
    body = [
        f"| {method} | `{address}` | {act} | " + " | ".join(o[v] for v in VISITORS) + " |"
        for method, address, act, o in rows(world, seen)
    ]
    return INTRODUCTION + "\n".join([head, line, *body]) + "\n"


INTRODUCTION = """# Who may do what

Made by visiting: every route, API operation and stream topic, as every kind of visitor, against a **private** petition whose case
lies with ward 1 and waits for intake. `python -m tests.house.permissions` writes this page; `tests/house/test_permissions.py` fails when
what happens differs from it. Visitors: *stranger* (nothing shown), *opener* (showed the petition's secret), ward 1's *handler*, *head*
and *duty*; a handler of *another ward*; the desks; a *leader*; an *operator* (technician); two API keys.
✓ let in (the deed may still refuse bad input or a state), → sent to sign in, – turned away, ∅ told there is no such thing.

"""


def _routes(resolver: URLResolver, prefix: str) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern, address)
        elif isinstance(pattern, URLPattern):
            yield Route("/" + address, pattern.callback)


def _address(world: World, address: str) -> str:
    values = {
        "number": world.petition.number, "secret": world.secret, "slug": "areas", "code": "w1",
        "file_pk": str(world.photo.pk), "int": "1", "endpoint": "v2", "form": "xml",
        "service": "road_damage", "token": world.petition.number,
    }  # fmt: skip
    thing = str(world.photo.pk if "files/" in address else world.case.pk)

    def fill(match: re.Match[str]) -> str:
        kind, _, name = match[1].rpartition(":")
        if name == "pk":
            return "1" if kind == "int" else thing
        return values.get(name) or values.get(kind) or "1"

    return re.sub(r"<([^>]+)>", fill, address).replace("map/w1.geojson", "map/areas.geojson")


def _named(world: World, topic: str) -> str:
    return topic.replace(world.petition.number, "NUMBER").replace(str(world.case.pk), "ID")


def _client(world: World, visitor: str) -> Client:
    client = Client(raise_request_exception=False)
    if visitor in world.users:
        client.force_login(world.users[visitor])
    if visitor == "opener":
        session = client.session
        session[OPENED] = [world.petition.number]
        session.save()
        client.cookies["sessionid"] = session.session_key or ""
    return client


def _headers(world: World, visitor: str) -> dict[str, str]:
    headers = {"X-Api-Key": world.keys[visitor]} if visitor in world.keys else {}
    if visitor == "opener":
        headers["X-Petition-Secret"] = world.secret
    return headers


def _outcome(response: HttpResponseBase) -> str:
    status = response.status_code
    if status == 405:
        return "405"
    if status in {401, 403}:
        return "–"
    if status == 404:
        return "∅"
    if status == 302 and response.headers["Location"].startswith("/sign-in"):
        return "→"
    return "✓" if status < 500 else "fault"


def _user(name: str, posts: tuple[str, ...], is_operator: bool) -> User:
    user = User.objects.create(
        username=name, display_name=name, password="!", is_operator=is_operator
    )
    for post in posts:
        Holding.objects.create(
            user=user, post_id=post, starts_at=datetime(2026, 1, 1, tzinfo=town.MONDAY.tzinfo)
        )
    return user


def _actors(number: str) -> dict[str, Actor]:
    ward = frozenset({"ward-1"})
    return {
        "stranger": RESIDENT,
        "opener": Actor("resident", opened=frozenset({number})),
        "handler": Actor("user:1", frozenset({"handler"}), ward),
        "head": Actor("user:2", frozenset({"head"}), ward),
        "duty": Actor("user:3", frozenset({"duty"}), ward),
        "other ward": Actor("user:4", frozenset({"handler"}), frozenset({"ward-2"})),
        "intake": Actor("user:5", frozenset({"intake"}), frozenset({"desk"})),
        "checking": Actor("user:6", frozenset({"checking"}), frozenset({"checking"})),
        "leader": Actor("user:7", frozenset({"leader"}), frozenset({"council"})),
        "operator": Actor("user:8", frozenset({"operator"})),
        "key: read": Actor("key:1", scopes=frozenset({"petitions:read"})),
        "key: file": Actor("key:2", scopes=frozenset({"petitions:file"})),
    }


__all__ = ["ACTS", "World", "build", "expected", "routes", "rows", "written"]


def main() -> None:
    """Renew the page in a test database."""
    import pytest

    raise SystemExit(
        pytest.main(["-q", "-p", "no:randomly", "tests/house/test_permissions.py", "--renew"])
    )


if __name__ == "__main__":
    main()
