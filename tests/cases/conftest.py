"""An opened case in the small town."""

import os
from datetime import datetime

import pytest

from tests import town
from thudo.accounts.rules import RESIDENT
from thudo.base.database import together
from thudo.cases.actions import Opening, open_case
from thudo.cases.models import Case
from thudo.deadlines import queries as deadlines
from thudo.directory.queries import directory
from thudo.routing.models import Authority


@pytest.fixture
def opened(small_town: town.Cast) -> Case:
    return open_one()


def open_one(
    urgency: str = "normal", at: datetime = town.MONDAY, number: str = "5720000001"
) -> Case:
    """A damaged road in the first ward."""
    from django.db import transaction

    kinds = ["intake"] + (["acknowledge"] if urgency == "urgent" else [])
    clocks = {
        kind: deadlines.due(
            kind, service="road_damage", urgency=urgency, calendar="office", start=at
        )
        for kind in kinds
    }
    opening = Opening(
        label=number, service="road_damage", area="w1", unit="ward-1", post="ward-1/handler",
        urgency=urgency, authority=Authority.objects.get(service="road_damage", scope="area:w1").pk,
        pack_version=directory().version_id, matter="A hole in the road before the school.",
        salt=os.urandom(16), place="1 High Street", longitude=105.05, latitude=21.05, number=number,
        is_public=True, clocks=clocks, promised_at=deadlines.due(
            "handling", service="road_damage", urgency=urgency, calendar="office",
            start=clocks["intake"].due_at,
        ).due_at,
    )  # fmt: skip
    with transaction.atomic(), together():
        case = open_case(opening, actor=RESIDENT, at=at)
    return Case.objects.get(pk=case)
