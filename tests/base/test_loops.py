"""Background loops: errors are waited out, a stop is clean."""

import logging
import threading

import pytest

from tests.base.keeping import wait_until
from thudo.base import loops
from thudo.base.loops import Loop


def test_a_loop_goes_on_after_an_error(caplog: pytest.LogCaptureFixture) -> None:
    stop, turns = threading.Event(), []

    def work() -> None:
        turns.append(1)
        if len(turns) == 1:
            raise ValueError("once")
        stop.set()

    with pytest.MonkeyPatch.context() as patch, caplog.at_level(logging.ERROR):
        patch.setattr(loops, "_FIRST_PAUSE", 0.01)
        # In a thread of its own, as always: it closes the connections of its thread.
        runner = threading.Thread(
            target=loops.keep_running, args=(Loop("tests.work", 0.01, work), stop)
        )
        runner.start()
        runner.join(10)

    assert len(turns) == 2
    assert "tests.work failed" in caplog.text


def test_a_loop_with_more_to_do_runs_again_at_once() -> None:
    assert loops.pause(5, 0, more=True) == 0
    assert loops.pause(5, 0, more=False) == 5


def test_pauses_double_with_failures_up_to_a_minute() -> None:
    assert [loops.pause(0.05, n, more=False) for n in (1, 2, 3)] == [1, 2, 4]
    assert loops.pause(0.05, 50, more=False) == 60


def test_all_loops_stop_when_told() -> None:
    stop, seen = threading.Event(), set()
    pair = [Loop(name, 0.01, lambda name=name: seen.add(name)) for name in ("a", "b")]  # type: ignore[misc]
    runner = threading.Thread(target=loops.run, args=(pair, stop))

    runner.start()
    wait_until(lambda: len(seen) == 2, "both loops to run")
    stop.set()
    runner.join(5)

    assert not runner.is_alive()


def test_one_loop_is_chosen_by_the_end_of_its_name() -> None:
    every = [Loop("thudo.a.jobs.sweep", 1, bool), Loop("thudo.b.jobs.sweep", 1, bool)]

    assert loops.chosen(every, None) == every
    assert loops.chosen(every, "b.jobs.sweep") == every[1:]
    assert loops.chosen(every, "weep") == []
