"""How each door does, for staff; and a second chance for what waits there."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from thudo.accounts.gate import Request, gate
from thudo.base import phrases
from thudo.base.clock import now
from thudo.base.errors import NotFound
from thudo.channels import actions
from thudo.channels.queries.settings import open_doors
from thudo.channels.queries.waiting import health
from thudo.channels.rules import APP, DOORS, MAIL, SMS, ZALO
from thudo.directory.queries import directory

_NAMES = {
    MAIL: gettext_lazy("E-mail"), ZALO: gettext_lazy("Zalo"), SMS: gettext_lazy("Short messages"),
}  # fmt: skip


@never_cache
@gate("channel.watch")
@require_safe
def doors(request: Request) -> HttpResponse:
    """GET /channels: one row a door."""
    rows = [(_name(row.name), row) for row in health(DOORS, open_doors())]
    return render(request, "channels/doors.html", {"rows": rows, "at": now()})


@gate("channel.watch")
@require_POST
def retries(_request: Request, door: str) -> HttpResponse:
    """POST /channels/<door>/retries: what was held, stuck or dropped goes on."""
    if door not in DOORS:
        raise NotFound(_("This door is closed."))
    actions.retry_waiting(door, at=now())
    return redirect("channels:doors")


def _name(door: str) -> str:
    if door == APP:
        return phrases.say(directory().city.get("city_app", {}).get("name")) or _("The city's app")
    return str(_NAMES[door])
