"""Public views of many petitions by id, for feeds and pictures."""

from collections.abc import Sequence
from uuid import UUID

from thudo.petitions.queries.public import PublicView, public_views
from thudo.petitions.queries.reading import public_petitions


def views_of(petitions: Sequence[UUID]) -> dict[UUID, PublicView]:
    """The public view of each that is public."""
    return {view.id: view for view in public_views(public_petitions().filter(pk__in=petitions))}
