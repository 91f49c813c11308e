"""Background work: plain loops, each in a thread of its own with its own database connection.

    @loop(seconds=1.0)
    def escalate_overdue() -> None: ...        # in thudo/<slice>/jobs.py

A loop is a door: it reads the clock itself and calls one action. One that returns True had more
to do than it took, and is called again at once.
"""

import importlib
import importlib.util
import logging
import signal
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings
from django.db import OperationalError, close_old_connections, connections

log = logging.getLogger(__name__)

_LONGEST_PAUSE = 60.0
_FIRST_PAUSE = 1.0
_STOP_SECONDS = 10.0

Work = Callable[[], bool | None]
Function = TypeVar("Function", bound=Work)


@dataclass(frozen=True)
class Loop:
    """`work` every `seconds`; `name` is module.function, as in thudo.journal.jobs.sequence."""

    name: str
    seconds: float
    work: Work


_loops: dict[str, Loop] = {}


def loop(seconds: float = 1.0) -> Callable[[Function], Function]:
    """Register a function as a background loop, run every `seconds`."""

    def register(work: Function) -> Function:
        name = f"{work.__module__}.{work.__qualname__}"
        _loops[name] = Loop(name, seconds, work)
        return work

    return register


def discover() -> list[Loop]:
    """Every loop of every slice's jobs.py, in the order of their names.

    Followers are read too: one of the loops brings them the journal.
    """
    rooms = [f"thudo.{name}.{room}" for name in settings.SLICES for room in ("followers", "jobs")]
    for room in rooms:
        if importlib.util.find_spec(room):
            importlib.import_module(room)
    return [_loops[name] for name in sorted(_loops)]


def chosen(loops: Iterable[Loop], only: str | None) -> list[Loop]:
    """All of them, or those whose name is or ends in `only` ("journal.jobs.sequence")."""
    return [each for each in loops if not only or f".{each.name}".endswith(f".{only}")]


def run(loops: Iterable[Loop], stop: threading.Event) -> None:
    """Run the loops until `stop` is set; returns when all have finished their turn."""
    threads = [
        threading.Thread(target=keep_running, args=(each, stop), name=each.name, daemon=True)
        for each in loops
    ]
    for thread in threads:
        thread.start()
    stop.wait()
    for thread in threads:
        thread.join(_STOP_SECONDS)
        if thread.is_alive():
            log.warning("%s did not finish within %.0f s", thread.name, _STOP_SECONDS)


def work(only: str | None = None) -> int:
    """`thudo work`: run until SIGTERM or Ctrl-C; 1 when there is no such loop."""
    loops = chosen(discover(), only)
    if not loops:
        log.error("There is no loop%s.", f" named {only}" if only else "")
        return 1
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    log.info("running %s", ", ".join(each.name for each in loops))
    run(loops, stop)
    return 0


def keep_running(each: Loop, stop: threading.Event) -> None:
    """One loop's thread: errors are told and waited out, never fatal."""
    failures = 0
    try:
        while not stop.is_set():
            more, failures = _one_turn(each, failures)
            stop.wait(pause(each.seconds, failures, more=more))
    finally:
        connections.close_all()


def pause(seconds: float, failures: int, *, more: bool) -> float:
    """Seconds until the next turn: doubled with every failure in a row, up to a minute."""
    if failures:
        return min(max(seconds, _FIRST_PAUSE) * 2.0 ** min(failures - 1, 16), _LONGEST_PAUSE)
    return 0.0 if more else seconds


def _one_turn(each: Loop, failures: int) -> tuple[bool, int]:
    """(whether there is more to do, failures in a row)."""
    try:
        return bool(each.work()), 0
    except OperationalError as error:
        # The server is away or cut us off: the reason is enough, and the connection is renewed.
        log.warning("%s: %s", each.name, str(error).strip())
    except Exception:
        log.exception("%s failed", each.name)
    close_old_connections()
    return False, failures + 1
