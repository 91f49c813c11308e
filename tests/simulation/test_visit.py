"""The demonstration's visitors: marked, once, and never in an empty city."""

from unittest.mock import patch

import pytest

from tests.reception.conftest import MONDAY, build
from thudo.petitions.models import Petition
from thudo.reception.models import Booking
from thudo.simulation.actions.visiting import visit

GIVEN = {
    "units": ["ward-1"], "share": 1.0, "results": ["Heard, and answered on the spot."],
    "visitors": [{"name": "Minh Họa", "matter": "The drain in our lane"}],
    "organisations": [
        {"code": "c", "name": "Minh Họa", "tax_code": "0100047516", "representative": "Họa",
         "position": "x", "request": "delay", "dossier": "H1", "service": "noise",
         "text": "Our dossier waits since the spring."},
    ],
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("begun", [True, False])
def test_visitors_come_once_and_only_where_a_demonstration_was_begun(begun: bool) -> None:
    build()
    with (
        patch("thudo.simulation.queries.visits", return_value=GIVEN),
        patch("thudo.simulation.actions.visiting.past", return_value=object() if begun else None),
    ):
        visit(at=MONDAY)
        visit(at=MONDAY)

    assert Booking.objects.count() == (4 if begun else 0)
    assert Petition.objects.count() == (1 if begun else 0)
