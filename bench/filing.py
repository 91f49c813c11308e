"""Filing through HTTP beside pgbench with the same statement, on the same server, in one run.

    bin/bench filing [--seconds 8] [--rounds 3]

Rounds are interleaved (pgbench, HTTP, pgbench, HTTP ...) at 16 and 64 connections; the ratio is
taken within each round. CPU per filing is the time of all processes (web, worker with the
sequencer, live, PostgreSQL) between the first and the last request, over the petitions filed; the
load generator is left out. Then 50 filings a second, open loop. Everything runs on a database of
its own with the Hanoi pack; the classifier and idempotency are on, photos are not sent.
"""

import argparse
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PORT = 8431
PARTS = ("web", "live", "worker")
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "bench"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="thudo-bench-") as folder:
        os.environ |= {
            "THUDO_SECRET_KEY": "bench", "THUDO_DATA": folder, "THUDO_LOG": "ERROR",
            "DJANGO_SETTINGS_MODULE": "thudo.settings",
        }  # fmt: skip
        os.environ.pop("THUDO_DEMO", None)
        from thudo.base import keeper

        with keeper.server(Path(folder)) as url:
            os.environ["DATABASE_URL"] = url
            prepare()
            with processes() as pids:
                measure(args, url, pids)


def prepare() -> None:
    for command in (["migrate"], ["pack", "load", str(ROOT / "packs" / "hanoi")]):
        subprocess.run(
            [sys.executable, "-m", "thudo", *command],
            check=True,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )


@contextmanager
def processes() -> Iterator[list[int]]:
    """Web, worker and live as `thudo up` starts them, the web on a port of its own."""
    granian = [sys.executable, "-m", "granian", "--no-ws", "--log-level", "warning"]
    commands = [
        [*granian, "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(PORT), "--workers",
         "2", "--blocking-threads", "4", "--backlog", "2048", "thudo.wsgi:application"],
        [*granian, "--interface", "asgi", "--host", "127.0.0.1", "--port", str(PORT + 1),
         "--backpressure", "2000", "thudo.live.asgi:app"],
        [sys.executable, "-m", "thudo", "work"],
    ]  # fmt: skip
    started = [subprocess.Popen(c, cwd=ROOT, start_new_session=True) for c in commands]
    try:
        wait_until_up()
        yield [p.pid for p in started]
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(20)


def wait_until_up() -> None:
    import urllib.request

    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/api/v1/services", timeout=2)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the web process did not come up")


def measure(args: argparse.Namespace, url: str, pids: list[int]) -> None:
    import load

    make = load.filing(points(), texts())
    load.closed_loop(PORT, make, connections=16, seconds=4)
    script, defined = pgbench_script()
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        for connections in (16, 64):
            compare(args, url, pids, file.name, connections, make, defined)
    calm = load.open_loop(PORT, make, rate=50, seconds=max(20.0, args.seconds))
    print(
        f"50 filings/s, open loop: p50 {calm.percentile(0.5) * 1e3:.0f} ms, "
        f"p99 {calm.percentile(0.99) * 1e3:.0f} ms, statuses {calm.statuses}"
    )


def compare(
    args: argparse.Namespace, url: str, pids: list[int], script: str, connections: int, make: Any,
    size: int,
) -> None:  # fmt: skip
    import load

    ratios, rates, costs, base, worst, shares = [], [], [], [], [], []
    for _ in range(args.rounds):
        base.append(pgbench(url, script, connections, args.seconds))
        # Its backends must have ended, or their time is counted as the filings'.
        time.sleep(1)
        before = cpu_seconds(pids)
        result = load.closed_loop(PORT, make, connections=connections, seconds=args.seconds)
        after = cpu_seconds(pids)
        spent = {part: after[part] - before[part] for part in after}
        cost = sum(spent.values())
        if set(result.statuses) != {201}:
            raise SystemExit(f"not every filing was answered with 201: {result.statuses}")
        rates.append(result.rate)
        costs.append(cost / len(result.seconds) * 1e3)
        shares.append({p: s / len(result.seconds) * 1e3 for p, s in spent.items()})
        ratios.append(result.rate / base[-1])
        worst.append(result.percentile(0.99) * 1e3)
    print(
        f"{connections} connections, {args.rounds} rounds, medians: {median(rates):.0f} filings/s, "
        f"pgbench {median(base):.0f}/s (statement of {size} parameters), ratio {median(ratios):.2f} "
        f"({min(ratios):.2f}-{max(ratios):.2f}), CPU {median(costs):.2f} ms a filing over all "
        f"processes ("
        + ", ".join(f"{p} {median([s[p] for s in shares]):.2f}" for p in shares[0])
        + f"), p99 {median(worst):.0f} ms"
    )


def median(values: list[float]) -> float:
    return statistics.median(values)


def pgbench(url: str, script: str, connections: int, seconds: float) -> float:
    from thudo.base.keeper import pg_bin_dir

    command = [
        str(pg_bin_dir() / "pgbench"), "-n", "-M", "prepared", "-f", script, "-c", str(connections),
        "-j", "2", "-T", str(int(seconds)), url,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True)
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    if not found:
        raise SystemExit((done.stdout + done.stderr)[-1500:])
    return float(found[1])


def pgbench_script() -> tuple[str, int]:
    """The statement that one filing really sent, with its values: those that must be new in each
    transaction are made from a random number."""
    import django

    django.setup()
    from thudo.accounts.rules import RESIDENT
    from thudo.base import database
    from thudo.base.clock import now
    from thudo.petitions.actions import file_petition
    from thudo.petitions.rules import Contact, Filing, RequestKey

    sent: list[tuple[str, list[Any]]] = []
    send = database._send
    database._send = lambda pieces: (sent.append(_seen(database, pieces)), send(pieces))  # type: ignore[assignment]
    longitude, latitude = points()[0]
    filing = Filing(
        text=texts()[0], longitude=longitude, latitude=latitude,
        contact=Contact("Minh Họa", "0900000000"),
    )  # fmt: skip
    receipt = file_petition(filing, key=RequestKey("bench", "k"), actor=RESIDENT, at=now())
    database._send = send
    statement, values = max(sent, key=lambda one: len(one[1]))
    return _script(statement, values, receipt.number), len(values)


def _seen(database: Any, pieces: list[tuple[str, Any]]) -> tuple[str, list[Any]]:
    return database._joined(tuple(p for p, _ in pieces)), [v for _, some in pieces for v in some]


def _script(statement: str, values: list[Any], number: str) -> str:
    import uuid

    ids = sorted({str(v) for v in values if isinstance(v, uuid.UUID)})
    lines = [f"\\set r{i} random(1, 9000000000000)" for i in range(len(ids) + 1)]
    fresh = {one: i for i, one in enumerate(ids)}
    literals = [_literal(v, fresh, number, len(ids)) for v in values]
    text = re.sub(r"\$(\d+)", lambda m: literals[int(m[1]) - 1], statement)
    return "\n".join([*lines, "BEGIN;", " ".join(text.split()) + ";", "COMMIT;"]) + "\n"


def _literal(value: Any, fresh: dict[str, int], number: str, last: int) -> str:
    import uuid

    if value is None or isinstance(value, bool | int | float):
        return "NULL" if value is None else str(value).lower()
    if isinstance(value, uuid.UUID):
        return f"('00000000-0000-4000-8000-' || lpad((:r{fresh[str(value)]})::text, 12, '0'))::uuid"
    if value in (number, "k"):
        return f"(:r{last})::text"
    return _plain(value)


def _plain(value: Any) -> str:
    from datetime import datetime

    from psycopg.types.json import Jsonb

    if isinstance(value, datetime):
        return f"'{value.isoformat()}'::timestamptz"
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'::bytea"
    if isinstance(value, Jsonb):
        return _quoted(json.dumps(value.obj, ensure_ascii=False)) + "::jsonb"
    return _quoted(str(value)) + "::text"


def _quoted(text: str) -> str:
    # pgbench reads :name as a variable, also within quotes.
    safe = text.replace("\\", "\\\\").replace("'", "''")
    return "E'" + re.sub(r":(?=[A-Za-z0-9_])", r"\\072", safe) + "'"


def cpu_seconds(pids: list[int]) -> dict[str, float]:
    """User and system time by part: web, live, worker (with their children) and postgres."""
    ticks = os.sysconf("SC_CLK_TCK")
    used, parents = {}, {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            name = (entry / "comm").read_text().strip()
        except OSError:
            continue
        # utime, stime, and those of children already waited for (backends that ended).
        used[int(entry.name)] = (sum(map(int, fields[11:15])) / ticks, name)
        parents[int(entry.name)] = int(fields[1])
    parts = dict.fromkeys((*PARTS, "postgres"), 0.0)
    for pid, (seconds, name) in used.items():
        for part, root in zip(PARTS, pids, strict=True):
            if _is_of(pid, parents, [root]):
                parts[part] += seconds
        if name == "postgres" and _is_ours(pid):
            parts["postgres"] += seconds
    return parts


def _is_of(pid: int, parents: dict[int, int], roots: list[int]) -> bool:
    while pid > 1:
        if pid in roots:
            return True
        pid = parents.get(pid, 0)
    return False


def _is_ours(pid: int) -> bool:
    """Of the embedded server: Debian's own, if one runs, is not measured."""
    try:
        program = str(Path(f"/proc/{pid}/exe").readlink())
    except OSError:
        return False
    return "embedded" in program or "thudo" in program


def points() -> list[tuple[float, float]]:
    import csv

    with (ROOT / "packs/hanoi/places-osm.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    dice = random.Random(5)
    return [(float(r["longitude"]), float(r["latitude"])) for r in dice.sample(rows, 500)]


def texts() -> list[str]:
    import tomllib

    stories = tomllib.loads((ROOT / "packs/hanoi/demo/stories.toml").read_text("utf-8"))["stories"]
    return [t.format(place="số 12 phố Khương Đình") for s in stories for t in s["texts"]]


main()
