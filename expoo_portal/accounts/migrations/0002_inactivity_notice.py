import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='InactivityNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quiet_since', models.DateTimeField(verbose_name='laatst aangemeld')),
                ('number', models.PositiveSmallIntegerField(verbose_name='nummer')),
                ('sent_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='verstuurd')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='gebruiker')),
            ],
            options={
                'verbose_name': 'verwittiging',
                'verbose_name_plural': 'verwittigingen',
                'constraints': [
                    models.UniqueConstraint(fields=('user', 'quiet_since', 'number'), name='accounts_inactivity_notice_once'),
                    models.CheckConstraint(condition=models.Q(('number__in', [1, 2])), name='accounts_inactivity_notice_number'),
                ],
            },
        ),
    ]
