"""The deeds of the telephone desk, one file per noun."""

from thudo.desks.actions.callbacks import (
    ask_callback,
    end_callback,
    release_callback,
    take_callback,
    try_callback,
)
from thudo.desks.actions.calls import add_caller, answer_question, look_up_caller
from thudo.desks.actions.sheets import file_row, finish_sheet
from thudo.desks.actions.verdicts import check_verdict, take_verdict

__all__ = [
    "add_caller",
    "answer_question",
    "ask_callback",
    "check_verdict",
    "end_callback",
    "file_row",
    "finish_sheet",
    "look_up_caller",
    "release_callback",
    "take_callback",
    "take_verdict",
    "try_callback",
]
