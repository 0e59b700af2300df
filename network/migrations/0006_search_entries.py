import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """By which words discussions are found. Written by `index_search` for what is there already."""

    dependencies = [
        ("network", "0005_track_introductions"),
    ]

    operations = [
        migrations.CreateModel(
            name="PostEntry",
            fields=[
                (
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="network.post",
                        verbose_name="bericht",
                    ),
                ),
                ("full", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "verbose_name": "zoekregel van een bericht",
                "verbose_name_plural": "zoekregels van berichten",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["full"], name="network_postentry_full"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ThreadEntry",
            fields=[
                (
                    "thread",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="network.thread",
                        verbose_name="gesprek",
                    ),
                ),
                ("full", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "verbose_name": "zoekregel van een gesprek",
                "verbose_name_plural": "zoekregels van gesprekken",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["full"], name="network_threadentry_full"
                    )
                ],
            },
        ),
    ]
