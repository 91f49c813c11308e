"""Open311 as others speak it: the georeport client, curl as documented, strict readers of others."""

import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Tree

import pytest
from georeport import GeoReport
from PIL import Image

from tests import town
from tests.house.tree import ROOT
from tests.operations.cast import finish, report
from tests.standards.open311 import Open311
from tests.standards.test_open311_reading import DEPTH, POST, recently
from thudo.accounts.actions import issue_key
from thudo.directory import models as lists
from thudo.directory.queries import locating
from thudo.petitions.models import Petition

PAGE = ROOT / "docs" / "reference" / "open311.md"


def commands() -> list[str]:
    """The curl commands of the page, continued lines joined."""
    text = PAGE.read_text("utf-8").replace("\\\n", " ")
    return [line.strip() for line in text.splitlines() if line.startswith("    curl ")]


@pytest.fixture
def city(
    transactional_db: None, live_server: Any, settings: Any, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> str:  # fmt: skip
    monkeypatch.setattr(locating, "locate_text", lambda _text, most, *, wait: [])
    settings.PUBLIC_URL, settings.FILES_DIR = live_server.url, tmp_path / "files"
    town.build()
    lists.Service.objects.filter(code="flooding").update(questions=[DEPTH, POST])
    town.forget()
    return str(live_server.url)


@pytest.mark.parametrize("form", ["xml", "json"])
def test_the_georeport_client_reads_everything(city: str, form: str) -> None:
    first, second = report(at=recently(2)), report(at=recently(1), service="flooding")
    finish(first, at=recently(1))
    client = GeoReport(f"{city}/open311/v2/", output_format=form)

    assert {row["service_code"] for row in client.get_service_list()} >= {"flooding", "undecided"}
    definition = client.get_service_definition("flooding")
    assert definition["service_code"] == "flooding"
    rows = client.get_service_requests()
    assert [row["service_request_id"] for row in rows] == [second.number, first.number]
    found = client.get_service_request(first.number)
    assert (found["status"], found["service_code"]) == ("closed", "road_damage")


def test_the_documented_commands_work(city: str, tmp_path: Path) -> None:
    Image.new("RGB", (40, 30), "grey").save(tmp_path / "photo.jpg")
    petition = report(at=recently(1), service="flooding")
    key = issue_key("curl", scopes=["petitions:file"], actor="test", at=town.MONDAY)[1]
    names = {"NUMBER": petition.number, "KEY": key, "OWN": petition.number}
    Petition.objects.filter(pk=petition.pk).update(filed_by=_actor_of(key))

    said = [_run(command, city, names, tmp_path) for command in commands()]

    assert len(said) == 16
    *fine, unknown, keyless = said
    assert all("<errors>" not in text and '"code":4' not in text for text in fine), fine
    assert all(text.startswith(("<?xml", "[", "{")) for text in said)
    assert unknown.endswith("404")
    assert keyless.endswith("403")
    assert Petition.objects.filter(filed_by=_actor_of(key)).count() == 3


def _actor_of(key: str) -> str:
    from thudo.accounts.queries import actor_of_key

    found = actor_of_key(key, town.MONDAY)
    assert found
    return found.key


def _run(command: str, city: str, names: dict[str, str], folder: Path) -> str:
    text = command.replace("https://city.example", city)
    text = re.sub(r"\$([A-Z]+)", lambda match: names[match[1]], text)
    ran = subprocess.run(
        shlex.split(text), cwd=folder, capture_output=True, text=True, timeout=30, check=True
    )
    return ran.stdout


# What the readers of others hold against an answer, in our words.
DATE = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?$")


def test_the_strict_reader_of_open311_validator_is_content(
    client: Any, small_town: town.Cast
) -> None:
    """Dates of one form, floats that are floats, an address in each row, no empty description."""
    lists.Service.objects.filter(code="flooding").update(questions=[DEPTH, POST])
    town.forget()
    finish(report(at=recently(2)), at=recently(1))
    report(at=recently(1), service="noise")
    root = Tree.fromstring(client.get("/open311/v2/requests.xml").content)
    for row in root:
        told = {part.tag: part.text or "" for part in row}
        assert told["status"] in {"open", "closed"}
        assert all(DATE.match(told[n]) for n in told if n.endswith("_datetime"))
        assert told["address"]
        assert "." in told["lat"]
        assert "." in told["long"]
        assert all(text or name in {"zipcode", "media_url"} for name, text in told.items())
    for service in Tree.fromstring(client.get("/open311/v2/services.xml").content):
        assert all(part.text for part in service)
        code = service.findtext("service_code")
        definition = Tree.fromstring(client.get(f"/open311/v2/services/{code}.xml").content)
        assert definition.findtext("service_code") == code
        for attribute in definition.iter("attribute"):
            assert all(part.text for part in attribute if part.tag != "values")


def test_a_fixmystreet_round(client: Any, key: Callable[..., str]) -> None:
    """Sends a report as FixMyStreet does, polls two hours of updates, sends a comment back."""
    from datetime import timedelta

    from tests.operations.cast import case_of
    from tests.town import CAST
    from thudo.base.clock import now
    from thudo.cases import actions as deeds

    open311, secret = Open311(client), key("petitions:file")
    sent = {
        "jurisdiction_id": "town", "api_key": secret, "service_code": "road_damage",
        "lat": 21.05, "long": 105.05, "email": "test@example.org", "first_name": "Test",
        "last_name": "User", "phone": "", "address_string": "",
        "description": "title: Pothole\n\ndetail: It is deep.\n\nurl: https://fix.example/report/12",
        "attribute[fixmystreet_id]": "12", "attribute[easting]": "1", "attribute[northing]": "2",
    }  # fmt: skip
    (filed,) = open311.post("requests", sent)
    number = filed["service_request_id"]
    case = case_of(Petition.objects.get(number=number))
    deeds.accept_case(case, actor=CAST.handler, at=now())
    window = {
        "jurisdiction_id": "town", "api_key": secret,
        "start_date": f"{now() - timedelta(hours=2):%Y-%m-%dT%H:%M:%SZ}",
        "end_date": f"{now() + timedelta(seconds=2):%Y-%m-%dT%H:%M:%SZ}",
    }  # fmt: skip
    (step,) = open311.get("servicerequestupdates", shape="service_request_updates", **window)
    assert (step["service_request_id"], step["status"]) == (number, "open")
    comment = {
        "api_key": secret, "jurisdiction_id": "town", "service_request_id": number,
        "service_request_id_ext": "12", "update_id": "7", "update_id_ext": "7", "status": "OPEN",
        "updated_datetime": "2026-11-24T09:00:00+07:00", "description": "Still there.",
        "email": "test@example.org", "public_anonymity_required": "FALSE",
        "email_alerts_requested": "FALSE", "title": "", "media_url": "",
    }  # fmt: skip
    (added,) = open311.post("servicerequestupdates", comment)
    assert added["update_id"]
