"""A small .osm.pbf for tests, written with the library that reads it: a corner of a far ward."""

from pathlib import Path
from typing import Any

import osmium
from osmium.osm.mutable import Node, Relation, Way

Point = tuple[float, float]


class Writer:
    """Collects things with points instead of numbers, then writes them in OpenStreetMap's order."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.ways: list[Any] = []
        self.relations: list[Any] = []

    def node(self, at: Point, **tags: str) -> int:
        self.nodes.append(Node(id=len(self.nodes) + 1, location=at, tags=_plain(tags)))
        return len(self.nodes)

    def way(self, *points: Point, closed: bool = False, **tags: str) -> int:
        nodes = [self.node(point) for point in points]
        nodes += nodes[:1] if closed else []
        self.ways.append(Way(id=len(self.ways) + 1, nodes=nodes, tags=_plain(tags)))
        return len(self.ways)

    def sheet(self, outer: int, inner: int, **tags: str) -> None:
        members = [("w", outer, "outer"), ("w", inner, "inner")]
        tags = {"type": "multipolygon", **tags}
        number = len(self.relations) + 1
        self.relations.append(Relation(id=number, members=members, tags=_plain(tags)))

    def write(self, path: Path) -> Path:
        with osmium.SimpleWriter(str(path), overwrite=True) as file:
            for node in self.nodes:
                file.add_node(node)
            for way in self.ways:
                file.add_way(way)
            for relation in self.relations:
                file.add_relation(relation)
        return path


def _plain(tags: dict[str, str]) -> dict[str, str]:
    """addr_housenumber as addr:housenumber."""
    return {key.replace("_", ":"): value for key, value in tags.items()}


def chuong_my() -> Writer:
    """Roads, a lake with an island, a canal, names and numbers around 105.7026 E, 20.9252 N."""
    extract = Writer()
    extract.way((105.700, 20.925), (105.702, 20.925), highway="primary", name="Quốc lộ 6")
    extract.way((105.702, 20.925), (105.706, 20.925), highway="primary", name="Quốc lộ 6")
    extract.way(
        (105.703, 20.925), (105.703, 20.928), highway="residential", name="Đường Chúc Sơn Mới"
    )
    extract.way((105.704, 20.925), (105.704, 20.926), highway="footway")
    extract.way((105.700, 20.930), (105.706, 20.931), waterway="canal", name="Kênh Đỏ")
    outer = extract.way(
        (105.700, 20.920), (105.704, 20.920), (105.704, 20.923), (105.700, 20.923), closed=True
    )
    inner = extract.way(
        (105.7015, 20.921), (105.7025, 20.921), (105.7025, 20.922), (105.7015, 20.922), closed=True
    )
    extract.sheet(outer, inner, natural="water", name="Hồ Thử")
    extract.node((105.7035, 20.9265), amenity="hospital", name="Bệnh viện Thử")
    extract.node((105.70295, 20.92705), addr_housenumber="12", addr_street="Đường Chúc Sơn Mới")
    extract.way(
        (105.7050, 20.9270), (105.7052, 20.9270), (105.7052, 20.9272), closed=True,
        amenity="school", name="Trường Thử",
    )  # fmt: skip
    # Far outside the city.
    extract.way((106.70, 10.77), (106.71, 10.77), highway="primary", name="Đường Xa")
    extract.node((106.70, 10.77), amenity="hospital", name="Bệnh viện Xa")
    return extract
