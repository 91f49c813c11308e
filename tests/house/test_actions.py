"""Every journal action has its words, every step its deed."""

import ast

from django.utils import translation

from tests.house.tree import PRODUCT, parsed, room_of, slice_of, sources
from thudo.cases import actions as case_deeds
from thudo.cases import lifecycle
from thudo.journal import queries
from thudo.live import rules
from thudo.operations.queries import wall

SENTENCES = queries.sentences()


def test_every_action_has_a_sentence_in_both_languages() -> None:
    with translation.override("vi"):
        missing = [a for a, s in SENTENCES.items() if translation.gettext(s) == s]
    assert missing == []


def test_every_recorded_action_is_registered_and_every_registered_one_recorded() -> None:
    recorded: set[str] = {step.action for step in lifecycle.STEPS.values()}
    for path in sources():
        if room_of(path) != "actions":
            continue
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                recorded.add(node.value)
    assert [a for a in SENTENCES if a not in recorded] == []


def test_streams_and_wall_name_only_actions_that_exist() -> None:
    named = rules.OPEN_ACTIONS | rules.DESK_OF_ACTION.keys() | wall.TOLD
    assert sorted(named - SENTENCES.keys()) == []


def test_every_step_has_its_deed_and_every_deed_its_step() -> None:
    taken: set[str] = set()
    for path in (PRODUCT / "cases" / "actions").glob("*.py"):
        for node in ast.walk(parsed(path)):
            is_step = isinstance(node, ast.Call) and ast.unparse(node.func) in {
                "take_step",
                "_step",
            }
            if is_step and isinstance(node.args[0], ast.Constant):
                taken.add(node.args[0].value)
    assert taken == set(lifecycle.STEPS)
    assert [d for d in lifecycle.STEPS if d != "escalate_case" and not hasattr(case_deeds, d)] == []


def test_every_state_can_be_reached_and_left_or_is_an_end() -> None:
    reached = {state for step in lifecycle.STEPS.values() for state in step.to}
    left = {state for step in lifecycle.STEPS.values() for state in step.before if step.to}
    assert reached | {lifecycle.AWAITING_INTAKE} == set(lifecycle.STATES)
    assert left >= lifecycle.OPEN


def test_deeds_take_actor_and_at_by_keyword() -> None:
    for path in sources():
        # These write what the deeds of higher slices journal, or what is counted of them.
        lower = {"journal", "files", "directory", "operations"}
        if room_of(path) != "actions" or slice_of(path) in lower:
            continue
        for node in parsed(path).body:
            if isinstance(node, ast.FunctionDef) and _is_deed(node):
                keyword_only = {a.arg for a in node.args.kwonlyargs}
                assert "at" in keyword_only, f"{path.name}:{node.name}"


def _is_deed(node: ast.FunctionDef) -> bool:
    decorators = {ast.unparse(d) for d in node.decorator_list}
    return "transaction.atomic" in decorators and not node.name.startswith("_")
