"""One process keeps the others running and leaves none behind."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.base.keeping import living_in_group, processes_of, wait_until
from thudo.base.supervisor import Spec, Supervisor
from thudo.base.supervisor.probes import answers_on_port, free_port
from thudo.base.supervisor.supervisor import NotReady

# A child that notes its start in a folder and then waits; a grandchild waits with it.
CHILD = """
import os, pathlib, subprocess, sys, time
folder = pathlib.Path(sys.argv[1])
(folder / f"started-{os.getpid()}").touch()
subprocess.Popen(["sleep", "99"])
time.sleep(99)
"""
SUPERVISOR = """
import pathlib, sys
from thudo.base.supervisor import Spec, Supervisor
folder = pathlib.Path(sys.argv[1])
spec = Spec("child", [sys.executable, "-c", sys.argv[2], str(folder)])
supervisor = Supervisor([spec], folder, print)
supervisor.start()
supervisor.run()
"""


def starts(folder: Path) -> int:
    return len(list(folder.glob("started-*")))


def waiting(folder: Path, name: str = "child") -> Spec:
    return Spec(name, [sys.executable, "-c", CHILD, str(folder)])


def test_a_fallen_child_is_started_again_and_that_is_said(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor([waiting(tmp_path)], tmp_path / "log", said.append)
    supervisor.start()
    wait_until(lambda: starts(tmp_path) == 1, "the child to start")

    first = supervisor.children[0].pid
    assert first
    os.kill(first, signal.SIGKILL)

    def tick() -> None:
        if starts(tmp_path) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        supervisor.run([tick])
    supervisor.stop()

    assert said[0].startswith("child ended with -9; again in 0.5 s")
    assert processes_of(tmp_path) == []


def test_pauses_grow_for_a_child_that_keeps_falling(tmp_path: Path) -> None:
    said: list[str] = []
    spec = Spec("faulty", [sys.executable, "-c", "print('no bread')"])
    supervisor = Supervisor([spec], tmp_path, said.append)
    supervisor.children[0].start()

    def tick() -> None:
        if len([line for line in said if "again in" in line]) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        supervisor.run([tick])
    supervisor.stop()

    assert "again in 0.5 s" in said[0]
    assert "no bread" in said[1]
    assert "again in 1.0 s" in said[2]


def test_a_child_that_never_becomes_ready_is_told_with_its_last_words(tmp_path: Path) -> None:
    spec = Spec("mute", [sys.executable, "-c", "print('no bread')"], is_ready=lambda: False)
    supervisor = Supervisor([spec], tmp_path, print)

    with pytest.raises(NotReady, match=r"mute ended with 0:\n +no bread"):
        supervisor.start()
    supervisor.stop()


def test_a_stop_also_ends_what_the_children_started(tmp_path: Path) -> None:
    supervisor = Supervisor([waiting(tmp_path)], tmp_path / "log", print)
    supervisor.start()
    wait_until(lambda: starts(tmp_path) == 1, "the child to start")
    group = supervisor.children[0].pid
    assert group

    supervisor.stop()

    assert living_in_group(group) == []


def test_a_killed_supervisor_leaves_no_child(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", SUPERVISOR, str(tmp_path), CHILD]) as supervisor:
        wait_until(lambda: starts(tmp_path) == 1, "the child to start")
        supervisor.kill()

    wait_until(lambda: processes_of(tmp_path) == [], "the child to end")


def test_a_port_in_use_is_seen_and_a_mute_one_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert not free_port("127.0.0.1", port)
        assert not answers_on_port("127.0.0.1", port, timeout=0.2)
    assert free_port("127.0.0.1", port)
