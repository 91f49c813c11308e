"""Readers: who holds which post, and who acts in a request."""

import hashlib
from datetime import datetime

from django.db.models import Q

from thudo.accounts.models import ApiKey, Holding, User
from thudo.accounts.rules import Actor, Person, Seat, actor_of


def seats_of(user: User, at: datetime) -> tuple[Seat, ...]:
    """The posts that `user` holds at an instant."""
    holdings = (
        Holding.objects.filter(_current(at), user=user)
        .select_related("post")
        .order_by("starts_at", "id")
    )
    return tuple(Seat(h.post_id, h.post.role, h.post.unit_id) for h in holdings)


def actor_for(user: User, at: datetime, opened: frozenset[str] = frozenset()) -> Actor:
    """The actor that a signed-in user is at an instant."""
    person = Person(user.pk, user.display_name, user.is_operator, seats_of(user, at))
    return actor_of(person, opened)


def holder_of(post: str, at: datetime) -> User | None:
    """Who holds a post at an instant, if anybody."""
    holding = Holding.objects.filter(_current(at), post=post).select_related("user").first()
    return holding.user if holding else None


def holders_in(unit: str, at: datetime) -> list[Holding]:
    """The people of a unit with their posts, for hand-overs within it."""
    return list(
        Holding.objects.filter(_current(at), post__unit=unit)
        .select_related("user", "post")
        .order_by("post__code")
    )


def actor_of_key(secret: str, at: datetime) -> Actor | None:
    """The actor behind an API key, or None for an unknown or ended one."""
    digest = hashlib.sha256(secret.encode()).digest()
    key = ApiKey.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), hash=digest).first()
    if key is None:
        return None
    units = frozenset({key.unit} if key.unit else ())
    return Actor(f"key:{key.pk}", units=units, scopes=frozenset(key.scopes), name=key.name)


def _current(at: datetime) -> Q:
    return Q(starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))
