"""What the telephone desk keeps: call-backs, verdicts taken by telephone, questions answered."""

import uuid

from django.db import models
from django.db.models import Q

from thudo.petitions.models import Verdict


class Callback(models.Model):
    """Somebody waits to be called. His number and reason are sealed; `phone_hash` finds him again,
    `tail` is what a list shows: the last three digits.

    `outcome` after the end: "reached", "filed", "given_up".
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    key_id = models.TextField()
    sealed = models.BinaryField()
    phone_hash = models.BinaryField()
    tail = models.TextField()
    since = models.DateTimeField()
    asked_by = models.TextField()
    taken_by = models.TextField(default="")
    taken_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.TextField(default="")

    class Meta:
        db_table = "desks_callback"
        indexes = [
            models.Index(
                fields=["since"], name="desks_callback_waiting", condition=Q(ended_at=None)
            ),
        ]
        constraints = [
            # Who calls in twice while he waits still waits once, since the first time.
            models.UniqueConstraint(
                fields=["phone_hash"], name="desks_callback_once", condition=Q(ended_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"callback {self.pk}"


class PhoneVerdict(models.Model):
    """The mark of a verdict that a clerk took down: who, and whether another one asks again.

    `check`: "" (not drawn), "due", then "confirmed", "differs" or "unreached".
    """

    verdict = models.OneToOneField(
        Verdict, models.CASCADE, primary_key=True, related_name="by_phone"
    )
    clerk = models.TextField()
    taken_at = models.DateTimeField()
    check_state = models.TextField(default="")
    checked_by = models.TextField(default="")
    checked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "desks_phone_verdict"
        indexes = [
            models.Index(
                fields=["taken_at"], name="desks_phone_verdict_due", condition=Q(check_state="due")
            ),
        ]

    def __str__(self) -> str:
        return f"phone verdict {self.pk}"


class AnsweredQuestion(models.Model):
    """One question answered on the telephone, without a petition: its code of the pack, no person."""

    code = models.TextField()
    clerk = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "desks_answered_question"
        indexes = [models.Index(fields=["at"], name="desks_answered_question_at")]

    def __str__(self) -> str:
        return self.code
