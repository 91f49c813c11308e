"""The page on the life of a case is the table of steps."""

import pytest

from tests.house.lifecycle_page import PAGE, written


def test_the_page_is_the_table(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--renew"):
        PAGE.write_text(written(), "utf-8")
    assert PAGE.read_text("utf-8") == written()
