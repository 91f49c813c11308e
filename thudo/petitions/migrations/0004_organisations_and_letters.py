"""Organisations file too: who a petitioner is, and letters with number, day and signatory."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_what_months_ask_for"),
        ("petitions", "0003_followers"),
    ]

    operations = [
        migrations.AddField(
            model_name="petitioner",
            name="kind",
            field=models.TextField(db_default="person", default="person"),
        ),
        migrations.CreateModel(
            name="LetterNumber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("unit", models.TextField()),
                ("year", models.SmallIntegerField()),
                ("last", models.IntegerField()),
            ],
            options={
                "db_table": "petitions_letter_number",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("unit", "year"), name="petitions_letter_number_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("answer", models.UUIDField(null=True)),
                ("promised_at", models.DateTimeField(null=True)),
                ("unit", models.TextField()),
                ("year", models.SmallIntegerField()),
                ("number", models.IntegerField()),
                ("symbol", models.TextField()),
                ("post", models.TextField()),
                ("signatory", models.TextField()),
                ("is_invented", models.BooleanField(default=False)),
                ("decided_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="letters",
                        to="cases.case",
                    ),
                ),
                (
                    "petition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="letters",
                        to="petitions.petition",
                    ),
                ),
            ],
            options={
                "db_table": "petitions_letter",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("unit", "year", "number"), name="petitions_letter_numbered_once"
                    ),
                    models.UniqueConstraint(
                        fields=("petition", "case", "kind", "answer"),
                        name="petitions_letter_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
    ]
