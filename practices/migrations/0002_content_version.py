from django.db import migrations

from expoo_portal.content_version import track


class Migration(migrations.Migration):
    dependencies = [("practices", "0001_initial"), ("portal", "0002_content_version")]

    operations = [
        # Out of line and uncompressed: counting and joining then read a heap a sixth as large (SPEED.md).
        migrations.RunSQL(
            'ALTER TABLE practices_practiceentry ALTER COLUMN "full" SET STORAGE EXTERNAL',
            'ALTER TABLE practices_practiceentry ALTER COLUMN "full" SET STORAGE EXTENDED',
        ),
        track(
            "practices_facet",
            "practices_facetvalue",
            "practices_practice",
            "practices_practice_values",
            "practices_practicesource",
            "practices_practicelink",
            "practices_practicefile",
            "practices_practiceimage",
            "practices_practicecontact",
            "practices_formerslug",
            "practices_practiceentry",
        ),
    ]
