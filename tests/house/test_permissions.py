"""Every route is public on purpose or asks for a role, and does what the table says."""

import pytest

from tests.house import permissions
from tests.house.permissions import TABLE, World
from thudo.accounts.rules import ACTS


@pytest.fixture
def world(db: None) -> World:
    return permissions.build()


@pytest.mark.parametrize("route", permissions.routes(), ids=lambda r: r.address)
def test_every_route_names_the_act_it_asks_for(route: permissions.Route) -> None:
    assert route.act in ACTS, f"{route.address} has no @gate"


def test_what_happens_is_what_the_page_and_the_table_of_rights_say(
    world: World, request: pytest.FixtureRequest
) -> None:
    seen = permissions.visits(world)
    page = permissions.written(world, seen)
    if request.config.getoption("--renew"):
        TABLE.parent.mkdir(parents=True, exist_ok=True)
        TABLE.write_text(page, "utf-8")
    wrong = [
        f"{method} {route.address} lets in {visitor} ({route.act})"
        for method, route, outcomes in seen
        for visitor, outcome in outcomes.items()
        if outcome == "✓" and not permissions.expected(world, route, visitor)
    ]

    assert not wrong, "\n".join(wrong)
    assert "fault" not in page
    assert page == TABLE.read_text("utf-8")
