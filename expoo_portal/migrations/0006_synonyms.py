import django.db.models.deletion
from django.db import migrations, models

from expoo_portal.content_version import track


class Migration(migrations.Migration):
    dependencies = [("portal", "0005_page_addresses")]

    operations = [
        migrations.CreateModel(
            name="SynonymGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "words",
                    models.CharField(
                        help_text="Met een komma ertussen, bijvoorbeeld: ruilwinkel, ruilhuis. Enkelvoud volstaat.",
                        max_length=400,
                        verbose_name="woorden die hetzelfde betekenen",
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        help_text="Alleen voor de redactie.",
                        max_length=200,
                        verbose_name="toelichting",
                    ),
                ),
            ],
            options={
                "verbose_name": "groep zoekwoorden",
                "verbose_name_plural": "zoekwoorden",
                "ordering": ["words"],
            },
        ),
        migrations.CreateModel(
            name="SynonymWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=60, verbose_name="woord")),
                ("key", models.CharField(max_length=200, unique=True, verbose_name="voor het zoeken")),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="portal.synonymgroup",
                    ),
                ),
            ],
            options={
                "verbose_name": "synoniem",
                "verbose_name_plural": "synoniemen",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("key", ""), _negated=True), name="portal_synonymword_key"
                    )
                ],
            },
        ),
        track("portal_synonymgroup"),
    ]
