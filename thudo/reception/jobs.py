"""Background door: publish what the rules ask for, call off what became a day off."""

import logging

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from thudo.accounts.rules import CLOCK
from thudo.base.clock import now
from thudo.base.errors import Refused
from thudo.base.loops import loop
from thudo.directory.queries import say
from thudo.reception import actions
from thudo.reception.actions.days import DayExists
from thudo.reception.queries.plan import closed_days, plans_due

BATCH = 50
log = logging.getLogger(__name__)


@loop(seconds=600.0)
def keep_days() -> None:
    """Batch by batch; what another process published meanwhile is asked for anew at the next turn."""
    at = now()
    with translation.override(settings.LANGUAGE_CODE):
        for day, name in closed_days(at):
            reason = say(name) if name else _("The unit does not work on that day.")
            try:
                actions.call_off_day(day, reason=reason, actor=CLOCK, at=at)
            except Refused as refused:  # Called off by hand meanwhile; the other days go on.
                log.warning("A reception day was not called off: %s", refused.code)
    plans = list(plans_due(at))
    for start in range(0, len(plans), BATCH):
        try:
            actions.publish_days(plans[start : start + BATCH], actor=CLOCK, at=at)
        except DayExists:
            continue
