"""The writers of notices.

following   follow_topic, unfollow_topic, stop_follow, move_recipient
deciding    decide_notices: in the journal's follower, exactly once
composing   compose_messages: what is due becomes messages
sending     send_messages: at least once, under the message's own key
"""

from thudo.notices.actions.composing import compose_messages
from thudo.notices.actions.deciding import decide_notices
from thudo.notices.actions.following import (
    follow_topic,
    move_recipient,
    stop_follow,
    unfollow_topic,
)
from thudo.notices.actions.sending import forget_old, send_messages

__all__ = [
    "compose_messages",
    "decide_notices",
    "follow_topic",
    "forget_old",
    "move_recipient",
    "send_messages",
    "stop_follow",
    "unfollow_topic",
]
