"""Figures kept by a follower, so that a page sums cells and not cases (docs/reference/rollups.md)."""

from django.db import models

# What is counted, in the order of the columns (queries.reckoning says what each means).
MEASURES = (
    "opened", "resolved", "answered", "refused", "due", "kept", "results", "satisfied",
    "acceptable", "not_satisfied",
)  # fmt: skip


class Counters(models.Model):
    """The amounts of one month of the city's calendar ("2026-11")."""

    month = models.TextField()
    area = models.TextField()
    service = models.TextField()
    unit = models.TextField()
    # Whether one of the case's petitions is shown to everybody.
    is_public = models.BooleanField()
    opened = models.IntegerField(default=0)
    resolved = models.IntegerField(default=0)
    answered = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    due = models.IntegerField(default=0)
    kept = models.IntegerField(default=0)
    results = models.IntegerField(default=0)
    satisfied = models.IntegerField(default=0)
    acceptable = models.IntegerField(default=0)
    not_satisfied = models.IntegerField(default=0)

    class Meta:
        abstract = True


class Tally(Counters):
    """What one case adds to a month: kept, so that a change of the case is a difference of cells,
    and so that the list behind a figure is exactly the cases that were counted."""

    case = models.UUIDField()

    class Meta:
        db_table = "operations_tally"
        constraints = [
            models.UniqueConstraint(fields=["case", "month"], name="operations_tally_once"),
        ]
        indexes = [models.Index(fields=["month", "area"], name="operations_tally_month")]

    def __str__(self) -> str:
        return f"{self.case} in {self.month}"


class Rollup(Counters):
    """The sum of the tallies of one (month, area, service, unit, is_public)."""

    class Meta:
        db_table = "operations_rollup"
        constraints = [
            models.UniqueConstraint(
                fields=["month", "area", "service", "unit", "is_public"],
                name="operations_rollup_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.area} in {self.month}"


class Mark(models.Model):
    """A public case that is open or ended lately, as maps and lists of open ones find it: no join,
    few rows, few bytes, whatever the city's past.

    `petition` is its first public one, in whose place it stands; `cell` the H3 cell of resolution
    11 of that one, empty without a point.
    """

    case = models.UUIDField(primary_key=True)
    petition = models.UUIDField()
    filed_at = models.DateTimeField()
    cell = models.BigIntegerField(null=True)
    area = models.TextField()
    service = models.TextField()
    unit = models.TextField()
    state = models.TextField()
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    promised_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "operations_mark"
        indexes = [
            models.Index(fields=["cell"], name="operations_mark_cell"),
            models.Index(fields=["-filed_at"], name="operations_mark_filed"),
            models.Index(fields=["area", "-filed_at"], name="operations_mark_area"),
            models.Index(fields=["closed_at"], name="operations_mark_closed"),
        ]

    def __str__(self) -> str:
        return str(self.case)


class Reckoning(models.Model):
    """One row: promises due up to `at` are counted. `formula` is that of the code which counted."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    at = models.DateTimeField()
    formula = models.IntegerField()
    # The last comparison with a count of every case, and how many cells differed.
    checked_at = models.DateTimeField(null=True)
    differences = models.IntegerField(null=True)

    class Meta:
        db_table = "operations_reckoning"

    def __str__(self) -> str:
        return f"up to {self.at}"
