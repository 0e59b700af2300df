from django.db import migrations

from expoo_portal.content_version import create_trigger_function, track


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial")]

    operations = [create_trigger_function(), track("portal_page")]
