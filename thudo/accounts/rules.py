"""Who may do what: one table, one function. Pages, APIs, streams, downloads and jobs ask here.

A right is an act with the relations that allow it. A relation joins roles to a place: the actor's
own unit, the whole city, anybody when the thing is public, or the holder of the secret link.
"""

from dataclasses import dataclass, field
from typing import Protocol

HANDLER, HEAD, DUTY = "handler", "head", "duty"
INTAKE, CHECKING, LEADER, OPERATOR = "intake", "checking", "leader", "operator"
ROLES = (HANDLER, HEAD, DUTY, INTAKE, CHECKING, LEADER, OPERATOR)
# Posts carry finer titles than rights do: a deputy acts as a head, an arbiter as the intake desk.
ROLE_OF_POST = {
    "head": HEAD, "deputy": HEAD, "handler": HANDLER, "duty": DUTY,
    "intake": INTAKE, "checking": CHECKING, "leader": LEADER,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `key`: "resident", "user:17", "key:3", "clock"; `opened`: petitions (numbers)
    whose secret link this actor has shown; `followed`: followers (ids) whose own secret link he
    has shown; `scopes`: what an API key was given."""

    key: str
    roles: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    followed: frozenset[str] = frozenset()
    post: str = ""
    name: str = ""

    @property
    def is_staff(self) -> bool:
        return bool(self.roles)


# Where a browser's session keeps the numbers of the petitions that it opened.
OPENED = "opened_petitions"
# Where it keeps the followers that it is: {number of the petition: id of the follower}.
FOLLOWED = "followed_petitions"
RESIDENT = Actor("resident")
CLOCK = Actor("clock")


class Thing(Protocol):
    """What an act is done to, as far as rights go."""

    def scope(self) -> "Scope": ...


@dataclass(frozen=True, slots=True)
class Scope:
    """`unit` holds it now; `units` may read it (they held it before); `numbers` open it;
    `followers`: those whose own doings it is about."""

    unit: str = ""
    units: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    public: bool = False
    followers: frozenset[str] = frozenset()

    def scope(self) -> "Scope":
        return self


@dataclass(frozen=True, slots=True)
class Right:
    """Who has one act: roles within their own unit, roles city-wide, and four open doors."""

    own: frozenset[str] = frozenset()
    past: frozenset[str] = frozenset()
    city: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    anyone: bool = False
    when_public: bool = False
    opener: bool = False
    follower: bool = False


def _right(
    own: str = "",
    *,
    past: str = "",
    city: str = "",
    key: str = "",
    anyone: bool = False,
    when_public: bool = False,
    opener: bool = False,
    follower: bool = False,
) -> Right:
    return Right(
        own=frozenset(own.split()),
        past=frozenset(past.split()),
        city=frozenset(city.split()),
        scopes=frozenset(key.split()),
        anyone=anyone,
        when_public=when_public,
        opener=opener,
        follower=follower,
    )


_STAFF = "handler head duty"
ACTS: dict[str, Right] = {
    "page.public": _right(anyone=True),
    "page.staff": _right(city=f"{_STAFF} intake checking leader operator"),
    "wall.read": _right(anyone=True),
    "file.upload": _right(anyone=True),
    "petition.file": _right(anyone=True),
    "petition.file_on_behalf": _right(city="intake", key="petitions:file"),
    "petition.read": _right(
        _STAFF, past=_STAFF, city="intake checking leader", key="petitions:read",
        when_public=True, opener=True,
    ),
    "petition.read_own": _right(opener=True),
    "petition.supplement": _right(opener=True),
    "petition.withdraw": _right(opener=True),
    "petition.judge": _right(opener=True),
    "petition.follow": _right(when_public=True),
    "petition.follow_on": _right(follower=True),
    "petition.read_identity": _right(city="intake checking"),
    "petition.moderate": _right(city="intake checking"),
    "petition.split": _right(city="intake"),
    "petition.merge": _right(city="intake"),
    "case.read": _right(_STAFF, past=_STAFF, city="intake checking leader"),
    "case.list": _right(city=f"{_STAFF} intake checking leader"),
    "case.triage": _right(city="intake"),
    "case.accept": _right(_STAFF),
    "case.assign": _right("head"),
    "case.acknowledge": _right(_STAFF),
    "case.begin": _right(_STAFF),
    "case.note": _right(_STAFF),
    "case.ask": _right(_STAFF),
    "case.transfer": _right(_STAFF, city="intake"),
    "case.extend": _right("head"),
    "case.answer": _right(_STAFF),
    "case.refuse": _right(_STAFF, city="intake"),
    "case.check": _right(city="checking"),
    "case.conclude_recheck": _right(_STAFF),
    "escalation.see": _right(f"{_STAFF} leader"),
    "case.arbitrate": _right(city="intake"),
    "desk.intake": _right(city="intake"),
    "desk.checking": _right(city="checking"),
    "desk.phone": _right(city="intake"),
    "caller.look_up": _right(city="intake"),
    "petition.judge_by_phone": _right(city="intake"),
    "verdict.check": _right(city="intake checking"),
    "pack.load": _right(city="operator"),
    "channel.bring": _right(anyone=True),
    "channel.watch": _right(city="intake leader operator"),
    "reception.book": _right(anyone=True),
    "reception.own": _right(opener=True),
    "reception.change": _right(_STAFF, city="intake", opener=True),
    "reception.list": _right(city=f"{_STAFF} intake leader"),
    "reception.receive": _right(_STAFF, city="intake"),
    "reception.read_identity": _right(_STAFF, city="intake"),
    "reception.plan": _right("head", city="intake"),
    "petition.file_at_reception": _right(city=f"{_STAFF} intake"),
    "advisory.publish": _right(f"{_STAFF} intake leader", key="advisories:write"),
    "advisory.add_voice": _right(city="intake"),
    "consultation.publish": _right("handler head"),
    "consultation.answer": _right(anyone=True),
}  # fmt: skip


def may(actor: Actor, act: str, thing: Thing | None = None) -> bool:
    """Whether `actor` may do `act` to `thing` (None: to anything of its kind, e.g. a list page).

    Raises KeyError for an act that is not in the table: a typo must not grant.
    """
    right = ACTS[act]
    scope = thing.scope() if thing else Scope()
    return (
        right.anyone
        or bool(right.city & actor.roles)
        or bool(right.scopes & actor.scopes)
        or (right.when_public and scope.public)
        or (right.opener and bool(scope.numbers & actor.opened))
        or (right.follower and bool(scope.followers & actor.followed))
        or (bool(right.own & actor.roles) and scope.unit in actor.units)
        or (bool(right.past & actor.roles) and bool(scope.units & actor.units))
    )


@dataclass(frozen=True, slots=True)
class Seat:
    """A post somebody holds, as rights need it."""

    post: str
    role: str
    unit: str


@dataclass(frozen=True, slots=True)
class Person:
    """A signed-in person, as rights need him."""

    id: int
    name: str
    is_operator: bool = False
    seats: tuple[Seat, ...] = field(default=())


def actor_of(person: Person, opened: frozenset[str] = frozenset()) -> Actor:
    """The actor that a signed-in person is, by the posts he holds now."""
    roles = {ROLE_OF_POST[seat.role] for seat in person.seats if seat.role in ROLE_OF_POST}
    if person.is_operator:
        roles.add(OPERATOR)
    return Actor(
        key=f"user:{person.id}",
        roles=frozenset(roles),
        units=frozenset(seat.unit for seat in person.seats),
        opened=opened,
        post=person.seats[0].post if person.seats else "",
        name=person.name,
    )


# journal action -> sentence; English msgids, Vietnamese in locale/
ACTIONS: dict[str, str] = {
    "user.registered": "An account was made",
    "user.appointed": "A post was given a holder",
    "key.issued": "A key was issued to another system",
    "session.revoked": "A sign-in was ended",
}
