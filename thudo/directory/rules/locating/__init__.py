"""Finds a place in a text: words, the gazetteer made of the city's lists, reading, weighing."""

from thudo.directory.rules.locating.gazetteer import Gazetteer
from thudo.directory.rules.locating.locate import Candidate, locate
from thudo.directory.rules.locating.rows import AreaRow, PlaceName, Road, Sources
from thudo.directory.rules.locating.words import wrong_words

__all__ = [
    "AreaRow",
    "Candidate",
    "Gazetteer",
    "PlaceName",
    "Road",
    "Sources",
    "locate",
    "wrong_words",
]
