"""Pure decisions of the directory: words of places, classes of roads, tiles of the map."""

from thudo.directory.rules.rows import DEEPEST, PlaceRow, Shape, ShapeRow, shape_rows
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
    "Shape",
    "ShapeRow",
    "begins_a_word",
    "closeness",
    "holds_all",
    "is_house_number",
    "is_one_slip",
    "leading_number",
    "plain",
    "shape_rows",
    "spellings",
]
