"""What came in by a door, what waits to go out by it, and how far each door has come."""

import uuid

from django.db import models
from django.db.models import Q


class Door(models.Model):
    """One door. `place`: how far a mailbox was read; `sealed`: tokens that renew themselves."""

    name = models.TextField(primary_key=True)
    place = models.JSONField(default=dict)
    key_id = models.TextField(default="")
    sealed = models.BinaryField(null=True)
    # When it last worked, when it last did not, and why (no secrets, no people).
    seen_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.TextField(default="")

    class Meta:
        db_table = "channels_door"

    def __str__(self) -> str:
        return self.name


class Incoming(models.Model):
    """One message as it came, sealed until it is read; then only its key stays, for ever, so that
    it is known again. `key` names it within its door."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    door = models.TextField()
    key = models.TextField()
    # Keyed hash of the sender's address: how often he wrote.
    peer = models.BinaryField()
    key_id = models.TextField(default="")
    sealed = models.BinaryField(null=True)
    is_cut = models.BooleanField(default=False)
    came_at = models.DateTimeField()
    # "waiting", "taken", "passed" (a machine wrote it), "held" (too many of one sender), "stuck".
    state = models.TextField(default="waiting")
    tries = models.IntegerField(default=0)
    due_at = models.DateTimeField()
    number = models.TextField(default="")
    failure = models.TextField(default="")

    class Meta:
        db_table = "channels_incoming"
        constraints = [
            models.UniqueConstraint(fields=["door", "key"], name="channels_incoming_once")
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="channels_incoming_waiting", condition=Q(state="waiting")
            ),
            models.Index(fields=["peer", "came_at"], name="channels_incoming_peer"),
            models.Index(
                fields=["came_at"], name="channels_incoming_kept", condition=Q(sealed__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.door} {self.state}"


class Outgoing(models.Model):
    """One message to a neighbour: sealed until it is sent. `key` makes it one message however often
    it is asked for, and is what the neighbour knows it by; those of a `thread` go in order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    door = models.TextField()
    key = models.TextField(unique=True)
    thread = models.TextField(default="")
    # The order within a thread, where it is more than that of making: the journal's position.
    position = models.BigIntegerField(default=0)
    peer = models.BinaryField(null=True)
    key_id = models.TextField(default="")
    sealed = models.BinaryField(null=True)
    made_at = models.DateTimeField()
    # "waiting", "sent", "dropped" (the neighbour said no for good).
    state = models.TextField(default="waiting")
    tries = models.IntegerField(default=0)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failure = models.TextField(default="")

    class Meta:
        db_table = "channels_outgoing"
        indexes = [
            models.Index(
                fields=["door", "due_at"],
                name="channels_outgoing_waiting",
                condition=Q(state="waiting"),
            ),
            models.Index(
                fields=["door", "thread", "id"],
                name="channels_outgoing_thread",
                condition=Q(state="waiting"),
            ),
            models.Index(fields=["peer", "made_at"], name="channels_outgoing_peer"),
        ]

    def __str__(self) -> str:
        return f"{self.door} {self.state}"


class Conversation(models.Model):
    """What somebody has said so far by Zalo or short message; forgotten when it expires."""

    door = models.TextField()
    peer = models.BinaryField()
    key_id = models.TextField()
    sealed = models.BinaryField()
    # The conversation holds a matter that is still to be filed.
    is_open = models.BooleanField(default=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "channels_conversation"
        constraints = [
            models.UniqueConstraint(fields=["door", "peer"], name="channels_conversation_once")
        ]

    def __str__(self) -> str:
        return self.door


class Known(models.Model):
    """A petition that another system knows under a code of its own."""

    source = models.TextField()
    code = models.TextField()
    number = models.TextField(db_index=True)
    # SHA-256 of the row it was made from: a later file that says otherwise is told apart.
    digest = models.TextField(default="")

    class Meta:
        db_table = "channels_known"
        constraints = [
            models.UniqueConstraint(fields=["source", "code"], name="channels_known_once")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.code}"
