"""Extensions first: trigram indexes and the matrix's exclusion constraint need them."""

from django.contrib.postgres.operations import (
    BtreeGistExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []

    operations = [BtreeGistExtension(), TrigramExtension(), UnaccentExtension()]
