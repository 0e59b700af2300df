from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("practices", "0012_fill_practice_sentences"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="historicalexperience",
            name="approved_at",
        ),
        migrations.RemoveField(
            model_name="historicalexperience",
            name="approved_by",
        ),
        migrations.RemoveField(
            model_name="historicalexperience",
            name="confirmed_at",
        ),
        migrations.RemoveField(
            model_name="historicalexperience",
            name="reason",
        ),
        migrations.RemoveField(
            model_name="historicalexperience",
            name="start_key",
        ),
        migrations.RemoveField(
            model_name="historicalexperience",
            name="state",
        ),
        migrations.RemoveField(
            model_name="historicalexperience",
            name="uuid",
        ),
    ]
