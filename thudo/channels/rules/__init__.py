"""Pure decisions of the doors: what a mail says, what a conversation asks, what a row means."""

import re
from datetime import timedelta

MAIL, ZALO, SMS, APP = "mail", "zalo", "sms", "app"
DOORS = (MAIL, ZALO, SMS, APP)
# How a petition that came by a door is marked (Petition.channel).
CHANNEL_OF = {MAIL: "email", ZALO: "zalo", SMS: "sms", APP: "app"}
# One sender's messages and answers within a day; beyond, a person looks at it (docs/reference/channels.md).
MOST_MATTERS, MOST_ANSWERS = 30, 20
MOST_TRIES = 8
_PATIENCE = (5, 15, 60, 300, 900, 3600)
_NUMBER = re.compile(r"(?<!\d)\d(?:[ .]?\d){9}(?!\d)")

# Of the journal's actions those that the app is told: how the work goes on, not who looked.
PUSHED = frozenset({
    "petition.filed", "petition.screened", "petition.withdrawn", "petition.judged",
    "case.triaged", "case.accepted", "case.begun", "case.progress_noted", "case.supplement_asked",
    "case.supplemented", "case.transferred", "case.arbitrated", "case.deadline_extended",
    "case.answered", "case.answer_approved", "case.answer_sent_back", "case.recheck_opened",
    "case.result_upheld", "case.redo_ordered", "case.withdrawn", "case.merged",
})  # fmt: skip
# What this slice records itself: nothing; its petitions are filed by the deeds of petitions.
ACTIONS: dict[str, str] = {}


def pause(tries: int) -> timedelta:
    """How long to wait after the n-th attempt that failed: seconds at first, an hour at last."""
    return timedelta(seconds=_PATIENCE[min(max(tries, 1), len(_PATIENCE)) - 1])


def number_in(text: str) -> str:
    """The ten digits of a petition's number in a text, "" without."""
    found = _NUMBER.search(text)
    return re.sub(r"[ .]", "", found[0]) if found else ""
