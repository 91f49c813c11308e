"""Tags for the templates of higher slices: rows of advisories, rows of questions."""

from collections.abc import Sequence
from typing import Any

from django import template

from thudo.advisories.models import Consultation
from thudo.advisories.queries import Shown

register = template.Library()


@register.inclusion_tag("advisories/_rows.html")
def advisory_rows(rows: Sequence[Shown]) -> dict[str, Any]:
    """A list of what queries.shown() made; nothing for an empty one."""
    return {"rows": rows}


@register.inclusion_tag("advisories/_asked.html")
def consultation_rows(rows: Sequence[Consultation]) -> dict[str, Any]:
    """Links to questions that are open for answers; nothing for none."""
    return {"asked": rows}
