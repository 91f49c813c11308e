"""Reception days that units have published, their hours, and who booked one (sealed)."""

import uuid

from django.db import models
from django.db.models import F, Q

from thudo.petitions.models import Petition
from thudo.reception.rules import HOLDING, STATES


class Day(models.Model):
    """A day on which a post of a unit receives people. What was published is a commitment: it is
    never deleted and never moved, only called off, with its reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    unit = models.TextField()
    host = models.TextField()
    on = models.DateField()
    # Words by language; and the pack's rule that made it ("" for a day opened by hand).
    place = models.JSONField()
    rule = models.TextField(default="")
    legal_basis = models.TextField()
    # The rule's own day, which is no working day.
    moved_from = models.DateField(null=True)
    pack_version = models.BigIntegerField()
    published_at = models.DateTimeField()
    called_off_at = models.DateTimeField(null=True)
    reason = models.TextField(default="")
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "reception_day"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "host", "on"],
                condition=Q(called_off_at=None),
                name="reception_day_once",
            )
        ]
        indexes = [
            models.Index(fields=["on", "unit"], name="reception_day_on"),
            models.Index(fields=["unit", "on"], name="reception_day_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.on}"


class Slot(models.Model):
    """One seat at one hour: an hour at which three are received at once has three."""

    day = models.ForeignKey(Day, models.CASCADE, related_name="slots")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    seat = models.SmallIntegerField(default=1)

    class Meta:
        db_table = "reception_slot"
        constraints = [
            models.UniqueConstraint(
                fields=["day", "starts_at", "seat"], name="reception_slot_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="reception_slot_has_a_length"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} {self.seat}"


class Booking(models.Model):
    """Who comes when. Name, telephone, matter and the secret of the link are sealed together."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.TextField(unique=True)
    # HMAC-SHA-256 of the secret code of its link under the server's key.
    secret = models.BinaryField()
    day = models.ForeignKey(Day, models.PROTECT, related_name="bookings")
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="bookings")
    state = models.TextField(default="booked")
    version = models.IntegerField(default=1)
    # SEQUENCE of the calendar file: grows with every change of the hour or its end.
    sequence = models.IntegerField(default=0)
    key_id = models.TextField()
    sealed = models.BinaryField()
    phone_hash = models.BinaryField()
    # The petition that the talk is about, opened by its own secret link; and the one filed there.
    petition = models.ForeignKey(Petition, models.PROTECT, null=True, related_name="+")
    filed = models.ForeignKey(Petition, models.PROTECT, null=True, related_name="+")
    # The same form sent twice is one booking.
    request_key = models.TextField(default="")
    booked_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # What came of it: a word of rules.OUTCOMES, the words noted, and their salt.
    outcome = models.TextField(default="")
    note = models.TextField(default="")
    salt = models.BinaryField(default=b"")

    class Meta:
        db_table = "reception_booking"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=list(STATES)), name="reception_booking_state_known"
            ),
            models.UniqueConstraint(
                fields=["slot"], condition=Q(state__in=HOLDING), name="reception_seat_once"
            ),
            models.UniqueConstraint(
                fields=["day", "phone_hash"],
                condition=Q(state__in=HOLDING),
                name="reception_person_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["request_key"], condition=~Q(request_key=""), name="reception_request_once"
            ),
        ]
        indexes = [models.Index(fields=["phone_hash"], name="reception_booking_phone")]

    def __str__(self) -> str:
        return self.number
