"""The invented city's deeds: it only calls the real ones, or copies what they write in memory."""

from thudo.simulation.actions.announcing import announce, consult
from thudo.simulation.actions.bulk import NotEmpty, write_in_bulk
from thudo.simulation.actions.filling import fill_past, past, seed
from thudo.simulation.actions.live import LiveDay, live_on
from thudo.simulation.actions.million import Repeated
from thudo.simulation.actions.people import register_people
from thudo.simulation.actions.plan import Plan
from thudo.simulation.actions.visiting import visit

__all__ = [
    "LiveDay",
    "NotEmpty",
    "Plan",
    "Repeated",
    "announce",
    "consult",
    "fill_past",
    "live_on",
    "past",
    "register_people",
    "seed",
    "visit",
    "write_in_bulk",
]
