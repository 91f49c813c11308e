"""The work the city does: cases with their clocks, holders, notes, answers and escalations."""

import uuid

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from thudo.cases import lifecycle


class Case(models.Model):
    """One piece of work that the city owes. Its row can be rebuilt from its journal entries.

    `label` is what staff call it (a petition's number, with /2 for its second matter). The
    matter's words and exact point are here because every kind of case has them; the journal
    holds neither. `state_before` is where a result sent back returns to.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.TextField(default="petition")
    label = models.TextField(unique=True)
    state = models.TextField(default=lifecycle.AWAITING_INTAKE)
    state_before = models.TextField(default="")
    version = models.IntegerField(default=1)
    service = models.TextField()
    area = models.TextField()
    unit = models.TextField()
    post = models.TextField()
    handler = models.TextField(default="")
    # The unit that answered last: a re-check never goes to it.
    answered_by = models.TextField(default="")
    # Units that held it before: they may still read it.
    past_units = models.JSONField(default=list)
    urgency = models.TextField()
    authority = models.BigIntegerField(null=True)
    pack_version = models.BigIntegerField()
    matter = models.TextField()
    place = models.TextField(default="")
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    numbers = models.JSONField(default=list)
    is_public = models.BooleanField(default=False)
    is_flagged = models.BooleanField(default=False)
    bounces = models.SmallIntegerField(default=0)
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    # The last sign of work: silence is measured from here.
    progress_at = models.DateTimeField()
    promised_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_case"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=list(lifecycle.STATES)), name="cases_case_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state"], name="cases_case_unit_state"),
            models.Index(
                fields=["unit", "promised_at"],
                name="cases_case_open",
                condition=~Q(state__in=sorted(lifecycle.CLOSED)),
            ),
            models.Index(fields=["area", "service", "opened_at"], name="cases_case_area"),
            models.Index(fields=["service", "opened_at"], name="cases_case_service"),
            # What is owed now, counted without touching the rows: little, whatever the past.
            models.Index(
                fields=["kind", "area", "promised_at", "state", "unit", "service"],
                name="cases_case_now",
                condition=~Q(state__in=sorted(lifecycle.CLOSED)),
            ),
            BrinIndex(fields=["opened_at"], name="cases_case_opened", autosummarize=True),
            # What was ended lately, on the front page.
            models.Index(
                F("closed_at").desc(),
                name="cases_case_closed",
                condition=Q(closed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_open(self) -> bool:
        return self.state not in lifecycle.CLOSED


class Clock(models.Model):
    """One term of a case. `due_at` is empty while it is paused and after it stopped.

    `consumed` minutes were used up before `running_since`; `measure` says of which kind they are.
    `rung` is the last rung of the ladder that fired in this `epoch`; a new promise is a new epoch.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="clocks")
    kind = models.TextField()
    epoch = models.SmallIntegerField(default=1)
    unit = models.TextField()
    calendar = models.TextField()
    calendar_version = models.IntegerField()
    measure = models.TextField()
    allowance = models.IntegerField()
    consumed = models.IntegerField(default=0)
    started_at = models.DateTimeField()
    running_since = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    # What was promised when it last ran: stays when the clock stops, so that lateness can be told.
    promised_at = models.DateTimeField(null=True)
    paused_for = models.TextField(default="")
    stopped_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)
    rung = models.SmallIntegerField(default=0)
    source = models.TextField(default="")

    class Meta:
        db_table = "cases_clock"
        constraints = [
            models.UniqueConstraint(fields=["case", "kind", "epoch"], name="cases_clock_once"),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True)
                | Q(running_since__isnull=False, stopped_at__isnull=True),
                name="cases_clock_due_only_while_running",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="cases_clock_due", condition=Q(due_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.case_id}"


class Tenure(models.Model):
    """Who held a case from when to when: lateness is charged to those who used the time."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="tenures")
    unit = models.TextField()
    post = models.TextField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    # Working minutes of the unit's calendar, filled when the tenure ends.
    minutes = models.IntegerField(null=True)

    class Meta:
        db_table = "cases_tenure"

    def __str__(self) -> str:
        return f"{self.unit} {self.case_id}"


class Note(models.Model):
    """Words written on a case. The journal holds only their salted hash, so they stay erasable.

    `kind`: progress, question, reply, transfer, extension, acceptance, recheck, check, internal.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    kind = models.TextField()
    text = models.TextField()
    salt = models.BinaryField()
    unit = models.TextField(default="")
    post = models.TextField(default="")
    actor = models.TextField()
    at = models.DateTimeField()
    is_public = models.BooleanField(default=True)
    # A step that was promised with the note ("Next: ..., expected by").
    next_step = models.TextField(default="")
    next_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_note"
        indexes = [models.Index(fields=["case", "at"], name="cases_note_case")]

    def __str__(self) -> str:
        return self.kind


class Answer(models.Model):
    """A result as a unit claims it, and what the checking desk said of the claim.

    `outcome`: resolved, answered, refused. `check_result`: "", passed, sent_back, not_drawn.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, models.CASCADE, related_name="answers")
    outcome = models.TextField()
    text = models.TextField()
    salt = models.BinaryField()
    # What was done, when answered and not resolved: why not, and the next step with its date.
    remaining = models.TextField(default="")
    next_step = models.TextField(default="")
    next_at = models.DateTimeField(null=True)
    ground = models.TextField(default="")
    right_office = models.TextField(default="")
    unit = models.TextField()
    post = models.TextField(default="")
    actor = models.TextField()
    at = models.DateTimeField()
    why_checked = models.TextField(default="")
    check_result = models.TextField(default="")
    check_note = models.TextField(default="")
    checked_by = models.TextField(default="")
    checked_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_answer"
        indexes = [
            models.Index(fields=["case", "at"], name="cases_answer_case"),
            # The results of a month.
            models.Index(
                fields=["published_at"],
                name="cases_answer_published",
                condition=Q(published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.case_id}"


class Promise(models.Model):
    """Each result instant ever promised for a case: none is overwritten."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="promises")
    due_at = models.DateTimeField()
    made_at = models.DateTimeField()
    reason = models.TextField(default="")
    post = models.TextField(default="")

    class Meta:
        db_table = "cases_promise"
        # The promises of a month.
        indexes = [models.Index(fields=["due_at"], name="cases_promise_due")]

    def __str__(self) -> str:
        return f"{self.case_id} by {self.due_at}"


class Escalation(models.Model):
    """One rung of the ladder that fired: once per case, clock, epoch and rung."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="escalations")
    clock = models.TextField()
    epoch = models.SmallIntegerField()
    rung = models.SmallIntegerField()
    post = models.TextField()
    unit = models.TextField()
    at = models.DateTimeField()
    seen_by = models.TextField(default="")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_escalation"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "clock", "epoch", "rung"], name="cases_escalation_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.clock} {self.rung} {self.case_id}"
