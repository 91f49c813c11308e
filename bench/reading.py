"""How long pages take that read much, on a database filled by `thudo simulate bulk`.

    DATABASE_URL=postgresql://... bin/bench reading [--rounds 20] [--explain]

Requests go through Django's whole stack in this process (no network), one after another; the
queries vary: wards by chance, the commonest words of Vietnamese petitions, map views of the city, a
ward and a street, pages far down. Reported per page: p50, p95 and the statements of one request;
`--explain` prints the plan of the slowest statement of every page whose p95 is over 100 ms.
"""

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thudo.settings")
os.environ.setdefault("THUDO_SECRET_KEY", "bench")
os.environ.setdefault("THUDO_HOSTS", "testserver,localhost")
WORDS = ("duong", "rác", "đèn", "không", "xe", "ngập nước", "via he", "cay xanh do", "ngõ", "trước")
AIM = 100.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--only", default="", help="pages whose name has these words in it")
    parser.add_argument("--explain", action="store_true")
    args = parser.parse_args()
    import django
    from django.conf import settings

    # Pages are measured, not the build: names of files need no manifest of the newest ones.
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}
    django.setup()
    dice = random.Random(7)
    print(f"{size()} petitions; load average {os.getloadavg()[0]:.1f}")
    print("| page | p50 ms | p95 ms | statements | of it in the database, p95 ms |")
    print("|---|---|---|---|---|")
    for name, address in pages(dice).items():
        if args.only not in name:
            continue
        times, inside, slowest, count = measured(address, args.rounds)
        p95 = percentile(times)
        print(
            f"| {name} | {statistics.median(times):.0f} | {p95:.0f} | {count} |"
            f" {percentile(inside):.0f} |",
            flush=True,
        )
        if args.explain and p95 > AIM and slowest:
            explain(slowest)


def size() -> int:
    from thudo.petitions.models import Petition

    return Petition.objects.count()


def pages(dice: random.Random) -> dict[str, Callable[[], str]]:
    """What is asked, by the name of the page."""
    from thudo.directory.models import Area
    from thudo.petitions.models import Petition

    areas = list(Area.objects.filter(kind__in=["ward", "commune"], valid_to=None))
    public = Petition.objects.filter(is_public=True, is_hidden=False, handling="case")
    numbers = list(public.values_list("number", flat=True)[:2000])
    services = ["road_damage", "waste", "encroachment", "trees", "noise"]

    def box(degrees: float) -> str:
        area = dice.choice(areas)
        x, y = area.longitude or 105.84, area.latitude or 21.02
        parts = (x - degrees, y - degrees, x + degrees, y + degrees)
        zoom = {0.02: 14, 0.003: 17}[degrees]
        found = ",".join(f"{part:.5f}" for part in parts)
        return f"/map/petitions.geojson?bbox={found}&zoom={zoom}"

    return {
        "front page": lambda: "/",
        "list, newest": lambda: "/petitions/",
        "list, one service": lambda: f"/petitions/?service={dice.choice(services)}",
        "list, one ward": lambda: f"/petitions/?area={dice.choice(areas).code}",
        "list, late": lambda: "/petitions/?state=late",
        "search, commonest words": lambda: f"/petitions/?q={dice.choice(WORDS)}",
        "search, a word in a ward": lambda: (
            f"/petitions/?q={dice.choice(WORDS)}&area={dice.choice(areas).code}"
        ),
        "map data, whole city": lambda: (
            "/map/petitions.geojson?bbox=105.28,20.56,106.02,21.39&zoom=10"
        ),
        "map data, a ward": lambda: box(0.02),
        "map data, a street": lambda: box(0.003),
        "areas": lambda: "/areas/",
        "a ward": lambda: f"/areas/{dice.choice(areas).code}",
        "tracking": lambda: f"/petitions/{dice.choice(numbers)}",
        "wall": lambda: "/wall",
    }


def measured(
    address: Callable[[], str], rounds: int
) -> tuple[list[float], list[float], tuple[str, Any] | None, int]:
    """Milliseconds of each request and of its statements; the slowest statement; how many."""
    from django.db import connection
    from django.test import Client

    client = Client()
    times, inside = [], []
    worst, slowest, count = 0.0, None, 0
    for turn in range(rounds + 2):
        said: list[tuple[float, str, Any]] = []
        began = time.perf_counter()
        with connection.execute_wrapper(listener(said)):
            where = address()
            answer = client.get(where)
            if answer.streaming:
                b"".join(answer.streaming_content)
        spent = (time.perf_counter() - began) * 1000
        if answer.status_code != 200:
            raise SystemExit(f"{where}: {answer.status_code}")
        if turn < 2:
            continue
        times.append(spent)
        inside.append(sum(one[0] for one in said))
        count = len(said)
        for took, statement, values in said:
            if took > worst:
                worst, slowest = took, (statement, values)
    return times, inside, slowest, count


def listener(said: list[tuple[float, str, Any]]) -> Callable[..., Any]:
    def listen(execute: Any, statement: str, values: Any, many: Any, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(statement, values, many, context)
        finally:
            said.append(((time.perf_counter() - began) * 1000, statement, values))

    return listen


def explain(slowest: tuple[str, Any]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {slowest[0]}", slowest[1])
        print("\n".join(["", "```", *lines(cursor), "```", ""]))


def lines(cursor: Any) -> Iterator[str]:
    return (row[0][:180] for row in cursor.fetchall()[:30])


def percentile(values: list[float]) -> float:
    return sorted(values)[max(int(len(values) * 0.95) - 1, 0)]


if __name__ == "__main__":
    main()
