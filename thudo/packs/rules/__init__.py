"""A city as data: read from its folder, expanded, and judged. No database, no clock, no settings."""

# journal action -> sentence; English msgids, Vietnamese in locale/
ACTIONS: dict[str, str] = {
    "pack.loaded": "A new version of the city's pack was loaded",
    "map.imported": "An extract of OpenStreetMap was put on the city's map",
}
