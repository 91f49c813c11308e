"""The places that a device keeps (a cookie, no account), and when they were last looked at. Pure."""

import base64
import binascii
import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from thudo.notices.rules.topics import PETITION, is_topic, kind_of

MOST_PLACES = 4
_LONGEST_LABEL = 80
# Looking again within this time belongs to the same visit: what was new stays marked.
_VISIT = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Place:
    """A topic and the words its owner knows it by."""

    topic: str
    label: str

    @property
    def key(self) -> str:
        """As addresses carry it: area-00364, near-8941..."""
        return self.topic.replace(":", "-", 1)


@dataclass(frozen=True, slots=True)
class Kept:
    """What the cookie holds: places, the end of the visit before, the last look of this one."""

    places: tuple[Place, ...] = ()
    before: datetime | None = None
    last: datetime | None = None

    def looked(self, at: datetime) -> "Kept":
        """The same after a look: a new visit begins where the last one is over."""
        if self.last is None or at - self.last > _VISIT:
            return replace(self, before=self.last, last=at)
        return replace(self, last=at)

    def with_place(self, place: Place) -> "Kept":
        """It first, the others after it, as many as are kept."""
        others = tuple(one for one in self.places if one.topic != place.topic)
        return replace(self, places=(place, *others)[:MOST_PLACES])

    def without(self, topic: str) -> "Kept":
        return replace(self, places=tuple(p for p in self.places if p.topic != topic))


def topic_of(key: str) -> str:
    """The topic of an address's key; "" for what is no place."""
    topic = key.replace("-", ":", 1)
    return topic if is_place(topic) else ""


def is_place(topic: str) -> bool:
    """A ward or a cell, not somebody's petition."""
    return is_topic(topic) and kind_of(topic) != PETITION


def read_kept(text: str) -> Kept:
    """What a cookie says; nothing for one that we did not write."""
    try:
        found = json.loads(base64.urlsafe_b64decode(text.encode("ascii")))
        places = [Place(str(topic), str(label)[:_LONGEST_LABEL]) for topic, label in found["p"]]
        before, last = (_instant(word) for word in found["v"])
    except (ValueError, KeyError, TypeError, binascii.Error):
        return Kept()
    good = tuple(place for place in places if is_place(place.topic))
    return Kept(good[:MOST_PLACES], before, last)


def written(kept: Kept) -> str:
    """As the cookie holds it."""
    instants = [at.isoformat() if at else "" for at in (kept.before, kept.last)]
    body = {"p": [[one.topic, one.label] for one in kept.places], "v": instants}
    return base64.urlsafe_b64encode(json.dumps(body).encode()).decode()


def _instant(word: str) -> datetime | None:
    at = datetime.fromisoformat(word) if word else None
    if at is not None and at.tzinfo is None:
        raise ValueError(word)
    return at
