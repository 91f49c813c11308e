"""The triggers that keep the journal append-only."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql" / "append_only_v1.sql"
UNDO = """
DROP TRIGGER journal_entry_no_update ON journal_entry;
DROP TRIGGER journal_entry_no_delete ON journal_entry;
DROP FUNCTION journal_refuse_change_v1();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunSQL(SQL.read_text("utf-8"), UNDO)]
