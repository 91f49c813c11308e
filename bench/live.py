"""Watchers of the live process: is everything delivered, how soon after COMMIT, at what price?

    python bench/live.py --watchers 2000 --seconds 20

200 watchers follow the wall, each other one a petition of its own. A publisher commits 20 entries
a second, each about one of those petitions; a sequencer runs as in the worker; granian serves
thudo.live. The client is one epoll loop on the same machine. Makes a database of its own on the
server of DATABASE_URL and drops it.
"""

import argparse
import json
import multiprocessing
import os
import re
import selectors
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

WALL = 200
SECRET = "bench-only"


def main() -> None:
    args = arguments()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thudo.settings")
    os.environ["THUDO_SECRET_KEY"] = SECRET
    with database(os.environ["DATABASE_URL"]) as url:
        os.environ["DATABASE_URL"] = url
        run(args)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--watchers", type=int, default=2000)
    parser.add_argument("--rate", type=float, default=20.0, help="entries a second")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--port", type=int, default=8345)
    return parser.parse_args()


@contextmanager
def database(url: str) -> Any:
    name = f"bench_live_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    parts = urlsplit(url)
    try:
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run(args: argparse.Namespace) -> None:
    in_process(migrate)
    server = start_live(args)
    try:
        worker = the_worker(server.pid)
        before = memory(worker)
        began = time.monotonic()
        watchers = connect(args)
        print(f"{args.watchers} watchers connected in {time.monotonic() - began:.1f} s")
        time.sleep(1)
        each = (memory(worker) - before) / args.watchers
        cpu, clock = cpu_seconds(worker), time.monotonic()
        publisher, committed = start_publisher(args)
        arrivals = listen(watchers, args.seconds + 6)
        used = (cpu_seconds(worker) - cpu) / (time.monotonic() - clock)
        report(args, dict(committed.recv()), arrivals, each, used)
        publisher.join()
    finally:
        server.terminate()
        server.wait()


def in_process(work: Any) -> None:
    process = multiprocessing.get_context("spawn").Process(target=work)
    process.start()
    process.join()
    assert process.exitcode == 0


def migrate() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", "journal", verbosity=0)
    from thudo.journal.actions import sequence_entries

    sequence_entries()


def start_live(args: argparse.Namespace) -> subprocess.Popen[bytes]:
    command = [
        sys.executable, "-m", "granian", "--interface", "asgi", "--no-ws", "--port", str(args.port),
        "--backlog", "16384", "--backpressure", "12000", "thudo.live.asgi:app",
    ]  # fmt: skip
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", args.port)) == 0:
                probe.sendall(b"GET /live/health HTTP/1.1\r\nHost: x\r\n\r\n")
                if b" 200 " in probe.recv(200):
                    return server
        time.sleep(0.1)
    raise SystemExit("live did not start")


def the_worker(parent: int) -> int:
    """The process that serves: granian's child (the last one; one may track resources)."""
    children = subprocess.run(["pgrep", "-P", str(parent)], capture_output=True, text=True)
    return max((int(pid) for pid in children.stdout.split()), key=memory)


def memory(pid: int) -> int:
    """Resident bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def number_of(watcher: int) -> str:
    return str(1_000_000_000 + watcher)


def connect(args: argparse.Namespace) -> dict[socket.socket, int]:
    from thudo.live import rules

    key = rules.grant_key(SECRET)
    watchers = {}
    for n in range(args.watchers):
        topic = "wall" if n < WALL else f"petition:{number_of(n)}"
        token = rules.signed(rules.new_grant([topic], "", int(time.time())), key)
        stream = socket.create_connection(("127.0.0.1", args.port))
        stream.sendall(f"GET /live/stream?grant={token} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        watchers[stream] = n
    for stream in watchers:
        received = b""
        while b": thudo" not in received:
            received += stream.recv(4096)
        stream.settimeout(0)
    return watchers


def start_publisher(args: argparse.Namespace) -> tuple[Any, Any]:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(
        target=publish, args=(args.watchers, args.rate, args.seconds, there), daemon=True
    )
    process.start()
    return process, here


def publish(watchers: int, rate: float, seconds: float, answer: Any) -> None:
    import threading

    import django

    django.setup()
    from django.db import transaction

    from thudo.base.clock import now
    from thudo.base.loops import Loop, keep_running
    from thudo.journal import actions, queries
    from thudo.journal.rules import Subject

    queries.sentences = lambda: {"case.accepted": "x"}
    stop = threading.Event()
    work = Loop("sequence", 0.03, lambda: actions.sequence_entries() == actions.BATCH)
    sequencer = threading.Thread(target=keep_running, args=(work, stop))
    sequencer.start()
    committed = {}
    start = time.monotonic() + 0.5
    for n in range(int(rate * seconds)):
        time.sleep(max(0, start + n / rate - time.monotonic()))
        about = WALL + n * 7919 % (watchers - WALL)
        subject = Subject("case", f"bench-{n}", 1)
        data = {
            "state": "awaiting_handling", "service": "road-surface", "area": "00070",
            "unit": "ward-00070", "petition": number_of(about), "public": True,
            "due_at": "2026-02-24T10:00:00+07:00",
        }  # fmt: skip
        with transaction.atomic():
            actions.record("case.accepted", subject=subject, actor="user:1", at=now(), data=data)
        committed[n] = (time.monotonic(), about)
    time.sleep(1)
    stop.set()
    sequencer.join()
    answer.send(committed)


def listen(watchers: dict[socket.socket, int], seconds: float) -> list[tuple[int, int, float]]:
    """(watcher, entry, instant) of every arrival."""
    found = re.compile(rb'"subject":\{"kind":"case","id":"bench-(\d+)"')
    poll = selectors.EpollSelector()
    for stream in watchers:
        poll.register(stream, selectors.EVENT_READ)
    arrivals: list[tuple[int, int, float]] = []
    rest: dict[int, bytes] = {}
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for ready, _ in poll.select(0.5):
            stream: Any = ready.fileobj
            raw = stream.recv(1 << 16)
            at = time.monotonic()
            if not raw:
                raise SystemExit("live closed a stream")
            watcher = watchers[stream]
            frames, _, tail = (rest.get(watcher, b"") + raw).rpartition(b"\n\n")
            rest[watcher] = tail
            arrivals += [(watcher, int(n), at) for n in found.findall(frames)]
    return arrivals


def report(
    args: argparse.Namespace,
    committed: dict[int, tuple[float, int]],
    arrivals: list[tuple[int, int, float]],
    each: float,
    used: float,
) -> None:
    wanted = Counter((w, n) for n, (_, about) in committed.items() for w in (*range(WALL), about))
    got = Counter((w, n) for w, n, _ in arrivals)
    waits = sorted((at - committed[n][0]) * 1000 for _, n, at in arrivals)
    figures = {
        "watchers": args.watchers,
        "entries": len(committed),
        "deliveries": len(arrivals),
        "all delivered once": got == wanted,
        "commit to socket ms p50": round(waits[len(waits) // 2]),
        "commit to socket ms p99": round(waits[int(len(waits) * 0.99)]),
        "commit to socket ms max": round(waits[-1]),
        "kB a watcher": round(each / 1000, 1),
        "live's share of one core": round(used, 3),
    }
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
