"""Drawn pictures as uploads: each scene is drawn and kept once, then named again and again."""

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from typing import Any

from django.db import transaction

from thudo.base.identifiers import new_id
from thudo.files.actions import keep_upload
from thudo.files.models import Attachment
from thudo.simulation.actions.people import SIMULATED
from thudo.simulation.actions.pictures import picture

SCENES = 3
_SAME = ("media_type", "bytes", "width", "height", "digest")


@dataclass
class Uploads:
    """`repeats`: later uploads of a scene take the facts of its first one instead of reading the
    same bytes again, which a bulk writer has no time for."""

    repeats: bool
    _known: dict[tuple[str, bool, int], dict[str, Any]] = field(default_factory=dict)

    def draw_all(self, kinds: Iterable[str], *, at: datetime) -> None:
        """Draw and keep every scene of these kinds, each in a transaction of its own: writers that
        draw within their long ones hold one scene and wait for each other's next."""
        for kind, after, scene in product(sorted(kinds), (False, True), range(SCENES)):
            with transaction.atomic():
                self.draft(kind, scene, after=after, key=SIMULATED, purpose="matter", at=at)

    def draft(
        self, kind: str, scene: int, *, after: bool, key: str, purpose: str, at: datetime
    ) -> str:
        """Keep a picture as a draft under `key`; its id."""
        facts = self._known.get((kind, after, scene))
        if self.repeats and facts:
            row = Attachment.objects.create(
                id=new_id(), draft_key=key, purpose=purpose, uploaded_at=at,
                uploaded_by=SIMULATED, **facts,
            )  # fmt: skip
            return str(row.pk)
        content = io.BytesIO(picture(kind, after=after, seed=scene))
        row = keep_upload(content, draft_key=key, purpose=purpose, actor=SIMULATED, at=at)
        self._known[kind, after, scene] = {name: getattr(row, name) for name in _SAME}
        return str(row.pk)
