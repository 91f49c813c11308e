"""The browser of the tests that look at pages."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright


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
