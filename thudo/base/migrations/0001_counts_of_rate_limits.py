"""The counts that web processes share. Unlogged: after a crash everybody begins anew."""

from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            """
            CREATE UNLOGGED TABLE base_limit (
              who bytea NOT NULL, ends_at bigint NOT NULL, used integer NOT NULL,
              PRIMARY KEY (who, ends_at)
            ) WITH (fillfactor = 70)
            """,
            "DROP TABLE base_limit",
        )
    ]
