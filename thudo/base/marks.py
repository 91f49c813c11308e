"""Marks on views that lie below accounts and so cannot ask its gate."""

from collections.abc import Callable
from typing import TypeVar

View = TypeVar("View", bound=Callable[..., object])


def public(view: View) -> View:
    """Public on purpose: the house test on routes reads this mark as the gate's "page.public"."""
    view.act, view.by_thing = "page.public", False  # type: ignore[attr-defined]
    return view
