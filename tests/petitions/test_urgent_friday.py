"""The city's own pack: urgent, late on the last Friday before the long holiday."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from tests import town
from thudo.accounts.rules import RESIDENT
from thudo.cases.models import Clock
from thudo.packs.actions import load_pack
from thudo.petitions.actions import file_petition
from thudo.petitions.rules import Contact, Filing

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FRIDAY = datetime(2026, 2, 13, 16, 45, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def city(db: None) -> Iterator[None]:
    town.forget()
    load_pack(settings.PACK_DIR, actor="clock", at=FRIDAY)
    town.forget()
    yield
    town.forget()


def test_it_is_acknowledged_that_evening_though_its_terms_end_after_the_holiday() -> None:
    receipt = file_petition(
        Filing(
            text="Hố sụt lún rất sâu giữa ngõ, đã có người ngã bị thương, cần rào chắn ngay.",
            service="road_damage", longitude=105.7015, latitude=20.9213, contact=Contact(phone="0900000000"),
        ),
        actor=RESIDENT,
        at=FRIDAY,
    )  # fmt: skip

    assert receipt.urgency == "urgent"
    acknowledge = Clock.objects.get(case=receipt.case, kind="acknowledge")
    assert acknowledge.due_at == FRIDAY + timedelta(minutes=15)
    assert receipt.intake_due_at is not None
    assert receipt.promised_at is not None
    assert receipt.intake_due_at.astimezone(ZONE).date().isoformat() == "2026-02-23"
    assert receipt.promised_at.astimezone(ZONE).date().isoformat() == "2026-02-24"
