"""The city's names in memory: parts of the city, streets with their known numbers, places."""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import shapely

from thudo.directory.rules.locating.addresses import Address, address_of, along, leading
from thudo.directory.rules.locating.parts import Part, Shares, parts_of
from thudo.directory.rules.locating.rows import AreaRow, PlaceName, Road, Sources
from thudo.directory.rules.locating.spelling import Spelling
from thudo.directory.rules.locating.streets import ROAD_WEIGHT, Spot, Street, road_points
from thudo.directory.rules.locating.words import Grammar, Word, one_slip_with_accents, toned_of
from thudo.directory.rules.words import spellings

# Streets known by a former district only: the district's wards share this weight.
_HEARSAY = 0.4
# Namesakes of a street say this much of where it is, when little else does.
_NAMESAKES = 0.4
_WELL_KNOWN = 1.5
# Words that so many names bear say nothing alone.
COMMON = 1500
# So many names that begin alike begin with what the place is.
_HEAD_FROM = 12
_LONGEST_HEAD = 6
_KEPT_SPELLINGS = 20_000


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

    __slots__ = ("is_bare", "near", "pairs", "places", "total", "words")

    def __init__(self, words: tuple[str, ...]) -> None:
        self.words = tuple(dict.fromkeys(words))
        self.pairs = frozenset(pairwise(words))
        # Pairs with a word or two left out between.
        self.near = (
            self.pairs
            | set(zip(words, words[2:], strict=False))
            | set(zip(words, words[3:], strict=False))
        )
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
        self.parts = parts_of(self.grammar, sources.areas, self.index, self.prior)
        self.names: list[Named] = []
        self.heads: set[tuple[str, ...]] = set()
        self.pairs: set[tuple[str, str]] = set()
        self._numbers: dict[str, int] = {}
        # How the words of places' names are spelled.
        self._tones: dict[str, set[str]] = {}
        self.holders: dict[str, list[int]] = {}
        self.weights: dict[str, float] = {}
        self._add_roads(sources.roads)
        self._add_places(sources.places)
        self._add_offices(sources.areas)
        self._add_words()
        self._drop_doubtful()
        self._guess_streets()
        self.spelling = Spelling({key: self._weight(key) for key in (*self.streets, *self.parts)})
        self._vocabulary = sorted(word for word in self.holders if word.isalpha())
        self._respelled: dict[str, tuple[str, ...]] = {}

    def ward_at(self, longitude: float, latitude: float) -> int | None:
        """The ward that holds a point; None outside the city."""
        hits = self._shapes.query(shapely.Point(longitude, latitude), predicate="intersects")
        return int(min(hits)) if len(hits) else None

    def wards_at(self, points: Sequence[tuple[float, float]]) -> list[int]:
        """The ward of each point; -1 outside the city."""
        found = np.full(len(points), -1)
        places, wards = self._shapes.query(shapely.points(points), predicate="intersects")
        found[places] = wards
        return [int(ward) for ward in found]

    def _weight(self, key: str) -> float:
        """How much is known of a name: who mistypes one means the better known."""
        street = self.streets.get(key)
        return (float(street.shares.sum()) if street else 0.0) + 3 * (key in self.parts)

    def respelled(self, word: Word) -> tuple[str, ...]:
        """Words of places' names one slip from a word that none has."""
        near = self._near(word.folded)
        if not near or word.toned in ("", word.folded):
            return near
        return tuple(
            known for known in near
            if any(one_slip_with_accents(word, toned) for toned in self._tones[known])
        )  # fmt: skip

    def _near(self, word: str) -> tuple[str, ...]:
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

    def street(self, address: Address) -> Street:
        """The street of that name, made when it is new."""
        found = self.streets.get(address.key)
        if found is None:
            found = self.streets[address.key] = Street(address.key, len(self.wards))
        found.called(address)
        return found

    def _add_roads(self, roads: Sequence[Road]) -> None:
        addresses = [address_of(self.grammar, road.name) for road in roads]
        for road, ward, x, y in road_points(roads, self._shapes):
            if address := addresses[road]:
                street, toned = self.street(address), toned_of(address.words)
                street.is_sure = True
                number = leading(address.lanes[0]) if address.lanes else 0
                street.add(Spot(number, "", address.lanes, ward, x, y, ROAD_WEIGHT, toned))

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
            street.add(Spot(0, "", address.lanes, ward, *at, ROAD_WEIGHT, toned))
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
        read = self.grammar.read(place.name)
        words = tuple(word.folded for word in read)
        key = " ".join(words)
        if not _is_name(words) or self.grammar.is_void(key):
            return
        if house and place.kind in self.grammar.named_by_address:
            # Its street knows it already.
            return
        number = self._numbers.setdefault(key, len(self.names))
        if number == len(self.names):
            self.names.append(Named(words))
        for word in read:
            self._tones.setdefault(word.folded, set()).add(word.toned or "?")
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
            # One word that no map and no list bears out: "đường mới", "phố trong".
            doubtful = heads or len(words) == 1
            street = self.streets[key]
            unseen = words in self.heads and not street.spots
            if part or unseen or (doubtful and not street.is_sure):
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
            if all(pair in named.pairs for pair in pairwise(words)):
                for place in named.places[:3]:
                    found[place.ward] += 1.0 / len(named.places)
        return found / (1.0 + found.sum())


def _is_name(words: tuple[str, ...]) -> bool:
    """Whether a text that holds these words means the place of this name."""
    letters = [word for word in words if word.isalpha() and len(word) > 1]
    return len(letters) > 1 or any(len(word) > 4 for word in letters)


__all__ = ["COMMON", "Gazetteer", "Named", "Part", "Place", "Shares", "Spot", "Street"]
