"""The matrix of authority: for each service, scope and day exactly one unit answers."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models


class Authority(models.Model):
    """One cell of the matrix: it is never changed, only ended (`valid`) and followed by another.

    `scope`: "about:<unit>" (conduct of that unit), "asset:<layer>:<class>", "area:<code>", "city".
    """

    service = models.TextField()
    scope = models.TextField()
    unit = models.TextField()
    valid = DateRangeField()
    legal_basis = models.TextField()
    reason = models.JSONField()
    pack_version = models.IntegerField()

    class Meta:
        db_table = "routing_authority"
        constraints = [
            ExclusionConstraint(
                name="routing_authority_no_overlap",
                expressions=[
                    ("service", RangeOperators.EQUAL),
                    ("scope", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.scope} -> {self.unit}"
