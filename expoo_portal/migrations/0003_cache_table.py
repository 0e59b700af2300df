from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):
    """Make the table of the shared cache (rate limits), which Django makes by a command only."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("portal", "0002_content_version")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
