"""The deeds of cases, one file per noun."""

from thudo.cases.actions.answer import (
    Claim,
    answer_case,
    approve_answer,
    refuse_case,
    send_back_answer,
)
from thudo.cases.actions.ending import join_petition, merge_case, withdraw_case
from thudo.cases.actions.escalation import fire_due_clocks, see_escalation
from thudo.cases.actions.handling import (
    ask_petitioner,
    extend_deadline,
    lapse_supplement,
    note_progress,
    supplement_case,
)
from thudo.cases.actions.intake import (
    accept_case,
    acknowledge_case,
    assign_case,
    begin_case,
    triage_case,
)
from thudo.cases.actions.opening import Opening, open_case
from thudo.cases.actions.publicity import set_publicity
from thudo.cases.actions.recheck import order_redo, recheck_case, uphold_result
from thudo.cases.actions.transfer import arbitrate_case, transfer_case

__all__ = [
    "Claim",
    "Opening",
    "accept_case",
    "acknowledge_case",
    "answer_case",
    "approve_answer",
    "arbitrate_case",
    "ask_petitioner",
    "assign_case",
    "begin_case",
    "extend_deadline",
    "fire_due_clocks",
    "join_petition",
    "lapse_supplement",
    "merge_case",
    "note_progress",
    "open_case",
    "order_redo",
    "recheck_case",
    "refuse_case",
    "see_escalation",
    "send_back_answer",
    "set_publicity",
    "supplement_case",
    "transfer_case",
    "triage_case",
    "uphold_result",
    "withdraw_case",
]
