from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("practices", "0002_content_version")]

    operations = [
        # Matching reads the row of every hit and nothing of it but the id: keep all else out of line.
        migrations.RunSQL(
            """
            ALTER TABLE practices_practiceentry SET (toast_tuple_target = 128);
            ALTER TABLE practices_practiceentry
              ALTER COLUMN brief SET STORAGE EXTERNAL, ALTER COLUMN value_ids SET STORAGE EXTERNAL;
            """,
            """
            ALTER TABLE practices_practiceentry
              ALTER COLUMN brief SET STORAGE EXTENDED, ALTER COLUMN value_ids SET STORAGE EXTENDED;
            ALTER TABLE practices_practiceentry RESET (toast_tuple_target);
            """,
        ),
        # Which practices have a word in their name; an index on the vector itself does not know the weights.
        migrations.RunSQL(
            """
            CREATE INDEX practices_practiceentry_name ON practices_practiceentry
            USING gin (ts_filter(brief, '{a}')) WITH (fastupdate = off)
            """,
            "DROP INDEX practices_practiceentry_name",
        ),
    ]
