import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("petitions", "0003_followers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Day",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("unit", models.TextField()),
                ("host", models.TextField()),
                ("on", models.DateField()),
                ("place", models.JSONField()),
                ("rule", models.TextField(default="")),
                ("legal_basis", models.TextField()),
                ("moved_from", models.DateField(null=True)),
                ("pack_version", models.BigIntegerField()),
                ("published_at", models.DateTimeField()),
                ("called_off_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(default="")),
                ("version", models.IntegerField(default=1)),
            ],
            options={
                "db_table": "reception_day",
                "indexes": [
                    models.Index(fields=["on", "unit"], name="reception_day_on"),
                    models.Index(fields=["unit", "on"], name="reception_day_unit"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("called_off_at", None)),
                        fields=("unit", "host", "on"),
                        name="reception_day_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Slot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("seat", models.SmallIntegerField(default=1)),
                (
                    "day",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="slots",
                        to="reception.day",
                    ),
                ),
            ],
            options={
                "db_table": "reception_slot",
            },
        ),
        migrations.CreateModel(
            name="Booking",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("number", models.TextField(unique=True)),
                ("secret", models.BinaryField()),
                ("state", models.TextField(default="booked")),
                ("version", models.IntegerField(default=1)),
                ("sequence", models.IntegerField(default=0)),
                ("key_id", models.TextField()),
                ("sealed", models.BinaryField()),
                ("phone_hash", models.BinaryField()),
                ("request_key", models.TextField(default="")),
                ("booked_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("outcome", models.TextField(default="")),
                ("note", models.TextField(default="")),
                ("salt", models.BinaryField(default=b"")),
                (
                    "filed",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="petitions.petition",
                    ),
                ),
                (
                    "petition",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="petitions.petition",
                    ),
                ),
                (
                    "day",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bookings",
                        to="reception.day",
                    ),
                ),
                (
                    "slot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bookings",
                        to="reception.slot",
                    ),
                ),
            ],
            options={
                "db_table": "reception_booking",
            },
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.UniqueConstraint(
                fields=("day", "starts_at", "seat"), name="reception_slot_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                name="reception_slot_has_a_length",
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(fields=["phone_hash"], name="reception_booking_phone"),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ["booked", "arrived", "held", "missed", "cancelled", "called_off"],
                    )
                ),
                name="reception_booking_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("booked", "arrived", "held", "missed"))),
                fields=("slot",),
                name="reception_seat_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("booked", "arrived", "held", "missed"))),
                fields=("day", "phone_hash"),
                name="reception_person_once_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.UniqueConstraint(
                condition=models.Q(("request_key", ""), _negated=True),
                fields=("request_key",),
                name="reception_request_once",
            ),
        ),
    ]
