"""The city's names in memory: parts of the city, streets with their known numbers, places."""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely

from thudo.directory.rules.locating.addresses import Address, address_of, along, leading
from thudo.directory.rules.locating.rows import AreaRow, PlaceName, Road, Sources
from thudo.directory.rules.locating.words import Grammar, Word, key_of, toned_of, words_of
from thudo.directory.rules.words import is_one_slip, spellings

Shares = Any  # numpy array: one share for each ward
# About 100 m of a road is worth this much of a known place on it.
_ROAD_STEP = 0.001
_ROAD_WEIGHT = 0.25
# Streets known by a former district only: the district's wards share this weight.
_HEARSAY = 0.4
_DEFAULT_SHARE = 0.6
# Namesakes of a street say this much of where it is, when little else does.
_NAMESAKES = 0.4
_WELL_KNOWN = 1.5
# Shorter names are never mended: too many others are one slip away.
_MENDED_FROM = 7
# Words that so many names bear say nothing alone.
COMMON = 1500
# So many names that begin alike begin with what the place is.
_HEAD_FROM = 12
_LONGEST_HEAD = 6
_KEPT_SPELLINGS = 20_000


class Spot(NamedTuple):
    """A known point of a street. `number` along it (0: none); `house`, `lanes` as written;
    `ward`: its place in Gazetteer.wards."""

    number: int
    house: str
    lanes: tuple[str, ...]
    ward: int
    longitude: float
    latitude: float
    weight: float
    toned: str


class Street:
    """A name of streets, wherever in the city they are."""

    def __init__(self, key: str, size: int) -> None:
        self.key = key
        self.toned: dict[str, int] = {}
        self.name = ""
        self.spots: list[Spot] = []
        self.shares: Shares = np.zeros(size)
        # Wards of the former district in which it is said to be; of weight _HEARSAY.
        self.hearsay: Shares = np.zeros(size)
        # Known from a map or a list of streets, not only from what places say of themselves.
        self.is_sure = False

    def called(self, address: Address) -> None:
        """Remember how it is spelled; the commonest spelling with accents is the name."""
        toned = toned_of(address.words)
        self.toned[toned] = self.toned.get(toned, 0) + 1
        if not self.name or (self.name.isascii() and not address.name.isascii()):
            self.name = address.name

    def add(self, spot: Spot) -> None:
        self.spots.append(spot)
        self.shares[spot.ward] += spot.weight


class Part(NamedTuple):
    """A name of a part of the city. `role`: ward, former_ward, district; `shares` sum to 1;
    `is_open`: the name alone does not say in which ward."""

    role: str
    code: str
    full: str
    toned: str
    shares: Shares
    longitude: float | None
    latitude: float | None
    is_open: bool


class Place(NamedTuple):
    """A known place; `street`: the key of its street, "" unknown; `house` its number there."""

    kind: str
    name: str
    ward: int
    longitude: float
    latitude: float
    street: str
    house: str


class Named:
    """All places of one name, and the words of the name."""

    __slots__ = ("is_bare", "pairs", "places", "total", "words")

    def __init__(self, words: tuple[str, ...]) -> None:
        self.words = tuple(dict.fromkeys(words))
        self.pairs = frozenset(zip(words, words[1:], strict=False))
        self.places: list[Place] = []
        self.total = 0.0
        self.is_bare = False


class Gazetteer:
    """Built once for a version of the city's lists (about a second), read by many."""

    def __init__(self, sources: Sources) -> None:
        self.grammar = Grammar(sources.words)
        present = [area for area in sources.areas if not area.wards and area.shape is not None]
        self.wards = [area.code for area in present]
        self.rows = {area.code: area for area in present}
        self.index = {code: place for place, code in enumerate(self.wards)}
        self._shapes = shapely.STRtree([area.shape for area in present])
        self.prior = self._prior(sources.places)
        self.streets: dict[str, Street] = {}
        self.parts: dict[str, list[Part]] = {}
        self.names: list[Named] = []
        self.heads: set[tuple[str, ...]] = set()
        self.pairs: set[tuple[str, str]] = set()
        self._numbers: dict[str, int] = {}
        self.holders: dict[str, list[int]] = {}
        self.weights: dict[str, float] = {}
        self._lots = self._lots_of(sources.areas)
        self._add_parts(sources.areas)
        self._add_roads(sources.roads)
        self._add_places(sources.places)
        self._add_offices(sources.areas)
        self._add_words()
        self._drop_doubtful()
        self._guess_streets()
        self._mends = self._slips()
        self._joined: dict[str, list[str]] = {}
        for key in (*self.streets, *self.parts):
            if " " in key:
                self._joined.setdefault(key.replace(" ", ""), []).append(key)
        self._vocabulary = sorted(word for word in self.holders if word.isalpha())
        self._respelled: dict[str, tuple[str, ...]] = {}

    def ward_at(self, longitude: float, latitude: float) -> int | None:
        """The ward that holds a point; None outside the city."""
        hits = self._shapes.query(shapely.Point(longitude, latitude), predicate="intersects")
        return int(min(hits)) if len(hits) else None

    def mended(self, key: str) -> list[str]:
        """Known names one slip of the finger away."""
        if len(key) < _MENDED_FROM:
            return []
        near = {name for form in _shorter(key) for name in self._mends.get(form, ())}
        slips = [name for name in near if name != key and is_one_slip(key, name)]
        return sorted(slips, key=lambda name: (-self._weight(name), name))

    def _weight(self, key: str) -> float:
        """How much is known of a name: who mistypes one means the better known."""
        street = self.streets.get(key)
        return (float(street.shares.sum()) if street else 0.0) + 3 * (key in self.parts)

    def run_on(self, key: str) -> list[str]:
        """Known names that were typed without the space between their words."""
        return self._joined.get(key, []) if len(key) >= _MENDED_FROM - 1 else []

    def respelled(self, word: str) -> tuple[str, ...]:
        """Words of places' names one slip from a word that none has."""
        found = self._respelled.get(word)
        if found is None:
            found = tuple(spellings(word, self._vocabulary)) if len(word) > 3 else ()
            if len(self._respelled) > _KEPT_SPELLINGS:
                self._respelled.clear()
            self._respelled[word] = found
        return found

    def _prior(self, places: Sequence[PlaceName]) -> Shares:
        count = np.full(len(self.wards), 10.0)
        for place in places:
            if place.area in self.index:
                count[self.index[place.area]] += 1
        return count / count.sum()

    def _add_parts(self, areas: Iterable[AreaRow]) -> None:
        for area in areas:
            if area.code not in self.index and not area.wards:
                continue
            role = self._role(area)
            shares = self._shares(area)
            is_open = role != "ward" and float(shares.max()) < 1
            for name in {key_of(words_of(name)): name for name in reversed(area.names)}.values():
                words = words_of(name)
                part = Part(
                    role, area.code, area.full, toned_of(words), shares, area.longitude,
                    area.latitude, is_open,
                )  # fmt: skip
                self.parts.setdefault(key_of(words), []).append(part)
                for other in self.grammar.also.get(key_of(words), ()):
                    spelled = words_of(other)
                    self.parts.setdefault(key_of(spelled), []).append(
                        part._replace(toned=toned_of(spelled))
                    )

    def _role(self, area: AreaRow) -> str:
        if area.code in self.index:
            return "ward"
        marks = next(self.grammar.marks_at(words_of(area.full), 0), None)
        return "district" if marks and "district" in marks[1] else "former_ward"

    def _shares(self, area: AreaRow) -> Shares:
        """Of a present ward all its own; of a former one as it was divided; of a former district
        by how much of each ward was made of its wards."""
        shares = np.zeros(len(self.wards))
        if area.code in self.index:
            shares[self.index[area.code]] = 1
            return shares
        if self._role(area) == "district":
            for code, _default, _divided in area.wards:
                lot = self._lots.get((area.code, code), 0.0)
                if code in self.index:
                    shares[self.index[code]] = self.prior[self.index[code]] * max(lot, 0.02)
            return shares / max(shares.sum(), 1e-9)
        for code, share in split(area).items():
            if code in self.index:
                shares[self.index[code]] = share
        return shares / max(shares.sum(), 1e-9)

    def _lots_of(self, areas: Iterable[AreaRow]) -> dict[tuple[str, str], float]:
        """(former district, present ward) -> the part of the ward that came from the district.

        The lists do not say in which district a former ward lay: the one whose successors hold
        all of the ward's; of several, that of the ward with the next code."""
        formers = [area for area in areas if area.wards]
        districts = [area for area in formers if self._role(area) == "district"]
        wards = sorted(
            (area for area in formers if self._role(area) != "district"), key=lambda a: a.official
        )
        homes = [
            [d.code for d in districts if {w[0] for w in ward.wards} <= {w[0] for w in d.wards}]
            for ward in wards
        ]
        sure = [place for place, home in enumerate(homes) if len(home) == 1]
        lots: dict[tuple[str, str], float] = {}
        totals: dict[str, float] = {}
        for place, ward in enumerate(wards):
            if not sure:
                break
            home = homes[min(sure, key=lambda other: abs(other - place))][0]
            for code, share in split(ward).items():
                lots[home, code] = lots.get((home, code), 0.0) + share
                totals[code] = totals.get(code, 0.0) + share
        return {pair: lot / totals[pair[1]] for pair, lot in lots.items()}

    def street(self, address: Address) -> Street:
        """The street of that name, made when it is new."""
        found = self.streets.get(address.key)
        if found is None:
            found = self.streets[address.key] = Street(address.key, len(self.wards))
        found.called(address)
        return found

    def _add_roads(self, roads: Sequence[Road]) -> None:
        """Points along every road, all reckoned at once."""
        addresses = [address_of(self.grammar, road.name) for road in roads]
        lines, owners = shapely.get_parts([road.shape for road in roads], return_index=True)
        counts = np.maximum(1, np.round(shapely.length(lines) / _ROAD_STEP)).astype(int)
        first = np.repeat(np.cumsum(counts) - counts, counts)
        parts = (np.arange(counts.sum()) - first + 0.5) / np.repeat(counts, counts)
        points = shapely.line_interpolate_point(np.repeat(lines, counts), parts, normalized=True)
        owners = np.repeat(owners, counts)
        xs, ys = shapely.get_x(points).tolist(), shapely.get_y(points).tolist()
        for place, ward in zip(*self._shapes.query(points, "intersects").tolist(), strict=True):
            if address := addresses[owners[place]]:
                street, toned = self.street(address), toned_of(address.words)
                street.is_sure = True
                number = leading(address.lanes[0]) if address.lanes else 0
                street.add(
                    Spot(number, "", address.lanes, ward, xs[place], ys[place], _ROAD_WEIGHT, toned)
                )

    def _add_places(self, places: Sequence[PlaceName]) -> None:
        streets = [place for place in places if place.kind == "street"]
        others = [place for place in places if place.kind != "street"]
        for place in streets:
            self._add_street(place)
        for place in others:
            if place.kind == "address":
                self._add_spot(place, place.name)
        for place in others:
            if place.kind != "address":
                self._add_place(place)

    def _add_street(self, place: PlaceName) -> None:
        address = address_of(self.grammar, place.name)
        if address is None:
            return
        street, toned = self.street(address), toned_of(address.words)
        street.is_sure = True
        if place.longitude is not None and place.latitude is not None and place.area in self.index:
            at = (place.longitude, place.latitude)
            ward = self.index[place.area]
            street.add(Spot(0, "", address.lanes, ward, *at, _ROAD_WEIGHT, toned))
            return
        for part in (p for parts in self.parts.values() for p in parts if p.code == place.area):
            street.hearsay += _HEARSAY * part.shares
            break

    def _add_spot(self, place: PlaceName, text: str, weight: float = 1.0) -> Address | None:
        address = address_of(self.grammar, text)
        if address is None or place.longitude is None or place.latitude is None:
            return None
        if place.area not in self.index:
            return None
        meant = along(self.grammar, address.house, address.lanes)
        number = meant[0][0] if meant else 0
        if number and address.opposite:
            number += 1
        house = "" if address.opposite else address.house
        at = (place.longitude, place.latitude)
        self.street(address).add(
            Spot(
                number,
                house,
                address.lanes,
                self.index[place.area],
                *at,
                weight,
                toned_of(address.words),
            )
        )
        return address

    def _add_place(self, place: PlaceName) -> None:
        if place.longitude is None or place.latitude is None or place.area not in self.index:
            return
        street, house = self._street_of(place)
        words = tuple(word.folded for word in self.grammar.read(place.name))
        key = " ".join(words)
        if not _is_name(words) or self.grammar.is_void(key):
            return
        if house and place.kind in self.grammar.named_by_address:
            # Its street knows it already.
            return
        number = self._numbers.setdefault(key, len(self.names))
        if number == len(self.names):
            self.names.append(Named(words))
        self.names[number].places.append(
            Place(place.kind, place.name, self.index[place.area], place.longitude, place.latitude,
                  street, house)
        )  # fmt: skip

    def _street_of(self, place: PlaceName) -> tuple[str, str]:
        """The key of its street and its number there, from its detail or its name."""
        if place.detail and (address := self._add_spot(place, place.detail)):
            return address.key, address.house
        for at in self.grammar.at:
            before, found, tail = place.name.partition(at)
            if found and before and (address := self._add_spot(place, tail)):
                return address.key, address.house
        if place.kind in self.grammar.named_by_address:
            for part in place.name.split(" - "):
                found_in = address_of(self.grammar, part)
                if found_in and (found_in.key in self.streets or self._is_telling(found_in)):
                    self._add_spot(place, part)
                    return found_in.key, found_in.house
        return "", ""

    @staticmethod
    def _is_telling(address: Address) -> bool:
        return bool(address.house) and 2 <= len(address.words) <= 4

    def _add_offices(self, areas: Iterable[AreaRow]) -> None:
        for area in areas:
            if area.office and area.code in self.index and area.longitude and area.latitude:
                place = PlaceName("office", "", "", area.code, area.longitude, area.latitude)
                self._add_spot(place, area.office, 0.5)

    def _add_words(self) -> None:
        for number, named in enumerate(self.names):
            for word in named.words:
                self.holders.setdefault(word, []).append(number)
        for word, holders in self.holders.items():
            self.weights[word] = math.log(1 + len(self.names) / len(holders))
        self._count_heads()
        for named in self.names:
            # "Công viên", "Nhà hàng": no name but what it is.
            named.is_bare = named.words in self.heads
            named.total = sum(self.weights[word] for word in named.words)

    def _count_heads(self) -> None:
        """How names of places begin when they say what it is: "trường tiểu học", "chợ"."""
        begins: dict[tuple[str, ...], int] = {}
        for named in self.names:
            self.pairs |= named.pairs
            if named.places[0].kind in self.grammar.named_by_address:
                continue
            for length in range(1, min(_LONGEST_HEAD, len(named.words)) + 1):
                begin = named.words[:length]
                begins[begin] = begins.get(begin, 0) + 1
        self.heads = {
            begin for begin, count in begins.items()
            if count >= _HEAD_FROM and begin[-1].isalpha() and begin not in self.grammar.marks
        }  # fmt: skip

    def _drop_doubtful(self) -> None:
        """Streets that are none: "Công viên", "Quận Cầu Giấy" in the field for the street."""
        for key in list(self.streets):
            words = tuple(key.split())
            heads = words in self.heads or words[:2] in self.heads or words[:3] in self.heads
            part = any(
                {"ward", "district"} & self.grammar.marks.get(words[:length], {}).keys()
                and " ".join(words[length:]) in self.parts
                for length in (1, 2)
            )
            if part or ((heads or len(key) < 3) and not self.streets[key].is_sure):
                del self.streets[key]

    def _guess_streets(self) -> None:
        """Of streets with hardly a known point: parts and places of the same name are near them."""
        for street in self.streets.values():
            words = street.key.split()
            if street.shares.sum() >= _WELL_KNOWN or len(words) < 2:
                continue
            named = self._named_after(street.key) + 0.5 * self._named_after(" ".join(words[:2]))
            named = named + self._borne_by(words)
            if not named.any():
                continue
            named = _NAMESAKES * named / named.sum()
            if street.hearsay.any():
                both = street.hearsay * (named + 0.05)
                street.hearsay = (_HEARSAY + _NAMESAKES) * both / both.sum()
            else:
                street.hearsay = named

    def _named_after(self, key: str) -> Shares:
        parts = [part for part in self.parts.get(key, ()) if part.role != "district"]
        return sum((part.shares for part in parts), np.zeros(len(self.wards))) / max(1, len(parts))

    def _borne_by(self, words: list[str]) -> Shares:
        """Where the places are whose names hold these words together."""
        found = np.zeros(len(self.wards))
        lists = [self.holders.get(word, ()) for word in words]
        numbers = set(min(lists, key=len)).intersection(*lists)
        for number in numbers:
            named = self.names[number]
            if all(pair in named.pairs for pair in zip(words, words[1:], strict=False)):
                for place in named.places[:3]:
                    found[place.ward] += 1.0 / len(named.places)
        return found / (1.0 + found.sum())

    def _slips(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for key in (*self.streets, *self.parts):
            if len(key) >= _MENDED_FROM:
                for form in _shorter(key):
                    found.setdefault(form, []).append(key)
        return found


def split(area: AreaRow) -> dict[str, float]:
    """Present wards of a former one with shares: nobody counted, so the default has the most."""
    count = len(area.wards)
    if count == 1 or not any(default for _code, default, _split in area.wards):
        return {code: 1 / count for code, _default, _d in area.wards}
    return {
        code: _DEFAULT_SHARE if default else (1 - _DEFAULT_SHARE) / (count - 1)
        for code, default, _split in area.wards
    }


def _is_name(words: tuple[str, ...]) -> bool:
    """Whether a text that holds these words means the place of this name."""
    letters = [word for word in words if word.isalpha() and len(word) > 1]
    return len(letters) > 1 or any(len(word) > 4 for word in letters)


def _shorter(key: str) -> Iterator[str]:
    """The text, and the text with each letter left out."""
    yield key
    yield from {key[:place] + key[place + 1 :] for place in range(1, len(key))}


__all__ = ["COMMON", "Gazetteer", "Named", "Part", "Place", "Spot", "Street", "Word"]
