from django.db import migrations

from expoo_portal.content_version import track


class Migration(migrations.Migration):
    dependencies = [("portal", "0003_cache_table")]

    operations = [track("portal_searchword")]
