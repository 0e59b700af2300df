from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0003_move_requests'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='membership',
            name='network_membership_state',
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['active', 'ended'])), name='network_membership_state'),
        ),
    ]
