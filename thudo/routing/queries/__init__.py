"""Readers of routing: who answers (authority)."""

from thudo.routing.queries.authority import NoUnitAnswers, Resolution, forget, resolve

__all__ = ["NoUnitAnswers", "Resolution", "forget", "resolve"]
