"""Notices go out in the background: no deed waits for a push service."""

from thudo.base.clock import now
from thudo.base.loops import loop
from thudo.notices import actions
from thudo.notices.actions.composing import BATCH as MANY
from thudo.notices.actions.sending import BATCH


@loop(seconds=1.0)
def compose() -> bool:
    """Due notices become messages."""
    return actions.compose_messages(at=now()) == MANY


@loop(seconds=1.0)
def send() -> bool:
    """Messages that are due go out."""
    return actions.send_messages(at=now()) == BATCH


@loop(seconds=3600.0)
def forget() -> None:
    """What ended a month ago is dropped."""
    actions.forget_old(at=now())
