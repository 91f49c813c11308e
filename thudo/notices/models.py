"""Who wants to hear of what, what was decided to be told, and what is on its way.

    Recipient ─< Follow ─< Notice >─ Message
    an address   a topic   decided    what is sent, under one key, once it was put together

A notice is decided in the follower's own transaction (unique per recipient and journal position);
messages are put together from notices that are due. Further channels are further `channel`s of a
recipient; quiet hours and digests move `goes_out_at` and put more notices into one message.
"""

import uuid

from django.db import models
from django.db.models import Q

WAITING, SENT, REFUSED, EXPIRED, VOID = "waiting", "sent", "refused", "expired", "void"


class Recipient(models.Model):
    """An address of one channel ("push"), sealed; found again only by its keyed hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    channel = models.TextField(default="push")
    address_hash = models.BinaryField()
    key_id = models.TextField()
    sealed = models.BinaryField()
    # The host that takes its messages: no more than which browser it is.
    gateway = models.TextField()
    language = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "notices_recipient"
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "address_hash"], name="notices_recipient_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.id}"


class Follow(models.Model):
    """One topic that a recipient follows: the reason of its notices, and what "stop" ends."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    recipient = models.ForeignKey(Recipient, models.CASCADE, related_name="follows")
    topic = models.TextField()
    # Of a place, its ward: announcements are for wards. "" for one's own petition.
    area = models.TextField(default="")
    # What came before it was followed is no news: the journal's position at that moment.
    since = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "notices_follow"
        constraints = [
            models.UniqueConstraint(fields=["recipient", "topic"], name="notices_follow_once")
        ]
        indexes = [
            models.Index(fields=["topic"], name="notices_follow_topic"),
            models.Index(fields=["area"], name="notices_follow_area", condition=~Q(area="")),
        ]

    def __str__(self) -> str:
        return self.topic


class Message(models.Model):
    """What is sent: one or several notices of one follow. Its id is the key that stays the same
    however often it is tried. `state`: waiting, sent, refused, expired, void (nothing to say)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    recipient = models.ForeignKey(Recipient, models.CASCADE, related_name="messages")
    follow = models.ForeignKey(Follow, models.CASCADE, related_name="messages")
    state = models.TextField(default=WAITING)
    made_at = models.DateTimeField()
    # When it is tried next; who takes it moves this on, so that nobody else does meanwhile.
    due_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    # What the gateway said last: an HTTP status or a reason in plain English, never an address.
    said = models.TextField(default="")

    class Meta:
        db_table = "notices_message"
        indexes = [
            models.Index(fields=["due_at"], name="notices_message_due", condition=Q(state=WAITING)),
            models.Index(fields=["made_at"], name="notices_message_made"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"


class Notice(models.Model):
    """One piece of news for one recipient, decided once. `facts` holds codes only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    recipient = models.ForeignKey(Recipient, models.CASCADE, related_name="notices")
    follow = models.ForeignKey(Follow, models.CASCADE, related_name="notices")
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="notices")
    position = models.BigIntegerField()
    kind = models.TextField()
    facts = models.JSONField(default=dict)
    decided_at = models.DateTimeField()
    goes_out_at = models.DateTimeField()

    class Meta:
        db_table = "notices_notice"
        constraints = [
            models.UniqueConstraint(fields=["recipient", "position"], name="notices_notice_once")
        ]
        indexes = [
            models.Index(
                fields=["goes_out_at"], name="notices_notice_due", condition=Q(message=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.position}"


class Gateway(models.Model):
    """A push service that failed lately: left alone until `rests_until`, then tried with one."""

    host = models.TextField(primary_key=True)
    failures = models.IntegerField(default=0)
    rests_until = models.DateTimeField()

    class Meta:
        db_table = "notices_gateway"

    def __str__(self) -> str:
        return self.host
