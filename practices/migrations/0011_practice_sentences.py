import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

from expoo_portal.content_version import track


class Migration(migrations.Migration):
    dependencies = [
        ("practices", "0010_warn_about_drafts"),
    ]

    operations = [
        migrations.CreateModel(
            name="PracticeSentence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "field",
                    models.CharField(
                        choices=[("strengths", "Sterktes"), ("challenges", "Uitdagingen")],
                        max_length=10,
                        verbose_name="veld",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="plaats")),
                ("text", models.TextField(verbose_name="zin")),
                ("key", models.CharField(max_length=16, verbose_name="kenmerk")),
                (
                    "terms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None, verbose_name="zoektermen"
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sentences",
                        to="practices.practice",
                        verbose_name="praktijk",
                    ),
                ),
            ],
            options={
                "verbose_name": "zin",
                "verbose_name_plural": "zinnen",
                "ordering": ["field", "position"],
                "indexes": [
                    models.Index(fields=["key"], name="practices_sentence_key"),
                    models.Index(
                        condition=models.Q(("position", 0)),
                        fields=["field", "practice"],
                        name="practices_sentence_first",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("field", "strengths")),
                        fastupdate=False,
                        fields=["terms"],
                        name="practices_sentence_strengths",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("field", "challenges")),
                        fastupdate=False,
                        fields=["terms"],
                        name="practices_sentence_challenges",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "field", "position"), name="practices_sentence_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("field__in", ["strengths", "challenges"])),
                        name="practices_sentence_field",
                    ),
                ],
            },
        ),
        track("practices_practicesentence"),
    ]
