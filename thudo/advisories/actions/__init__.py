"""Deeds about advisories and consultations.

publish_advisory, amend_advisory, end_advisory, withdraw_advisory     a post or key of its unit
keep_advisory       publish, or amend what the other system already called so
add_voice           one more caller affected, counted once a caller
count_answer        an answer on the spot was enough, or was not
publish_consultation, close_consultation, withdraw_consultation, answer_consultation
"""

from thudo.advisories.actions.consulting import (
    ConsultationClosed,
    answer_consultation,
    close_consultation,
    publish_consultation,
    withdraw_consultation,
)
from thudo.advisories.actions.counting import add_voice, count_answer
from thudo.advisories.actions.publishing import (
    AdvisoryChanged,
    AdvisoryOver,
    amend_advisory,
    end_advisory,
    keep_advisory,
    publish_advisory,
    withdraw_advisory,
)

__all__ = [
    "AdvisoryChanged",
    "AdvisoryOver",
    "ConsultationClosed",
    "add_voice",
    "amend_advisory",
    "answer_consultation",
    "close_consultation",
    "count_answer",
    "end_advisory",
    "keep_advisory",
    "publish_advisory",
    "publish_consultation",
    "withdraw_advisory",
    "withdraw_consultation",
]
