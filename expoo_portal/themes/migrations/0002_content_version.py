from django.db import migrations

from expoo_portal.content_version import track


class Migration(migrations.Migration):
    dependencies = [("themes", "0001_initial"), ("portal", "0002_content_version")]

    operations = [track("themes_theme", "themes_topic", "themes_theme_topics")]
