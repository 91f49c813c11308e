"""The deeds of petitions, one file per noun."""

from thudo.petitions.actions.desk import (
    hide_petition,
    merge_petition,
    show_petition,
    split_petition,
    triage_petition,
)
from thudo.petitions.actions.filing import file_petition
from thudo.petitions.actions.follow import (
    add_to_followed,
    follow_petition,
    judge_followed,
    unfollow_petition,
)
from thudo.petitions.actions.following import (
    judge_petition,
    supplement_petition,
    withdraw_petition,
)
from thudo.petitions.actions.identity import read_identity
from thudo.petitions.actions.letters import issue_letter
from thudo.petitions.actions.results import approve_result
from thudo.petitions.actions.review import review_petition

__all__ = [
    "add_to_followed",
    "approve_result",
    "file_petition",
    "follow_petition",
    "hide_petition",
    "issue_letter",
    "judge_followed",
    "judge_petition",
    "merge_petition",
    "read_identity",
    "review_petition",
    "show_petition",
    "split_petition",
    "supplement_petition",
    "triage_petition",
    "unfollow_petition",
    "withdraw_petition",
]
