import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import expoo_portal.search.pins
from expoo_portal.content_version import track


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0007_raise_the_version_at_the_end"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchSalt",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False, verbose_name="dag")),
                ("salt", models.CharField(max_length=64, verbose_name="zout")),
            ],
            options={
                "verbose_name": "zout",
                "verbose_name_plural": "zouten",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="DailySearcher",
            fields=[
                (
                    "key",
                    models.CharField(
                        max_length=64, primary_key=True, serialize=False, verbose_name="sleutel"
                    ),
                ),
                ("day", models.DateField(verbose_name="dag")),
            ],
            options={
                "verbose_name": "zoeker",
                "verbose_name_plural": "zoekers",
                "default_permissions": (),
                "indexes": [models.Index(fields=["day"], name="portal_dailysearcher_day")],
            },
        ),
        migrations.CreateModel(
            name="HistoricalPinnedAnswer",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("public", "Iedereen"),
                            ("members", "Leden van het netwerk"),
                            ("staff", "Enkel de redactie"),
                        ],
                        default="staff",
                        max_length=10,
                        verbose_name="zichtbaar voor",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Concept"), ("published", "Gepubliceerd")],
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "publish_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="Een tijdstip in de toekomst plant de publicatie.",
                        verbose_name="publiceren vanaf",
                    ),
                ),
                (
                    "expires_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Leeg: blijft staan tot je het zelf weghaalt.",
                        null=True,
                        verbose_name="tonen tot",
                    ),
                ),
                (
                    "searches",
                    models.TextField(
                        help_text="Een zoekvraag per regel. Enkelvoud, hoofdletters en volgorde maken niet uit.",
                        max_length=2000,
                        verbose_name="bij deze zoekvragen",
                    ),
                ),
                (
                    "keys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, editable=False, size=None
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="titel")),
                ("text", models.TextField(blank=True, max_length=400, verbose_name="tekst")),
                (
                    "url",
                    models.CharField(
                        help_text="Op deze site, bijvoorbeeld /themas/ontmoeting/, of elders met https://.",
                        max_length=300,
                        validators=[expoo_portal.search.pins.check_place],
                        verbose_name="adres",
                    ),
                ),
                ("updated", models.DateTimeField(blank=True, editable=False, verbose_name="gewijzigd")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "versie",
                "verbose_name_plural": "historical aanbevolen antwoorden",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="PinnedAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("public", "Iedereen"),
                            ("members", "Leden van het netwerk"),
                            ("staff", "Enkel de redactie"),
                        ],
                        default="staff",
                        max_length=10,
                        verbose_name="zichtbaar voor",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Concept"), ("published", "Gepubliceerd")],
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "publish_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="Een tijdstip in de toekomst plant de publicatie.",
                        verbose_name="publiceren vanaf",
                    ),
                ),
                (
                    "expires_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Leeg: blijft staan tot je het zelf weghaalt.",
                        null=True,
                        verbose_name="tonen tot",
                    ),
                ),
                (
                    "searches",
                    models.TextField(
                        help_text="Een zoekvraag per regel. Enkelvoud, hoofdletters en volgorde maken niet uit.",
                        max_length=2000,
                        verbose_name="bij deze zoekvragen",
                    ),
                ),
                (
                    "keys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, editable=False, size=None
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="titel")),
                ("text", models.TextField(blank=True, max_length=400, verbose_name="tekst")),
                (
                    "url",
                    models.CharField(
                        help_text="Op deze site, bijvoorbeeld /themas/ontmoeting/, of elders met https://.",
                        max_length=300,
                        validators=[expoo_portal.search.pins.check_place],
                        verbose_name="adres",
                    ),
                ),
                ("updated", models.DateTimeField(auto_now=True, verbose_name="gewijzigd")),
            ],
            options={
                "verbose_name": "aanbevolen antwoord",
                "verbose_name_plural": "aanbevolen antwoorden",
                "ordering": ["title", "pk"],
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["keys"], name="portal_pinnedanswer_keys"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("audience__in", ["public", "members", "staff"])),
                        name="portal_pinnedanswer_audience",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "published"])),
                        name="portal_pinnedanswer_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_at__isnull", True),
                            ("expires_at__gt", models.F("publish_at")),
                            _connector="OR",
                        ),
                        name="portal_pinnedanswer_expires_after_publish",
                        violation_error_message="‘Tonen tot’ moet na ‘publiceren vanaf’ liggen.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="dag")),
                ("query", models.CharField(blank=True, max_length=60, verbose_name="zoekvraag")),
                ("searches", models.PositiveIntegerField(verbose_name="zoekbeurten")),
                ("searchers", models.PositiveIntegerField(verbose_name="zoekers")),
                ("results", models.PositiveIntegerField(verbose_name="resultaten")),
            ],
            options={
                "verbose_name": "zoekvraag van bezoekers",
                "verbose_name_plural": "waar zoeken bezoekers naar?",
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(fields=("day", "query"), name="portal_searchcount_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(("searchers__lte", models.F("searches"))),
                        name="portal_searchcount_no_more_searchers",
                    ),
                ],
            },
        ),
        track("portal_pinnedanswer"),
    ]
