"""What the telephone desk keeps."""

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
            name="AnsweredQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.TextField()),
                ("clerk", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "desks_answered_question",
                "indexes": [models.Index(fields=["at"], name="desks_answered_question_at")],
            },
        ),
        migrations.CreateModel(
            name="Callback",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("key_id", models.TextField()),
                ("sealed", models.BinaryField()),
                ("phone_hash", models.BinaryField()),
                ("tail", models.TextField()),
                ("since", models.DateTimeField()),
                ("asked_by", models.TextField()),
                ("taken_by", models.TextField(default="")),
                ("taken_at", models.DateTimeField(null=True)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("tried_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("outcome", models.TextField(default="")),
            ],
            options={
                "db_table": "desks_callback",
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["since"],
                        name="desks_callback_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("phone_hash",),
                        name="desks_callback_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PhoneVerdict",
            fields=[
                (
                    "verdict",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="by_phone",
                        serialize=False,
                        to="petitions.verdict",
                    ),
                ),
                ("clerk", models.TextField()),
                ("taken_at", models.DateTimeField()),
                ("check_state", models.TextField(default="")),
                ("checked_by", models.TextField(default="")),
                ("checked_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "desks_phone_verdict",
                "indexes": [
                    models.Index(
                        condition=models.Q(("check_state", "due")),
                        fields=["taken_at"],
                        name="desks_phone_verdict_due",
                    )
                ],
            },
        ),
    ]
