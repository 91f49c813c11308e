"""What somebody may follow, as text: petition:<number>, area:<ward>, near:<H3 cell>. Pure."""

import re

import h3

PETITION, AREA, NEAR = "petition", "area", "near"
# The nearer topic speaks when an entry is news for several of one recipient's.
NEAREST_FIRST = (PETITION, NEAR, AREA)
# A cell of 0.1 km2; with the ring around it some 500 m each way: a street and its corners.
RESOLUTION = 9
_RING = 1
_FORMS = {
    PETITION: re.compile(r"[0-9]{10}"),
    AREA: re.compile(r"[a-z0-9][a-z0-9-]{0,39}"),
    NEAR: re.compile(r"[0-9a-f]{15}"),
}


def is_topic(text: str) -> bool:
    """Whether this has the form of a topic; the thing it names may still not exist."""
    kind, _, name = text.partition(":")
    form = _FORMS.get(kind)
    if form is None or not form.fullmatch(name):
        return False
    return kind != NEAR or _is_cell(name)


def kind_of(topic: str) -> str:
    """petition, area or near."""
    return topic.partition(":")[0]


def name_of(topic: str) -> str:
    """The number, the ward's code or the cell."""
    return topic.partition(":")[2]


def near(longitude: float, latitude: float) -> str:
    """The topic of a point in degrees."""
    return f"{NEAR}:{h3.latlng_to_cell(latitude, longitude, RESOLUTION)}"


def centre(cell: str) -> tuple[float, float]:
    """(longitude, latitude) of a cell's middle."""
    latitude, longitude = h3.cell_to_latlng(cell)
    return longitude, latitude


def heard_from(cell: str) -> list[str]:
    """The near-topics for which something in `cell` is news; [] for a coarser or no cell."""
    if not _is_cell(cell):
        return []
    return [f"{NEAR}:{one}" for one in h3.grid_disk(cell, _RING)]


def fine_cells(cell: str, resolution: int) -> list[int]:
    """Every cell of a finer resolution within reach of `cell`, as the 64-bit numbers of rows."""
    return [
        int(h3.str_to_int(fine))
        for near_by in h3.grid_disk(cell, _RING)
        for fine in h3.cell_to_children(near_by, resolution)
    ]


def rank(topic: str) -> int:
    """0 for the nearest kind of topic."""
    return NEAREST_FIRST.index(kind_of(topic))


def _is_cell(name: str) -> bool:
    return bool(h3.is_valid_cell(name)) and h3.get_resolution(name) == RESOLUTION
