"""The browser of the tests that look at pages."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

AXE = Path(__file__).parents[1] / "web/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def browser(*options: str) -> Iterator[Browser]:
    """Chromium with these options of its own; contexts keep no pages for the time without a
    network unless they ask for it (service_workers="allow"): each would fetch the whole shell."""
    # Playwright's loop lives in this thread; Django would refuse the database beside it.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        program = os.environ.get("THUDO_CHROMIUM", "/usr/bin/chromium")
        one = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", *options])
        new_context = one.new_context

        def plain_context(**choices: Any) -> BrowserContext:
            return new_context(**{"service_workers": "block"} | choices)

        patch.setattr(one, "new_context", plain_context)
        yield one
        one.close()


def is_clean(page: Page) -> None:
    """Readable by everybody, and nothing wider than the screen."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    assert [
        (v["id"], v["nodes"][0]["html"][:160], v["nodes"][0]["failureSummary"])
        for v in found["violations"]
    ] == []
    width = page.evaluate("innerWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
