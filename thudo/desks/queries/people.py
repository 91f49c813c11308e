"""Who in a unit can be given a case."""

from datetime import datetime

from thudo.accounts.queries import holders_in
from thudo.deadlines.queries import duty_post
from thudo.directory.queries import post_title


def post_choices(unit: str, at: datetime) -> list[tuple[str, str]]:
    """(post, title and holder) of a unit; the one on duty now stands first."""
    on_duty = duty_post(unit, at)
    found: dict[str, str] = {}
    for holding in holders_in(unit, at):
        found.setdefault(
            holding.post_id, f"{post_title(holding.post_id)} · {holding.user.display_name}"
        )
    if on_duty and on_duty not in found:
        found[on_duty] = post_title(on_duty)
    return sorted(found.items(), key=lambda one: one[0] != on_duty)
