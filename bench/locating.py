"""How well places are found: `python bench/locating.py [--seed N] [--lines FILE] [--write FILE]`.

A random part of the known places is taken out of the gazetteer; lines are written about just
these, in many shapes, with the noise of phones. Prints the share of right wards, and how often
a confidence is kept. `--hold streets` takes out whole streets with all their numbers; `--hold last`
the three tenths of the points that the other ways never ask about (what is chosen is chosen without
them); `--fresh` writes only addresses, in other shapes. `--lines FILE` (columns id,text,ward_code)
measures given lines instead, with everything known; `--write FILE` keeps the lines made.
`--districts HN.json` (packs/hanoi/SOURCES.md) puts back what the pack leaves out of it where it
knows better: the streets of the points taken out, by former district.
"""

import argparse
import csv
import json
import random
import re
import sys
import time
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from thudo.base.folding import fold
from thudo.directory.rules.locating import AreaRow, Gazetteer, PlaceName, Sources, locate
from thudo.directory.rules.locating.locate import Candidate, evidence_of
from thudo.packs.rules.gazette import sources

PACK = Path(__file__).resolve().parents[1] / "packs" / "hanoi"
HELD_OUT = 0.3
STREETS_OUT = 0.2
DISTRICTS = PACK.parents[2] / "shared" / "data" / "hanoi" / "streets" / "HN.json"


class Line(NamedTuple):
    """A text about a ward; `shape`: what it is made of."""

    text: str
    ward: str
    shape: str


class Town(NamedTuple):
    """What the writer of lines knows."""

    new: dict[str, AreaRow]
    old: dict[str, list[AreaRow]]
    home: dict[str, AreaRow]


# {n} number, {s} street as mapped, {b} its bare name, {w} ward, {o} former ward (bare), {O} former
# ward in full, {D} former district in full, {d} bare, {p} name of a place.
ADDRESS = (
    "{n} {s}", "số {n} {s}", "số nhà {n} {b}", "trước số {n} {b}", "trước cửa nhà {n} {s}",
    "đối diện số {n} {b}", "{n} {b}, {w}", "số {n} {s}, {w}, Hà Nội", "{n} {b}, p. {o}",
    "{n} {b} {O}", "số {n} {b}, {O}, {D}", "{n} {b}, {d}", "{n} {b}, q. {d}", "{n} {b} hà nội",
    "gần số {n} phố {b}", "vỉa hè trước nhà {n} {b}", "khu vực số {n} đường {b}",
    "đ. {b} số {n}", "{b} số {n}", "phố {b}, số nhà {n}", "{b}, {w}", "đoạn đường {b} gần số {n}",
    "Rác đổ đầy trước số {n} {b} mấy hôm nay không ai dọn", "đèn đường hỏng ở {n} {s} 3 ngày rồi",
    "nắp cống vỡ ngay cổng nhà số {n} {b} {w}", "ngõ {n} {b}", "ngõ {n} {s}, {w}",
    "số 5 ngõ {n} {b}", "12/{n} {b}", "số 3 ngách 7 ngõ {n} {b}", "đầu ngõ {n} {b} bị ngập",
    "ngo {n} {b} q {d}", "nhà {n} {b} ph {o} cũ", "vị trí: {n} {b} (phường {o} cũ)",
    "{b} đoạn qua {w}", "cây đổ chắn ngang {b} gần nhà {n}", "sn {n} {b}", "{n} đường {b}",
    "Tôi ở {n} {b}, {d}, xin hỏi bao giờ sửa xong vỉa hè", "mất nước tại số {n} {b} từ tối qua",
)  # fmt: skip
PLACE = (
    "{p}", "{p}, {w}", "{p} {d}", "cổng {p}", "trước cổng {p} {O}", "gần {p}", "đối diện {p}",
    "{p}, {s}", "sau lưng {p}, {O}", "khu vực {p}", "bãi rác cạnh {p} bốc mùi", "{p} ({w})",
    "trước {p}, {D}", "{p} - {b}", "đoạn trước {p} bị ngập nặng",
)  # fmt: skip
AREA = (
    "{w}", "{w}, Hà Nội", "{O}", "{O} {D}", "{O} cũ", "p. {o}", "{O}, {d}", "thuộc {w}",
    "khu dân cư {O}", "{o} - {d}",
)  # fmt: skip
FRESH = (
    "cạnh số {n} {b}", "{n} phố {b} - {o}", "nhà mặt phố số {n} {b}", "đ/c {n} {b}, {w}",
    "địa chỉ: Số {n}, {s}, {O}, {D}, TP Hà Nội", "ngách {n}/12 {b}", "hẻm 5/8/{n} {b}", "{b} {n}",
    "{n} - {b} - {d}", "Số nhà {n} đường {b}, tổ dân phố số 5, {w}", "sau nhà số {n} {s}",
    "ngay trước cửa số {n} phố {b} có ổ gà to", "quán cafe tầng 1 số {n} {b}", "{w}: {n} {b}",
    "ở đầu {b}, chỗ số {n}", "TDP 4 {o}, số {n} {b}", "gửi về {n} {b} {O} {d} HN",
    "xe đỗ chắn cửa nhà em {n} {b} quận {d}", "lô cốt trước {n} {b} gây tắc", "Đường {b} (số {n})",
    "P. {o}, Q. {d}, {n} {b}", "dây điện võng ở đoạn {n} {b} kéo đến ngõ 7", "số {n}/15 {b}",
)  # fmt: skip
# Kinds nobody would give as a place.
UNLIKELY = {"waste_basket", "drinking_water", "warehouse", "address", "street"}


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--count", type=int, default=1500)
    options.add_argument("--hold", choices=("points", "streets", "last"), default="points")
    options.add_argument("--fresh", action="store_true")
    options.add_argument("--districts", type=Path, default=DISTRICTS)
    options.add_argument("--lines", type=Path)
    options.add_argument("--write", type=Path)
    options.add_argument("--wrong", type=int, default=0, help="show so many wrong ones")
    options.add_argument("--fit", type=Path, help="write (what trust is learned from) as CSV")
    args = options.parse_args()
    everything = sources(PACK)
    if args.lines:
        with args.lines.open(encoding="utf-8", newline="") as file:
            lines = [Line(r["text"], r["ward_code"], "given") for r in csv.DictReader(file)]
        report(Gazetteer(everything), lines, args.wrong, args.fit)
        return
    chance = random.Random(args.seed)
    known, held = held_out(everything, chance, args.hold)
    if args.districts.is_file():
        known = with_districts(known, everything, args.districts)
    lines = list(written(everything, held, chance, args.count, fresh=args.fresh))
    if args.write:
        with args.write.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(["id", "text", "ward_code"])
            out.writerows((n, line.text, line.ward) for n, line in enumerate(lines, 1))
    report(Gazetteer(known), lines, args.wrong, args.fit)


Point = tuple[float | None, float | None]


def held_out(full: Sources, chance: random.Random, how: str) -> tuple[Sources, list[PlaceName]]:
    """Without a part of the points; streets' own rows go too, for they were made of the points."""
    points = sorted({at(p) for p in full.places if p.longitude})
    asked = [point for point in points if is_last(point) == (how == "last")]
    gone = set(asked)
    if how == "points":
        gone = set(chance.sample(asked, round(len(points) * HELD_OUT)))
    out = gone
    if how == "streets":
        keys = sorted({street_of(p) for p in full.places if p.longitude} - {""})
        streets = set(chance.sample(keys, round(len(keys) * STREETS_OUT)))
        out = {at(p) for p in full.places if p.longitude and street_of(p) in streets}
        gone = {point for point in out if not is_last(point)}
    held = [p for p in full.places if at(p) in gone and p.kind != "street"]
    kept = [p for p in full.places if at(p) not in out and not (p.kind == "street" and p.longitude)]
    return full._replace(places=kept), held


def at(place: PlaceName) -> Point:
    return place.longitude, place.latitude


def is_last(point: Point) -> bool:
    """Whether the point is of the part that is asked about only at the end."""
    return zlib.crc32(f"{point[0]},{point[1]}".encode()) % 10 < 3


def street_of(place: PlaceName) -> str:
    text = place.name if place.kind in {"address", "street"} else place.detail
    return bare(re.sub(r"^\d\S*\s+", "", text))


def bare(street: str) -> str:
    return re.sub(r"^(phố|đường)\s+", "", unicodedata.normalize("NFC", street).lower().strip())


def with_districts(known: Sources, full: Sources, path: Path) -> Sources:
    """With the streets of each former district of which no point is known there any more."""
    districts = {a.names[0]: a for a in full.areas if a.wards and a.longitude is None}
    points = {(street_of(p), p.area) for p in known.places if p.longitude}
    told = {(street_of(p), p.area) for p in known.places if p.kind == "street"}
    more = []
    for row in json.loads(path.read_text("utf-8"))["district"]:
        district = districts[unicodedata.normalize("NFC", row["name"])]
        for name in sorted({unicodedata.normalize("NFC", street) for street in row["street"]}):
            key = bare(name)
            is_known = any((key, ward[0]) in points for ward in district.wards)
            if key[:1].isalpha() and not is_known and (key, district.code) not in told:
                told.add((key, district.code))
                more.append(PlaceName("street", name, "", district.code, None, None))
    return known._replace(places=[*known.places, *more])


def town(full: Sources) -> Town:
    new = {area.code: area for area in full.areas if not area.wards}
    old = defaultdict(list)
    for area in full.areas:
        for code, _default, _divided in area.wards if area.longitude else ():
            old[code].append(area)
    return Town(new, old, homes(full))


def homes(full: Sources) -> dict[str, AreaRow]:
    """The district of each former ward; where several could be, that of its neighbour by code."""
    districts = [area for area in full.areas if area.wards and area.longitude is None]
    found: dict[str, AreaRow] = {}
    open_ones = []
    for ward in sorted(
        (a for a in full.areas if a.wards and a.longitude), key=lambda a: a.official
    ):
        around = [d for d in districts if shares(d, ward)]
        if len(around) == 1:
            found[ward.code] = around[0]
        else:
            open_ones.append(ward)
    known = dict(found)
    for ward in open_ones:
        near = min(known, key=lambda code: abs(int(code[4:]) - int(ward.official)))
        found[ward.code] = known[near]
    return found


def written(
    full: Sources, held: list[PlaceName], chance: random.Random, count: int, *, fresh: bool = False
) -> Iterator[Line]:
    """Six in ten about an address, three about a place, one about a part of the city."""
    where = town(full)
    addresses = [p for p in held if p.kind == "address" and p.name[0].isdigit()]
    named: dict[str, int] = defaultdict(int)
    for place in full.places:
        named[place.name] += 1
    places = [
        p for p in held if p.kind not in UNLIKELY and " " in p.name and named[p.name] <= 3
        and " tại " not in p.name
    ]  # fmt: skip
    for _ in range(count):
        draw = chance.random()
        if fresh:
            yield about(FRESH, "address", chance.choice(addresses), where, chance)
        elif draw < 0.6:
            yield about(ADDRESS, "address", chance.choice(addresses), where, chance)
        elif draw < 0.9:
            yield about(PLACE, "place", chance.choice(places), where, chance)
        else:
            yield about(AREA, "area", chance.choice(addresses), where, chance)


def about(
    shapes: tuple[str, ...], kind: str, place: PlaceName, where: Town, chance: random.Random
) -> Line:
    shape = chance.choice([s for s in shapes if ("{s}" not in s and "{b}" not in s)
                           or place.kind == "address" or place.detail])  # fmt: skip
    number, _, street = (place.name if place.kind == "address" else place.detail).partition(" ")
    bare = street.split(" ", 1)[1] if street.lower().startswith(("phố ", "đường ")) else street
    former = nearest(where.old[place.area], place)
    district = where.home[former.code]
    text = shape.format(
        n=number, s=street, b=bare, w=where.new[place.area].full, o=former.names[0], O=former.full,
        d=district.names[0], D=district.full, p=place.name,
    )  # fmt: skip
    return Line(noisy(text, chance), place.area, f"{kind}: {shape}")


def shares(district: AreaRow, former: AreaRow) -> bool:
    return {w[0] for w in former.wards} <= {w[0] for w in district.wards}


def nearest(areas: list[AreaRow], place: PlaceName) -> AreaRow:
    def far(area: AreaRow) -> float:
        x, y = (
            (area.longitude or 0) - (place.longitude or 0),
            (area.latitude or 0) - (place.latitude or 0),
        )
        return x * x + y * y

    return min(areas, key=far)


def noisy(text: str, chance: random.Random) -> str:
    """As typed on phones: no accents, small letters, short words, a slip of the finger."""
    steps: list[tuple[float, Callable[[str], str]]] = [
        (0.4, fold), (0.3, str.lower), (0.03, str.upper),
        (0.15, lambda t: shortened(t)), (0.12, lambda t: slipped(t, chance)),
    ]  # fmt: skip
    for share, step in steps:
        if chance.random() < share:
            text = step(text)
    return text


def shortened(text: str) -> str:
    for long, short in (
        ("Phường ", "P."), ("phường ", "p "), ("phuong ", "p "), ("Quận ", "Q."), ("quận ", "q."),
        ("quan ", "q "), ("Đường ", "đ."), ("đường ", "đ "), ("Phố ", "p. "), ("Huyện ", "h. "),
        ("Ngõ ", "ng. "), ("ngõ ", "ng "), ("ngo ", "ng "), ("Tiểu học", "TH"),
        ("Trung học cơ sở", "THCS"), ("trung hoc co so", "thcs"), ("Mầm non", "MN"),
        ("Bệnh viện", "BV"), ("Trung học phổ thông", "THPT"), ("Đại học", "ĐH"),
    ):  # fmt: skip
        text = text.replace(long, short)
    return text


def slipped(text: str, chance: random.Random) -> str:
    """One letter of a longer word changed, lost, doubled or swapped."""
    words = text.split(" ")
    long = [n for n, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    if not long:
        return text
    place = chance.choice(long)
    word, at = words[place], chance.randrange(1, len(words[place]) - 1)
    words[place] = chance.choice([
        word[:at] + chance.choice("aeiouhntg") + word[at + 1:], word[:at] + word[at + 1:],
        word[:at] + word[at] + word[at:], word[:at] + word[at + 1] + word[at] + word[at + 2:],
    ])  # fmt: skip
    return " ".join(words)


def report(gazetteer: Gazetteer, lines: list[Line], wrong: int, fit: Path | None) -> None:
    times, rows = [], []
    for line in lines:
        begun = time.process_time()
        found = locate(gazetteer, line.text)
        times.append((time.process_time() - begun) * 1000)
        best = found[0] if found else None
        if fit:
            with fit.open("a", encoding="utf-8") as file:
                print(*features(gazetteer, line, best), sep="\t", file=file)
        rows.append((line, best, bool(best and best.ward == line.ward)))
        if wrong and not rows[-1][2]:
            wrong -= 1
            print(f"{line.text!r}  {line.shape}\n    right {gazetteer.rows[line.ward].full};",
                  f"said {best and (gazetteer.rows[best.ward].full, best.confidence, best.found)}")  # fmt: skip
    times.sort()
    sure = [right for _line, best, right in rows if best and best.confidence >= 0.5]
    print(f"{len(rows)} lines: right ward first {share(r for *_, r in rows)}; with confidence >= 0.5: "
          f"{len(sure)} ({len(sure) / len(rows):.1%}), right {share(sure)}; "
          f"no answer {sum(best is None for _l, best, _r in rows)}")  # fmt: skip
    print(
        f"one core, per text: median {times[len(times) // 2]:.1f} ms, p95 {times[len(times) * 95 // 100]:.1f} ms"
    )
    for kind in sorted({line.shape.split(":")[0] for line in lines}):
        mine = [(best, right) for line, best, right in rows if line.shape.split(":")[0] == kind]
        ok = [right for best, right in mine if best and best.confidence >= 0.5]
        print(
            f"  {kind}: {len(mine)} lines, right {share(r for _b, r in mine)}, of {len(ok)} sure {share(ok)}"
        )
    print("confidence  lines  right")
    for low in (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        here = [
            r for _l, best, r in rows if best and low <= best.confidence < low + 0.1 + (low == 0.9)
        ]
        if here:
            print(f"  {low:.1f}-{low + 0.1:.1f}   {len(here):5d}  {share(here)}")


def features(gazetteer: Gazetteer, line: Line, best: Candidate | None) -> list[object]:
    words = gazetteer.grammar.read(line.text)
    _found, seen, evidence = evidence_of(gazetteer, words)
    if not best:
        return []
    top = gazetteer.index[best.ward]
    agree = sum(int(e.shares.argmax()) == top and e.shares[top] > 0.25 for e in evidence)
    other = sum(int(e.shares.argmax()) != top and e.shares.max() > 0.5 for e in evidence)
    kinds = "+".join(sorted(e.kind for e in evidence))
    q, total, count = (
        (round(seen[0].quality, 2), round(seen[0].named.total, 1), len(seen[0].named.places))
        if seen
        else (0, 0, 0)
    )
    support = round(max((float(e.shares[top]) for e in evidence), default=0), 2)
    return [
        int(best.ward == line.ward),
        best.confidence,
        kinds,
        agree,
        other,
        q,
        total,
        count,
        support,
        line.shape.split(":")[0],
        line.text,
    ]


def share(rights: Iterator[bool] | list[bool]) -> str:
    found = list(rights)
    return f"{sum(found) / len(found):.1%}" if found else "-"


if __name__ == "__main__":
    main()
