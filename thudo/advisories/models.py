"""Advisories with their revisions and voices; consultations with their answers; answers counted."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from thudo.accounts.rules import Scope
from thudo.advisories import rules


class Advisory(models.Model):
    """What a unit announces for a place and a time. Its fields are those of rules.Content.

    `version` counts its revisions; `closes_at` is from when on it no longer counts unless its
    unit speaks again (rules.closes_at); `origin_kind`/`origin_id` say what it was made from:
    "post", "key", "file", later "incident" or "dataset".
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField()
    about = models.TextField()
    purpose = models.TextField(default="actual")
    severity = models.TextField(default="unknown")
    certainty = models.TextField(default="unknown")
    title = models.JSONField()
    text = models.JSONField(default=dict)
    instruction = models.JSONField(default=dict)
    unit = models.TextField()
    services = ArrayField(models.TextField(), default=list)
    areas = ArrayField(models.TextField())
    streets = ArrayField(models.TextField(), default=list)
    # GeoJSON, EPSG:4326; widened by `radius` metres.
    geometry = models.JSONField(null=True)
    radius = models.IntegerField(null=True)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    source_name = models.TextField()
    source_url = models.TextField(default="")
    source_at = models.DateTimeField()
    # The other system's own name for it: the same one again amends.
    external_id = models.TextField(default="")
    origin_kind = models.TextField(default="post")
    origin_id = models.TextField(default="")
    is_invented = models.BooleanField(default=False)
    version = models.IntegerField(default=1)
    voices = models.IntegerField(default=0)
    published_at = models.DateTimeField()
    revised_at = models.DateTimeField()
    # Of the seal that the journal holds in place of the words.
    salt = models.BinaryField()

    class Meta:
        db_table = "advisories_advisory"
        indexes = [
            GinIndex(fields=["areas"], name="advisories_advisory_areas"),
            models.Index(fields=["closes_at"], name="advisories_advisory_closes"),
            models.Index(fields=["unit", "-published_at"], name="advisories_advisory_unit"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "external_id"],
                condition=~models.Q(external_id=""),
                name="advisories_advisory_external",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at=None) | models.Q(ends_at__gt=models.F("begins_at")),
                name="advisories_advisory_ends_after",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def state(self, at: datetime) -> str:
        """planned, running, ended or withdrawn at an instant."""
        return rules.state_at(
            at, begins_at=self.begins_at, closes_at=self.closes_at,
            ended_at=self.ended_at, withdrawn_at=self.withdrawn_at,
        )  # fmt: skip

    def scope(self) -> Scope:
        """Its unit's, for rights."""
        return Scope(unit=self.unit, public=True)


class Revision(models.Model):
    """One version of an advisory: what changed, when, and the reason given. Everybody may read it.

    `changed`: field -> [before, after]; instants as ISO text. Empty for the first.
    """

    advisory = models.ForeignKey(Advisory, models.PROTECT, related_name="revisions")
    version = models.IntegerField()
    action = models.TextField()
    changed = models.JSONField(default=dict)
    note = models.TextField(default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "advisories_revision"
        constraints = [
            models.UniqueConstraint(
                fields=["advisory", "version"], name="advisories_revision_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.advisory_id}/{self.version}"


class Voice(models.Model):
    """One caller who said that he is affected: a keyed hash, never a number."""

    advisory = models.ForeignKey(Advisory, models.PROTECT, related_name="callers")
    caller = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        db_table = "advisories_voice"
        constraints = [
            models.UniqueConstraint(fields=["advisory", "caller"], name="advisories_voice_once")
        ]

    def __str__(self) -> str:
        return f"voice on {self.advisory_id}"


class SpotAnswer(models.Model):
    """One answer given on the spot, before a petition was sent, and what came of it. No person.

    `key`: a keyed hash of the form's random key, so that a form counts once; `choice`: "enough" or
    "sent" (the last one stands); `hour`: the full hour, so that nobody is found by the instant.
    """

    key = models.BinaryField(primary_key=True)
    choice = models.TextField()
    service = models.TextField(default="")
    area = models.TextField(default="")
    advisories = ArrayField(models.BigIntegerField(), default=list)
    # Whether a petition's state, asked for by its number, was among the answers.
    told_petition = models.BooleanField(default=False)
    hour = models.DateTimeField()

    class Meta:
        db_table = "advisories_spot_answer"
        indexes = [models.Index(fields=["hour"], name="advisories_spot_answer_hour")]

    def __str__(self) -> str:
        return f"{self.choice} {self.hour}"


class Consultation(models.Model):
    """A short question that a unit asks the people of its areas. Not a vote.

    `choices`: [{"code": "a", "text": {"vi", "en"}}], two to six.
    """

    id = models.BigAutoField(primary_key=True)
    unit = models.TextField()
    areas = ArrayField(models.TextField())
    question = models.JSONField()
    detail = models.JSONField(default=dict)
    choices = models.JSONField()
    takes_comments = models.BooleanField(default=False)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    is_invented = models.BooleanField(default=False)
    version = models.IntegerField(default=1)
    published_at = models.DateTimeField()
    salt = models.BinaryField()

    class Meta:
        db_table = "advisories_consultation"
        indexes = [
            GinIndex(fields=["areas"], name="advisories_consultation_areas"),
            models.Index(fields=["closes_at"], name="advisories_consultation_closes"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")),
                name="advisories_consultation_closes_after",
            )
        ]

    def __str__(self) -> str:
        return f"consultation {self.pk}"

    def state(self, at: datetime) -> str:
        """coming, open, closed or withdrawn at an instant."""
        return rules.consultation_state(at, self.opens_at, self.closes_at, self.withdrawn_at)

    def scope(self) -> Scope:
        """Its unit's, for rights."""
        return Scope(unit=self.unit, public=True)


class Reply(models.Model):
    """One device's answer to a consultation; given again while it is open, it replaces the first.

    `device`: a keyed hash of a random cookie and the consultation, so that the answers of one
    device to two questions cannot be joined.
    """

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="replies")
    device = models.BinaryField()
    choice = models.TextField()
    comment = models.TextField(default="")
    salt = models.BinaryField(default=b"")
    # The full hour.
    hour = models.DateTimeField()

    class Meta:
        db_table = "advisories_reply"
        constraints = [
            models.UniqueConstraint(fields=["consultation", "device"], name="advisories_reply_once")
        ]

    def __str__(self) -> str:
        return f"reply to {self.consultation_id}"
