"""Writes the lists of a pack and of an extract. Called by the deeds of packs, never by pages."""

from thudo.directory.actions.lists import (
    begin_version,
    finish_version,
    write_lists,
    write_successions,
)
from thudo.directory.actions.maps import note_import, write_layers, write_shapes
from thudo.directory.actions.places import write_places

__all__ = [
    "begin_version",
    "finish_version",
    "note_import",
    "write_layers",
    "write_lists",
    "write_places",
    "write_shapes",
    "write_successions",
]
