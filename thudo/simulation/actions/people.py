"""Invented people of the pack, and invented officers for units that have none."""

import tomllib
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from thudo.accounts.actions import appoint_holder, register_user
from thudo.accounts.models import User
from thudo.accounts.rules import CHECKING, HANDLER, HEAD, INTAKE, Actor
from thudo.directory.queries import directory

SIMULATED = "simulation"


@transaction.atomic
def register_people(*, at: datetime) -> int:
    """Register the pack's invented people (demo_people.toml) that have no account; how many."""
    path = Path(settings.PACK_DIR) / "demo_people.toml"
    if not path.exists():
        return 0
    given = tomllib.loads(path.read_text("utf-8"))
    known = set(User.objects.values_list("username", flat=True))
    missing = [person for person in given["people"] if person["user"] not in known]
    for person in missing:
        user = register_user(
            person["user"], display_name=person["name"], password=given["password"],
            is_invented=True, is_operator=person.get("operator", False), actor=SIMULATED, at=at,
        )  # fmt: skip
        for post in person.get("posts", ()):
            appoint_holder(user, post=post, actor=SIMULATED, at=at)
    return len(missing)


def officer(unit: str) -> Actor:
    """An invented officer of a unit, who may do what a handler and a head may."""
    post = directory().post_of(unit, "handler") or directory().post_of(unit, "head")
    return Actor(
        SIMULATED, frozenset({HANDLER, HEAD}), frozenset({unit}), post=post.code if post else ""
    )


def desk_clerk() -> Actor:
    """An invented clerk of the intake desk."""
    city = directory().city
    return Actor(SIMULATED, frozenset({INTAKE}), frozenset({city["intake_unit"]}))


def checker() -> Actor:
    """An invented member of the checking desk."""
    city = directory().city
    return Actor(f"{SIMULATED}-check", frozenset({CHECKING}), frozenset({city["checking_unit"]}))


def opener(number: str) -> Actor:
    """The invented petitioner with the secret link of his petition."""
    return Actor("resident", opened=frozenset({number}))
