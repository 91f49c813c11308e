"""The way of one petition as its sender or anybody may read it: holder, promise, line, result.

tracking_of(petition, is_personal=..., at=...) -> Tracking
"""

from thudo.petitions.queries.tracking.matter import Matter, Tracking, tracking_of
from thudo.petitions.queries.tracking.photos import Photo, photo_of

__all__ = ["Matter", "Photo", "Tracking", "photo_of", "tracking_of"]
