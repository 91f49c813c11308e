"""Words of the wall."""

from django import template
from django.utils.translation import ngettext

from thudo.base import phrases

register = template.Library()
_HOUR, _DAY = 60, 24 * 60


@register.filter
def waited(minutes: int) -> str:
    """How long nobody has taken a case: minutes up to two hours, then hours, then days."""
    if minutes < 2 * _HOUR:
        form, n = ngettext("%(n)s minute", "%(n)s minutes", minutes), minutes
    elif minutes < 3 * _DAY:
        n = minutes // _HOUR
        form = ngettext("%(n)s hour", "%(n)s hours", n)
    else:
        n = minutes // _DAY
        form = ngettext("%(n)s day", "%(n)s days", n)
    return form % {"n": phrases.count(n)}
