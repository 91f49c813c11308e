"""Deeds about people: accounts, posts, keys."""

import hashlib
import secrets
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from thudo.accounts.models import ApiKey, Holding, User
from thudo.base.sealing import keyed_hash
from thudo.journal.actions import record
from thudo.journal.rules import Subject


@transaction.atomic
def register_user(
    username: str,
    *,
    display_name: str,
    password: str,
    is_invented: bool = False,
    is_operator: bool = False,
    actor: str,
    at: datetime,
) -> User:
    """A new account; its password is kept by Argon2id."""
    user = User.objects.create(
        username=username,
        display_name=display_name,
        password=make_password(password),
        is_invented=is_invented,
        is_operator=is_operator,
    )
    _record("user.registered", user, actor, at, {"invented": is_invented})
    return user


@transaction.atomic
def appoint_holder(user: User, *, post: str, actor: str, at: datetime) -> Holding:
    """`user` holds `post` from now on."""
    holding = Holding.objects.create(user=user, post_id=post, starts_at=at)
    _record("user.appointed", user, actor, at, {"post": post})
    return holding


@transaction.atomic
def issue_key(
    name: str, *, scopes: list[str], unit: str = "", actor: str, at: datetime
) -> tuple[ApiKey, str]:
    """A key for another system and its secret, which is shown once and kept as a hash."""
    secret = f"tk_{secrets.token_urlsafe(32)}"
    digest = hashlib.sha256(secret.encode()).digest()
    key = ApiKey.objects.create(name=name, hash=digest, scopes=scopes, unit=unit, made_at=at)
    record(
        "key.issued",
        subject=Subject("key", str(key.pk), 1),
        actor=actor,
        at=at,
        data={"scopes": scopes, "unit": unit},
    )
    return key, secret


@transaction.atomic
def end_session(session_key: str, *, actor: str, at: datetime) -> None:
    """Tell the stream that a sign-in is over: whatever it followed is closed at once.

    The journal holds a keyed hash of the session's key, never the key.
    """
    name = keyed_hash("session", session_key).hex()
    record("session.revoked", subject=Subject("session", name, 1), actor=actor, at=at, data={})


def _record(action: str, user: User, actor: str, at: datetime, data: dict[str, object]) -> None:
    record(action, subject=Subject("user", str(user.pk), 1), actor=actor, at=at, data=data)
