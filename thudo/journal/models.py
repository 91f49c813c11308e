"""The append-only journal and what its followers remember."""

from django.db import models
from django.db.models.expressions import RawSQL


class Entry(models.Model):
    """One line of the journal: what changed, about what, by whom, when.

    `body` is the canonical JSON (RFC 8785) whose salted hash outsiders verify; it holds no
    personal data. `number` is given when a transaction starts and is no order to read by;
    readers use `position`, which the sequencer gives to committed entries.
    """

    number = models.BigAutoField(primary_key=True)
    transaction = models.BigIntegerField(
        db_default=RawSQL("(pg_current_xact_id()::text)::bigint", ())
    )
    position = models.BigIntegerField(null=True, unique=True)
    at = models.DateTimeField()
    action = models.TextField()
    subject_kind = models.TextField()
    subject_id = models.TextField()
    subject_version = models.IntegerField()
    actor = models.TextField()
    body = models.BinaryField()
    salt = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        db_table = "journal_entry"
        indexes = [
            models.Index(
                # Not by number: under a long transaction the dead rows of entries already
                # sequenced stay, and the sequencer would walk them every round.
                fields=["transaction"],
                name="journal_entry_unsequenced",
                condition=models.Q(position__isnull=True),
            ),
            models.Index(
                fields=["subject_kind", "subject_id", "subject_version"],
                name="journal_entry_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.action} {self.subject_kind}:{self.subject_id}"


class Sequence(models.Model):
    """The sequencer's memory: one row with the last position and the snapshot it was given in."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    position = models.BigIntegerField(default=0)
    snapshot = models.TextField(default="")
    # Snapshots mean nothing in another server: a dump restored there starts afresh (system id).
    server = models.TextField(default="")

    class Meta:
        db_table = "journal_sequence"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="journal_sequence_single")
        ]

    def __str__(self) -> str:
        return str(self.position)


class Follower(models.Model):
    """How far one reader of the journal has come."""

    name = models.TextField(primary_key=True)
    position = models.BigIntegerField(default=0)

    class Meta:
        db_table = "journal_follower"

    def __str__(self) -> str:
        return f"{self.name} at {self.position}"
