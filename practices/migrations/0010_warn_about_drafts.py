from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("practices", "0009_confirmations_and_experiences")]

    operations = [
        migrations.AddField(
            model_name="dossier",
            name="draft_warned_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
