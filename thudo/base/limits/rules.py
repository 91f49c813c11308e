"""Pure decisions of rate limits: which group a request falls in, what a window still holds."""

import ipaddress
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

WAYS = ("key", "device", "address", "trusted", "account", "name")
# A sender far from his limit is counted in one process only: his share of it is small change.
SHARED_FROM = 1 / 16


class Limit(NamedTuple):
    """At most `count` requests in any `seconds` (a sliding window)."""

    way: str
    count: int  # type: ignore[assignment]  # a tuple's own count() is nobody's need here
    seconds: int


@dataclass(frozen=True, slots=True)
class Group:
    """Addresses that share limits. `of_failures`: only failed requests count."""

    name: str
    routes: re.Pattern[str]
    limits: Mapping[str, Limit]
    of_failures: bool = False
    is_local_free: bool = True


class Standing(NamedTuple):
    """Where a sender stands with one limit. `left`: requests; `wait`: seconds until one more is
    possible (0 while some are left), `reset`: seconds until the window is over."""

    group: str
    limit: Limit
    left: int
    wait: int
    reset: int

    @property
    def name(self) -> str:
        """The name of its policy: "filing-device"."""
        return f"{self.group}-{self.limit.way}"


def groups_of(*documents: Mapping[str, Any]) -> tuple[Group, ...]:
    """The groups of the first document, with what later ones say instead.

    Raises ValueError for a group that no routes are named for, and for a limit that is none.
    """
    merged: dict[str, dict[str, Any]] = {}
    for document in documents:
        for name, told in document.items():
            merged.setdefault(name, {}).update(told)
    return tuple(_group(name, told) for name, told in merged.items())


def group_of(groups: Iterable[Group], method: str, path: str) -> Group | None:
    """The first group that the request falls in."""
    line = f"{method} {path}"
    return next((group for group in groups if group.routes.match(line)), None)


def used(before: int, now: int, elapsed: float, seconds: int) -> float:
    """Requests within the last `seconds`: those of this window and the part of the last one that
    it still overlaps (as if they had come evenly)."""
    return now + before * max(0.0, 1 - elapsed / seconds)


def standing(group: str, limit: Limit, before: int, now: int, elapsed: float) -> Standing:
    """What is left after `now` requests in a window that began `elapsed` seconds ago."""
    left = max(0, math.floor(limit.count - used(before, now, elapsed, limit.seconds)))
    reset = max(1, math.ceil(limit.seconds - elapsed))
    return Standing(group, limit, left, 0 if left else _wait(limit, before, now, elapsed), reset)


def tightest(standings: Iterable[Standing]) -> Standing:
    """The one that will refuse first: out of room and longest, else with the least share left."""
    return min(standings, key=lambda one: (-one.wait, one.left / one.limit.count))


@lru_cache(maxsize=4096)
def sender_address(remote: str, forwarded: str) -> str:
    """Who sent it: the last address that our own front saw; an IPv6 network of 64 bits as one.

    `remote` is empty or this machine's own where the front speaks through a socket; from anybody
    else the header is hearsay.
    """
    given = remote
    if forwarded and (not remote or is_local(remote) or not _is_address(remote)):
        given = forwarded.rsplit(",", 1)[-1].strip()
    if not _is_address(given):
        return ""
    address = ipaddress.ip_address(given)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return str(address.ipv4_mapped)
    if address.version == 4 or address.is_loopback:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))


def is_local(address: str) -> bool:
    """Whether it is this machine's own address."""
    return _is_address(address) and ipaddress.ip_address(address).is_loopback


@lru_cache(maxsize=4096)
def is_trusted(address: str, networks: tuple[str, ...]) -> bool:
    """Whether an address (or an IPv6 network) lies in one of the named networks."""
    if not address:
        return False
    own = ipaddress.ip_network(address, strict=False)
    named = [ipaddress.ip_network(one, strict=False) for one in networks]
    return any(one.version == own.version and own.subnet_of(one) for one in named)  # type: ignore[arg-type]


def _group(name: str, told: Mapping[str, Any]) -> Group:
    if "routes" not in told:
        raise ValueError(f"limits: {name} names no routes")
    limits = {way: _limit(name, way, told[way]) for way in WAYS if way in told}
    return Group(
        name, re.compile(told["routes"]), limits, told.get("counts") == "failures",
        told.get("is_local_free", True),
    )  # fmt: skip


def _limit(group: str, way: str, told: Mapping[str, int]) -> Limit:
    count, seconds = told.get("count", 0), told.get("seconds", 0)
    if min(count, seconds) <= 0:
        raise ValueError(f"limits: {group}.{way} needs a count and seconds above 0")
    return Limit(way, count, seconds)


def _wait(limit: Limit, before: int, now: int, elapsed: float) -> int:
    """Seconds until the window has room for one more request."""
    room = limit.count - 1 - now
    if before and room >= 0:
        return max(1, math.ceil(limit.seconds * (1 - room / before) - elapsed))
    # This window alone is full: it fades only while the next one runs.
    fades = limit.seconds * (1 - (limit.count - 1) / now) if now else 0
    return max(1, math.ceil(limit.seconds - elapsed + fades))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
