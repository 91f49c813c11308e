"""What is to be told to whom: decided once, in the transaction that moves the journal's follower."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import h3

from thudo.base.identifiers import new_id
from thudo.journal.rules import JournalEntry
from thudo.notices.models import Follow, Notice
from thudo.notices.queries import grounds
from thudo.notices.queries.grounds import Ground
from thudo.notices.rules import news, topics
from thudo.notices.rules.news import News, news_of
from thudo.notices.rules.timing import goes_out
from thudo.petitions.models import Petition


class _Heard(NamedTuple):
    """An entry that is news: for whoever follows one of `topics`, or lives on its ground."""

    entry: JournalEntry
    told: News
    topics: list[str]
    ground: Ground | None


def decide_notices(entries: Sequence[JournalEntry]) -> int:
    """A notice for each entry that is news to somebody; how many.

    Called within the follower's transaction: a batch that comes again finds its place moved, or,
    after a restore, its notices there (unique per recipient and position).
    """
    if not Follow.objects.exists():
        return 0
    heard = _heard(entries)
    rows = [*_by_topic(heard), *_by_ground(heard)]
    # One recipient, one entry, one notice: of several topics the nearest speaks, for it is first.
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _heard(entries: Sequence[JournalEntry]) -> list[_Heard]:
    found = [(entry, told) for entry in entries if (told := _news(entry))]
    cells = _cells_of(told for _, told in found)
    known = grounds.of(told.facts for _, told in found)
    return [
        _Heard(entry, told, _topics(told, cells), known.get((told.kind, entry.subject.id)))
        for entry, told in found
    ]


def _news(entry: JournalEntry) -> News | None:
    return news_of(entry.action, entry.subject.id, entry.data)


def _by_topic(heard: list[_Heard]) -> Iterator[Notice]:
    follows = _follows({topic for one in heard for topic in one.topics})
    for one in heard:
        for topic in sorted(one.topics, key=topics.rank):
            yield from _notices(one, follows.get(topic, ()))


def _by_ground(heard: list[_Heard]) -> Iterator[Notice]:
    """Announcements and questions go to who follows a place within the wards they are for."""
    for one in heard:
        if one.ground:
            rows = Follow.objects.filter(area__in=one.ground.areas)
            here = [row for row in rows if one.ground.reaches(row.topic)]
            yield from _notices(one, sorted(here, key=lambda row: topics.rank(row.topic)))


def _notices(one: _Heard, follows: Iterable[Follow]) -> Iterator[Notice]:
    entry, told = one.entry, one.told
    for follow in follows:
        if entry.position > follow.since:
            yield Notice(
                id=new_id(), recipient_id=follow.recipient_id, follow=follow,
                position=entry.position, kind=told.kind, facts=told.facts, decided_at=entry.at,
                goes_out_at=goes_out(follow.topic, told.kind, entry.at),
            )  # fmt: skip


def _topics(told: News, cells: dict[str, str]) -> list[str]:
    found = [f"{topics.PETITION}:{number}" for number in told.numbers]
    if told.area:
        found.append(f"{topics.AREA}:{told.area}")
        found += topics.heard_from(told.cell or cells.get(told.facts["petition"], ""))
    return found


def _follows(wanted: set[str]) -> dict[str, list[Follow]]:
    found: dict[str, list[Follow]] = {}
    for follow in Follow.objects.filter(topic__in=wanted):
        found.setdefault(follow.topic, []).append(follow)
    return found


def _cells_of(some: Iterable[News]) -> dict[str, str]:
    """The cells of public results, by number; a home has none: its neighbours would know it."""
    numbers = [told.facts["petition"] for told in some if told.area and told.kind == news.ANSWERED]
    rows = Petition.objects.filter(number__in=numbers, is_home=False, longitude__isnull=False)
    return {
        number: h3.latlng_to_cell(latitude, longitude, topics.RESOLUTION)
        for number, longitude, latitude in rows.values_list("number", "longitude", "latitude")
        if longitude is not None and latitude is not None
    }
