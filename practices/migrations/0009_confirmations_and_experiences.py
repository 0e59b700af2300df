import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from expoo_portal.content_version import track

# A question that is closed, by its answer or by a newer question, stays as it is.
GUARD = """
CREATE FUNCTION practices_guard_confirmation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.closed_at IS NOT NULL AND NEW IS DISTINCT FROM OLD THEN
    RAISE check_violation USING MESSAGE = 'a closed question takes no other answer';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER guard_confirmation BEFORE UPDATE ON practices_confirmationrequest
FOR EACH ROW EXECUTE FUNCTION practices_guard_confirmation();
"""

UNDO = """
DROP TRIGGER guard_confirmation ON practices_confirmationrequest;
DROP FUNCTION practices_guard_confirmation;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("practices", "0008_import_runs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ConfirmationRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveIntegerField(verbose_name="nummer")),
                (
                    "sent_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="verstuurd op"),
                ),
                ("expires_at", models.DateTimeField(verbose_name="geldig tot")),
                ("reminded_at", models.DateTimeField(blank=True, null=True, verbose_name="herinnerd op")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="beantwoord op")),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("klopt", "Klopt nog"),
                            ("aanpassen", "Ik pas aan"),
                            ("bestaat-niet-meer", "Bestaat niet meer"),
                        ],
                        max_length=20,
                        verbose_name="antwoord",
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="afgesloten op")),
            ],
            options={
                "verbose_name": "vraag om bevestiging",
                "verbose_name_plural": "vragen om bevestiging",
                "ordering": ["dossier", "number"],
            },
        ),
        migrations.CreateModel(
            name="Experience",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("start_key", models.UUIDField(editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("onbevestigd", "E-mailadres nog niet bevestigd"),
                            ("ingediend", "Wacht op de redactie"),
                            ("goedgekeurd", "Goedgekeurd"),
                            ("afgewezen", "Niet opgenomen"),
                        ],
                        default="onbevestigd",
                        editable=False,
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        blank=True,
                        help_text="Soort plek en gemeente, bijvoorbeeld: consultatiebureau in Ronse.",
                        max_length=120,
                        verbose_name="waar",
                    ),
                ),
                (
                    "author",
                    models.CharField(
                        blank=True,
                        help_text="Komt bij je verhaal te staan. Laat leeg als je dat liever niet wilt.",
                        max_length=80,
                        verbose_name="naam of functie",
                    ),
                ),
                (
                    "context",
                    models.TextField(
                        help_text="Voor wie was het, met hoeveel gezinnen, hoe vaak?",
                        max_length=1500,
                        validators=[django.core.validators.MinLengthValidator(50)],
                        verbose_name="in welke situatie?",
                    ),
                ),
                (
                    "changed",
                    models.TextField(
                        help_text="Wat namen jullie over, en wat pasten jullie aan?",
                        max_length=1500,
                        validators=[django.core.validators.MinLengthValidator(50)],
                        verbose_name="wat hebben jullie anders gedaan?",
                    ),
                ),
                (
                    "learned",
                    models.TextField(
                        help_text="Net wat tegenviel, helpt een collega vooruit.",
                        max_length=1500,
                        validators=[django.core.validators.MinLengthValidator(50)],
                        verbose_name="wat lukte niet, wat leerden jullie?",
                    ),
                ),
                (
                    "reason",
                    models.TextField(
                        blank=True,
                        help_text="De inzender krijgt dit te lezen.",
                        max_length=1000,
                        verbose_name="reden om niet op te nemen",
                    ),
                ),
                (
                    "created",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="geschreven op"),
                ),
                ("updated", models.DateTimeField(auto_now=True, verbose_name="gewijzigd")),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="ingediend op"),
                ),
                (
                    "approved_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="goedgekeurd op"
                    ),
                ),
            ],
            options={
                "verbose_name": "ervaring (“Wij probeerden dit”)",
                "verbose_name_plural": "ervaringen (“Wij probeerden dit”)",
                "ordering": ["-approved_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ExperienceSender",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        help_text="Nooit zichtbaar op de site.", max_length=254, verbose_name="e-mailadres"
                    ),
                ),
                (
                    "created",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, verbose_name="sinds"
                    ),
                ),
            ],
            options={
                "verbose_name": "inzender van een ervaring",
                "verbose_name_plural": "inzenders van ervaringen",
            },
        ),
        migrations.CreateModel(
            name="HistoricalExperience",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("uuid", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ("start_key", models.UUIDField(db_index=True, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("onbevestigd", "E-mailadres nog niet bevestigd"),
                            ("ingediend", "Wacht op de redactie"),
                            ("goedgekeurd", "Goedgekeurd"),
                            ("afgewezen", "Niet opgenomen"),
                        ],
                        default="onbevestigd",
                        editable=False,
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        blank=True,
                        help_text="Soort plek en gemeente, bijvoorbeeld: consultatiebureau in Ronse.",
                        max_length=120,
                        verbose_name="waar",
                    ),
                ),
                (
                    "author",
                    models.CharField(
                        blank=True,
                        help_text="Komt bij je verhaal te staan. Laat leeg als je dat liever niet wilt.",
                        max_length=80,
                        verbose_name="naam of functie",
                    ),
                ),
                (
                    "context",
                    models.TextField(
                        help_text="Voor wie was het, met hoeveel gezinnen, hoe vaak?",
                        max_length=1500,
                        validators=[django.core.validators.MinLengthValidator(50)],
                        verbose_name="in welke situatie?",
                    ),
                ),
                (
                    "changed",
                    models.TextField(
                        help_text="Wat namen jullie over, en wat pasten jullie aan?",
                        max_length=1500,
                        validators=[django.core.validators.MinLengthValidator(50)],
                        verbose_name="wat hebben jullie anders gedaan?",
                    ),
                ),
                (
                    "learned",
                    models.TextField(
                        help_text="Net wat tegenviel, helpt een collega vooruit.",
                        max_length=1500,
                        validators=[django.core.validators.MinLengthValidator(50)],
                        verbose_name="wat lukte niet, wat leerden jullie?",
                    ),
                ),
                (
                    "reason",
                    models.TextField(
                        blank=True,
                        help_text="De inzender krijgt dit te lezen.",
                        max_length=1000,
                        verbose_name="reden om niet op te nemen",
                    ),
                ),
                (
                    "created",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="geschreven op"),
                ),
                ("updated", models.DateTimeField(blank=True, editable=False, verbose_name="gewijzigd")),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="ingediend op"),
                ),
                (
                    "approved_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="goedgekeurd op"
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "versie",
                "verbose_name_plural": "historical ervaringen (“Wij probeerden dit”)",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.RemoveConstraint(
            model_name="practice",
            name="practices_practice_slug_free",
        ),
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
                            "bevestigen",
                            "geprobeerd",
                        ),
                    ),
                    _negated=True,
                ),
                name="practices_practice_slug_free",
                violation_error_message="Dit adres gebruikt de catalogus zelf. Kies een ander.",
            ),
        ),
        migrations.AddField(
            model_name="confirmationrequest",
            name="dossier",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="confirmation_requests",
                to="practices.dossier",
                verbose_name="inzending",
            ),
        ),
        migrations.AddField(
            model_name="experience",
            name="approved_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="goedgekeurd door",
            ),
        ),
        migrations.AddField(
            model_name="experience",
            name="practice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="experiences",
                to="practices.practice",
                verbose_name="praktijk",
            ),
        ),
        migrations.AddField(
            model_name="experiencesender",
            name="experience",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="sender+",
                to="practices.experience",
                verbose_name="ervaring",
            ),
        ),
        migrations.AddField(
            model_name="historicalexperience",
            name="approved_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="goedgekeurd door",
            ),
        ),
        migrations.AddField(
            model_name="historicalexperience",
            name="history_user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalexperience",
            name="practice",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="practices.practice",
                verbose_name="praktijk",
            ),
        ),
        migrations.AddConstraint(
            model_name="confirmationrequest",
            constraint=models.UniqueConstraint(
                fields=("dossier", "number"), name="practices_confirmation_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="confirmationrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)),
                fields=("dossier",),
                name="practices_confirmation_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="confirmationrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="practices_confirmation_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="confirmationrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_at", None)),
                    models.Q(
                        ("answer__in", ["klopt", "aanpassen", "bestaat-niet-meer"]),
                        ("answered_at__isnull", False),
                        ("closed_at", models.F("answered_at")),
                    ),
                    _connector="OR",
                ),
                name="practices_confirmation_answered",
            ),
        ),
        migrations.AddConstraint(
            model_name="confirmationrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("sent_at"))),
                name="practices_confirmation_expires",
            ),
        ),
        migrations.AddConstraint(
            model_name="confirmationrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reminded_at", None), ("reminded_at__gte", models.F("sent_at")), _connector="OR"
                ),
                name="practices_confirmation_reminded",
            ),
        ),
        migrations.AddIndex(
            model_name="experience",
            index=models.Index(fields=["state", "confirmed_at"], name="practices_experience_queue"),
        ),
        migrations.AddConstraint(
            model_name="experience",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["onbevestigd", "ingediend", "goedgekeurd", "afgewezen"])),
                name="practices_experience_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="experience",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_at__isnull", False), ("state", "goedgekeurd")),
                    models.Q(
                        models.Q(("state", "goedgekeurd"), _negated=True),
                        ("approved_at", None),
                        ("approved_by", None),
                    ),
                    _connector="OR",
                ),
                name="practices_experience_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="experience",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at", None), ("state", "onbevestigd")),
                    models.Q(
                        models.Q(("state", "onbevestigd"), _negated=True), ("confirmed_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="practices_experience_confirmed",
            ),
        ),
        migrations.AddConstraint(
            model_name="experience",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "afgewezen"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="practices_experience_declined_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="experience",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    django.db.models.lookups.GreaterThanOrEqual(
                        django.db.models.functions.text.Length("context"), 50
                    )
                ),
                name="practices_experience_context",
            ),
        ),
        migrations.AddConstraint(
            model_name="experience",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    django.db.models.lookups.GreaterThanOrEqual(
                        django.db.models.functions.text.Length("changed"), 50
                    )
                ),
                name="practices_experience_changed",
            ),
        ),
        migrations.AddConstraint(
            model_name="experience",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    django.db.models.lookups.GreaterThanOrEqual(
                        django.db.models.functions.text.Length("learned"), 50
                    )
                ),
                name="practices_experience_learned",
            ),
        ),
        migrations.AddConstraint(
            model_name="experiencesender",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", ""), _negated=True), name="practices_sender_email_given"
            ),
        ),
        migrations.RunSQL(GUARD, UNDO),
        track("practices_experience"),
    ]
