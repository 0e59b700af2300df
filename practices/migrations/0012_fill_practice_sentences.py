from itertools import islice

from django.db import migrations

from practices.indexing import BATCH, write_sentences


def fill(apps, schema_editor):
    """The sentences of the practices that were there before the table."""
    practices = apps.get_model("practices", "Practice")._base_manager.order_by("pk")
    texts = practices.values_list("pk", "strengths", "challenges").iterator(chunk_size=BATCH)
    while batch := list(islice(texts, BATCH)):
        write_sentences(batch)


class Migration(migrations.Migration):
    dependencies = [("practices", "0011_practice_sentences")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
