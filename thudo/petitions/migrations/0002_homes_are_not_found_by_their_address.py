"""The search of all held the address of homes, which their pages hide."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from thudo.base.folding import fold

_SEEK = "UPDATE petitions_petition SET vector = to_tsvector('simple', %s) WHERE id = %s"


def forget_addresses(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    homes = apps.get_model("petitions", "Petition").objects.filter(is_home=True).exclude(place="")
    rows = list(homes.values_list("pk", "folded", "place"))
    with editor.connection.cursor() as cursor:
        for pk, folded, place in rows:
            cursor.execute(_SEEK, [folded.replace(fold(place), " "), pk])


class Migration(migrations.Migration):
    dependencies = [("petitions", "0001_initial")]
    operations = [migrations.RunPython(forget_addresses, migrations.RunPython.noop)]
