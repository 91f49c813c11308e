"""How an invented person sends: a filing with a picture perhaps, and a unit's photos as proof."""

import random
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from thudo.accounts.rules import RESIDENT, Actor
from thudo.cases.actions import Claim, fire_due_clocks
from thudo.cases.models import Case
from thudo.petitions import actions as petitions
from thudo.petitions.rules import Contact, Filing, Receipt
from thudo.simulation.actions.people import desk_clerk
from thudo.simulation.actions.uploads import SCENES, Uploads
from thudo.simulation.rules import Matter, Story

PICTURED, CHOSEN, PUBLIC, HOME, ANONYMOUS, BY_PHONE, UNPLACED = 0.6, 0.8, 0.9, 0.12, 0.15, 0.1, 0.04


@dataclass
class Sender:
    """`sweeps`: the clocks of a case are fired here; not so where a worker's own sweeper runs."""

    uploads: Uploads
    sweeps: bool = True

    def file(self, matter: Matter, text: str, dice: random.Random, *, at: datetime) -> Receipt:
        """File one invented petition; its drawings go up first."""
        draft = f"simulation-{dice.getrandbits(64):x}"
        by_phone = dice.random() < BY_PHONE
        files = () if by_phone else self._draw(matter.story, draft, dice, at)
        spot, is_placed = matter.spot, dice.random() >= UNPLACED
        filing = Filing(
            text=text,
            service=matter.story.service if _is_chosen(matter.story, dice) else "",
            longitude=spot.longitude if is_placed else None,
            latitude=spot.latitude if is_placed else None,
            area=spot.area, place=spot.named, files=files, draft_key=draft, contact=_nobody(dice),
            is_public=dice.random() < PUBLIC, is_home=dice.random() < HOME,
            is_anonymous=dice.random() < ANONYMOUS, channel="phone" if by_phone else "web",
        )  # fmt: skip
        actor: Actor = desk_clerk() if by_phone else RESIDENT
        return petitions.file_petition(filing, actor=actor, at=at)

    def proof(
        self, case: Case, story: Story, claim: Claim, dice: random.Random, *, at: datetime
    ) -> dict[str, Any]:
        """Photos of before and after for answer_case, where the story has a scene to draw."""
        if not story.picture or claim.outcome != "resolved":
            return {}
        key, scene = f"simulation-{dice.getrandbits(64):x}", dice.randrange(SCENES)
        files = {
            purpose: [
                self.uploads.draft(
                    story.picture, scene, after=purpose == "after", key=key, purpose=purpose, at=at
                )
            ]
            for purpose in ("before", "after")
        }
        return {"files": files, "draft_key": key}

    def sweep(self, case: Case, *, at: datetime) -> None:
        """Fire the clocks of a case that are due."""
        if self.sweeps:
            fire_due_clocks(at=at, case=case.pk)

    def _draw(self, story: Story, key: str, dice: random.Random, at: datetime) -> tuple[str, ...]:
        if not story.picture or dice.random() > PICTURED:
            return ()
        scene = dice.randrange(SCENES)
        return (
            self.uploads.draft(story.picture, scene, after=False, key=key, purpose="matter", at=at),
        )


def _is_chosen(story: Story, dice: random.Random) -> bool:
    """Most people choose the kind of matter; none of those that are not taken can be chosen."""
    return dice.random() < CHOSEN and story.is_taken


def _nobody(dice: random.Random) -> Contact:
    """Numbers that the numbering plan leaves unused: an invented petitioner reaches nobody."""
    return Contact(name="Minh Họa", phone=f"0900{dice.randrange(10**6):06d}")
