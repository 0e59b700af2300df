import datetime

import django.db.models.deletion
from django.db import migrations, models

from expoo_portal.content_version import track


class Migration(migrations.Migration):
    dependencies = [("practices", "0006_guard_dossiers"), ("portal", "0002_content_version")]

    operations = [
        migrations.CreateModel(
            name="FormerValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60, verbose_name="vroeger kenmerk")),
                (
                    "facet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="former_values", to="practices.facet"
                    ),
                ),
                (
                    "value",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_slugs",
                        to="practices.facetvalue",
                    ),
                ),
            ],
            options={
                "verbose_name": "vroegere facetwaarde",
                "verbose_name_plural": "vroegere facetwaarden",
                "constraints": [
                    models.UniqueConstraint(fields=("facet", "slug"), name="practices_formervalue_slug")
                ],
            },
        ),
        track("practices_formervalue"),
        migrations.RemoveConstraint(model_name="practice", name="practices_practice_slug_free"),
        migrations.AddConstraint(
            model_name="practice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "slug__in",
                        (
                            "verras-me",
                            "feed",
                            "delen",
                            "waaier",
                            "vergelijk",
                            "uitdagingen",
                            "export",
                            "open-data",
                        ),
                    ),
                    _negated=True,
                ),
                name="practices_practice_slug_free",
                violation_error_message="Dit adres gebruikt de catalogus zelf. Kies een ander.",
            ),
        ),
        migrations.AddConstraint(
            model_name="practice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("archived_on__isnull", True),
                    ("archived_on__range", (datetime.date(1950, 1, 1), datetime.date(2100, 12, 31))),
                    _connector="OR",
                ),
                name="practices_practice_archived_on",
                violation_error_message="‘Bestaat niet meer sinds’ ligt tussen 1950 en 2100.",
            ),
        ),
    ]
