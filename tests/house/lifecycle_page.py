"""docs/reference/lifecycle.md, written from the table of steps."""

from tests.house.tree import ROOT
from thudo.cases.lifecycle import CLOSED, STATES, STEPS, Step

PAGE = ROOT / "docs" / "reference" / "lifecycle.md"
HEAD = """# The life of a case

Written from `thudo/cases/lifecycle.py` by `pytest tests/house/test_lifecycle_page.py --renew`; a test compares. "Overdue" and "no update" are no
states: they are derived from clocks. A step with no target leaves the state as it is.

"""


def written() -> str:
    """The whole page: states, steps, and the diagram."""
    states = [
        f"| `{code}` | {words} | {'closed' if code in CLOSED else 'open'} |"
        for code, words in STATES.items()
    ]
    steps = [_row(step) for step in STEPS.values()]
    return "\n".join([
        HEAD + "| state | words (English msgid) | |", "| --- | --- | --- |", *states, "",
        "| deed | from | to | right | journal | clocks |", "| --- | --- | --- | --- | --- | --- |",
        *steps, "", "```mermaid", "stateDiagram-v2", "    [*] --> awaiting_intake", *_arrows(),
        "```", "",
    ])  # fmt: skip


def _row(step: Step) -> str:
    moved = [
        f"{verb} {', '.join(kinds)}"
        for verb, kinds in (
            ("stops", step.stops), ("pauses", step.pauses), ("resumes", step.resumes),
            ("starts", step.starts),
        )
        if kinds
    ]  # fmt: skip
    before = ", ".join(sorted(step.before)) if len(step.before) < len(STATES) - 5 else "any open"
    to = " or ".join(step.to) or "–"
    clocks = "; ".join(moved) or "–"
    return f"| `{step.deed}` | {before} | {to} | `{step.act}` | `{step.action}` | {clocks} |"


def _arrows() -> list[str]:
    return [
        f"    {before} --> {after}: {step.deed}"
        for step in STEPS.values()
        for before in sorted(step.before)
        for after in step.to
        if len(step.before) < len(STATES) - 5 and before != after
    ]
