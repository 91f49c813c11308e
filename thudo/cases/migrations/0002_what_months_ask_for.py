"""Indexes for the figures of a month and for what was ended lately."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [
        migrations.AddIndex(
            "answer",
            models.Index(
                fields=["published_at"],
                name="cases_answer_published",
                condition=models.Q(published_at__isnull=False),
            ),
        ),
        migrations.AddIndex(
            "case",
            models.Index(
                models.F("closed_at").desc(),
                name="cases_case_closed",
                condition=models.Q(closed_at__isnull=False),
            ),
        ),
        migrations.AddIndex("promise", models.Index(fields=["due_at"], name="cases_promise_due")),
    ]
