"""Readers of routing: who answers (authority), what a text is about (classification)."""

from thudo.routing.queries.authority import NoUnitAnswers, Resolution, forget, resolve
from thudo.routing.queries.classification import classify
from thudo.routing.queries.owners import owners_at
from thudo.routing.rules.classification import Classification

__all__ = [
    "Classification",
    "NoUnitAnswers",
    "Resolution",
    "classify",
    "forget",
    "owners_at",
    "resolve",
]
