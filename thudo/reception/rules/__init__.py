"""Pure decisions about citizen reception: which days, which hours, what a calendar file says."""

from thudo.reception.rules.days import DayRule, Wanted, hours_on, rule_of, slots_on, wanted_days
from thudo.reception.rules.states import (
    ARRIVED,
    BOOKED,
    CALLED_OFF,
    CANCELLED,
    HELD,
    HOLDING,
    MISSED,
    OUTCOMES,
    STATES,
    link_key,
)

# journal action -> sentence; English msgids, Vietnamese in locale/
ACTIONS: dict[str, str] = {
    "reception.day_published": "A reception day was published",
    "reception.day_called_off": "A reception day was called off",
    "reception.booked": "An hour of citizen reception was booked",
    "reception.moved": "The booked hour was moved",
    "reception.cancelled": "The booking was cancelled",
    "reception.called_off": "The booking ended because the reception day was called off",
    "reception.arrived": "The person arrived",
    "reception.missed": "The person did not come",
    "reception.held": "The person was received",
    "reception.filed": "What the person said was filed as a petition",
    "reception.identity_read": "Who booked was looked at",
}

__all__ = [
    "ACTIONS",
    "ARRIVED",
    "BOOKED",
    "CALLED_OFF",
    "CANCELLED",
    "HELD",
    "HOLDING",
    "MISSED",
    "OUTCOMES",
    "STATES",
    "DayRule",
    "Wanted",
    "hours_on",
    "link_key",
    "rule_of",
    "slots_on",
    "wanted_days",
]
