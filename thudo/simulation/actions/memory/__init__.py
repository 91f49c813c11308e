"""The city's tables in memory: the very deeds run on them, and a bulk writer copies them out."""

from thudo.simulation.actions.memory.rows import Drawer, NotInMemory
from thudo.simulation.actions.memory.switch import TABLES, in_memory

__all__ = ["TABLES", "Drawer", "NotInMemory", "in_memory"]
