from django.db import migrations

from expoo_portal.content_version import create_trigger_function


class Migration(migrations.Migration):
    """The trigger function learns to leave raising the number to the end of a transaction.

    The function of before would do for the old code, so going back keeps this one.
    """

    dependencies = [("portal", "0006_synonyms")]

    operations = [
        migrations.RunSQL(create_trigger_function().sql, migrations.RunSQL.noop),
    ]
