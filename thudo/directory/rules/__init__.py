"""Pure decisions of the directory: words of places, classes of roads, tiles of the map."""

from thudo.directory.rules.rows import DEEPEST, PlaceRow, ShapeRow, road_zoom, shape_row, water_zoom
from thudo.directory.rules.words import (
    begins_a_word,
    closeness,
    holds_all,
    is_house_number,
    is_one_slip,
    leading_number,
    plain,
    spellings,
)

__all__ = [
    "DEEPEST",
    "PlaceRow",
    "ShapeRow",
    "begins_a_word",
    "closeness",
    "holds_all",
    "is_house_number",
    "is_one_slip",
    "leading_number",
    "plain",
    "road_zoom",
    "shape_row",
    "spellings",
    "water_zoom",
]
