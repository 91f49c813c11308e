"""The deeds of the doors. What becomes of a message is a deed of petitions, in the same transaction."""

from thudo.channels.actions.doors import (
    claim_renewal,
    keep_tokens,
    note_failure,
    note_seen,
    start_mailbox,
)
from thudo.channels.actions.importing import Imported, import_past
from thudo.channels.actions.incoming import (
    forget_contents,
    keep_incoming,
    read_incoming,
    retry_waiting,
)
from thudo.channels.actions.outgoing import claim_outgoing, note_sent, note_unsent, put_out
from thudo.channels.actions.talking import end_conversation
from thudo.channels.actions.telling import tell_app

__all__ = [
    "Imported",
    "claim_outgoing",
    "claim_renewal",
    "end_conversation",
    "forget_contents",
    "import_past",
    "keep_incoming",
    "keep_tokens",
    "note_failure",
    "note_seen",
    "note_sent",
    "note_unsent",
    "put_out",
    "read_incoming",
    "retry_waiting",
    "start_mailbox",
    "tell_app",
]
