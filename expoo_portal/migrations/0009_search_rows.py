import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

from expoo_portal.content_version import track


class Migration(migrations.Migration):
    dependencies = [("portal", "0008_search_insight_and_pins")]

    operations = [
        migrations.CreateModel(
            name="SearchRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("brief", django.contrib.postgres.search.SearchVectorField()),
                ("full", django.contrib.postgres.search.SearchVectorField()),
                (
                    "words",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("kind", models.CharField(max_length=40, verbose_name="soort")),
                ("object_id", models.BigIntegerField(verbose_name="nummer")),
            ],
            options={
                "verbose_name": "zoekregel",
                "verbose_name_plural": "zoekregels",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["full"], name="portal_searchrow_full"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["brief"], name="portal_searchrow_brief"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "object_id"), name="portal_searchrow_object")
                ],
            },
        ),
        track("portal_searchrow"),
    ]
