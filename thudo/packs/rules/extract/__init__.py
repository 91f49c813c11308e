"""An extract of OpenStreetMap as roads, water and places of the city. No database, no clock."""

from thudo.packs.rules.extract.arrange import City, Extract, arrange, core
from thudo.packs.rules.extract.reading import Found, NoExtract, Spot, read

__all__ = ["City", "Extract", "Found", "NoExtract", "Spot", "arrange", "core", "read"]
