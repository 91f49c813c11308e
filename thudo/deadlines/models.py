"""Calendars, terms and duty rosters, each versioned: rules are data from the pack."""

from django.db import models


class Calendar(models.Model):
    """One version of a working calendar.

    `week`: {"mon": [["08:00", "12:00"], ["13:00", "17:00"]], ...}, local time, day names mon..sun.
    `exceptions`: {"2026-02-17": {"hours": [], "name": {...}, "basis": "..."}}: replaces that day's
    hours (holiday: none; swap day: the hours worked).
    """

    code = models.TextField()
    version = models.IntegerField()
    time_zone = models.TextField()
    week = models.JSONField()
    exceptions = models.JSONField(default=dict)
    legal_basis = models.TextField(default="")
    loaded_at = models.DateTimeField()

    class Meta:
        db_table = "deadlines_calendar"
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="deadlines_calendar_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class Term(models.Model):
    """An allowance for one clock: the most specific valid row wins (service, then urgency, then any).

    `clock`: intake, handling, acknowledge, triage, check, supplement, recheck, confirm.
    `measure`: "working" (minutes of the unit's calendar) or "elapsed" (minutes of clock time).
    `urgency` and `service` are "" for any.
    """

    clock = models.TextField()
    urgency = models.TextField(default="")
    service = models.TextField(default="")
    measure = models.TextField()
    minutes = models.IntegerField()
    source = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "deadlines_term"

    def __str__(self) -> str:
        return f"{self.clock} {self.urgency} {self.service} {self.minutes}"


class DutyShift(models.Model):
    """A line of the duty calendar (lịch trực): which post of a unit is on duty on which hours.

    `days` as in a calendar's week; `starts` and `ends` local times, ends <= starts runs into the next day.
    """

    unit = models.TextField()
    days = models.JSONField()
    starts = models.TimeField()
    ends = models.TimeField()
    post = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "deadlines_duty_shift"

    def __str__(self) -> str:
        return f"{self.unit} {self.starts}-{self.ends} {self.post}"
