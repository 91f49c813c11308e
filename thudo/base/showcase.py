"""Invented rows for the page /design: every component once in every state."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _


def examples(now: datetime) -> dict[str, Any]:
    """The context of base/design.html; all of it is invented and marked so on the page."""
    return {
        "states": ["ok", "soon", "late", "wait", "done", "unknown"],
        "code": "0412773816",
        "unit": "UBND phường Văn Miếu - Quốc Tử Giám",
        "post": _("Officer for streets and drains"),
        "due": now + timedelta(hours=30),
        "left": 200,
        "now": now,
        "stations": upright(now),
        "broken": broken(now),
        "rows": rows(now),
        "tabs": [
            {"href": "#lists", "label": _("Late"), "count": 3},
            {"href": "#lists", "label": _("Before 17:00 today"), "count": 9, "current": True},
            {"href": "#lists", "label": _("Later"), "count": 1280},
        ],
        "steps": [
            {"label": _("photo"), "done": True},
            {"label": _("place"), "done": True},
            {"label": _("matter"), "current": True},
            {"label": _("contact")},
        ],
        "after": {"at": now, "place": "12 Minh Họa"},
        "ranking": [("Văn Miếu - Quốc Tử Giám", 412, 420), ("Minh Họa", 288, 310)],
    }


def upright(now: datetime) -> list[dict[str, Any]]:
    """A case under way: two stations behind, one present, two to come."""
    return [
        station("done", _("Received"), now - timedelta(hours=26)),
        station(
            "done",
            _("Taken up"),
            now - timedelta(hours=22),
            _("The unit confirmed the place by telephone."),
        ),
        station(
            "now",
            _("Being handled"),
            now - timedelta(hours=3),
            _("The crew cleared two inlets; the pipe is next."),
            new=True,
        ),
        station("future", _("Result checked by another desk"), None),
        station("future", _("Result"), now + timedelta(hours=30), form="promise"),
    ]


def broken(now: datetime) -> list[dict[str, Any]]:
    """A case whose promise was broken and replaced by a dated new one."""
    return [
        station("done", _("Received"), now - timedelta(days=6)),
        station(
            "late",
            _("The promise passed without a result"),
            now - timedelta(hours=20),
            _("The chair of the ward has been told."),
        ),
        station("now", _("Being handled"), now - timedelta(hours=2)),
        station("future", _("New promise"), now + timedelta(days=2), form="promise"),
    ]


def rows(now: datetime) -> list[dict[str, Any]]:
    """Three rows of a desk: late, due soon, on its way."""
    line = upright(now)
    return [
        {
            "href": "#lists",
            "place": "Ngõ 168 Minh Họa, số 12",
            "kind": _("Flooding and drainage"),
            "state": "late",
            "stations": broken(now),
            "due": now - timedelta(hours=20),
            "late": True,
        },
        {
            "href": "#lists",
            "place": "Phố Quốc Tử Giám, trước cổng trường",
            "kind": _("Damaged road or pavement"),
            "state": "soon",
            "stations": line,
            "due": now + timedelta(hours=3),
        },
        {
            "href": "#lists",
            "place": "Xã Chương Mỹ, thôn Yên Trường",
            "kind": _("Street lighting"),
            "state": "ok",
            "stations": line,
            "due": now + timedelta(days=4),
        },
    ]


def station(
    state: str,
    label: str,
    at: datetime | None,
    note: str = "",
    *,
    form: str = "",
    new: bool = False,
) -> dict[str, Any]:
    """One stop of a promise line, as components/_promise_line.html reads it."""
    return {"state": state, "label": label, "at": at, "note": note, "form": form, "new": new}
