"""Followers: each entry in order, place and rows together, a failing one alone."""

import threading

import pytest
from django.db import connection, transaction

from tests.journal.conftest import AT
from thudo.journal import actions, followers, queries
from thudo.journal.actions import place_follower, sequence_entries
from thudo.journal.followers import deliver, deliver_all, follows
from thudo.journal.rules import JournalEntry, Subject


@pytest.fixture(autouse=True)
def no_followers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(followers, "FOLLOWERS", {})


def _record(*names: str) -> None:
    with transaction.atomic():
        for version, name in enumerate(names, 1):
            subject = Subject("thing", "7", version)
            actions.record(name, subject=subject, actor="clock", at=AT, data={})
    sequence_entries()
    sequence_entries()


@pytest.mark.django_db
def test_a_follower_gets_what_it_asked_for_in_order_and_once() -> None:
    seen: list[JournalEntry] = []
    follows("thing.ch*", name="tests.seen")(seen.extend)
    _record("thing.changed", "thing.closed", "thing.changed")

    passed = [deliver("tests.seen"), deliver("tests.seen")]

    assert passed == [3, 0]
    assert [(e.position, e.subject.version) for e in seen] == [(1, 1), (3, 3)]


@pytest.mark.django_db
def test_batches_follow_each_other_without_a_hole() -> None:
    seen: list[int] = []
    follows("*", name="tests.seen")(lambda batch: seen.extend(e.position for e in batch))
    _record(*["thing.changed"] * 7)

    while deliver("tests.seen", limit=3):
        pass

    assert seen == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.django_db(transaction=True)
def test_a_failing_follower_loses_nothing_and_holds_up_nobody() -> None:
    seen: list[int] = []
    broken = [True]

    def fail(batch: list[JournalEntry]) -> None:
        place_follower("tests.trace", 99)
        if broken:
            raise ValueError("broken")

    follows("*", name="tests.broken")(fail)
    follows("*", name="tests.seen")(lambda batch: seen.extend(e.position for e in batch))
    _record("thing.changed")

    deliver_all()
    assert seen == [1]
    assert queries.lagging(followers.FOLLOWERS) == ["tests.broken"]
    assert queries.lagging(["tests.trace"]) == ["tests.trace"]

    broken.clear()
    deliver_all()
    assert queries.lagging([*followers.FOLLOWERS, "tests.trace"]) == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_give_the_same_batch_twice() -> None:
    seen: list[int] = []
    follows("*", name="tests.seen")(lambda batch: seen.extend(e.position for e in batch))
    _record(*["thing.changed"] * 40)

    def work() -> None:
        while deliver_all(limit=3):
            pass
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    deliver_all(limit=40)

    assert seen == list(range(1, 41))


@pytest.mark.django_db
def test_a_follower_may_read_everything_again() -> None:
    seen: list[int] = []
    follows("*", name="tests.seen")(lambda batch: seen.extend(e.position for e in batch))
    _record("thing.changed")
    deliver_all()

    place_follower("tests.seen", 0)
    deliver_all()

    assert seen == [1, 1]


@pytest.mark.django_db
def test_a_reaction_is_named_after_its_slice() -> None:
    @follows("*")
    def count_things(batch: list[JournalEntry]) -> None: ...

    assert list(followers.FOLLOWERS) == ["journal.count_things"]
