"""The invented city's deeds: it only calls the real ones."""

from thudo.simulation.actions.people import register_people

__all__ = ["register_people"]
