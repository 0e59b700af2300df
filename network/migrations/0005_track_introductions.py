from django.db import migrations

from expoo_portal.content_version import track


class Migration(migrations.Migration):
    """What the public introduction of a group shows. Nothing that is said inside raises the content version."""

    dependencies = [
        ('network', '0004_two_states_of_membership'),
        ('portal', '0002_content_version'),
    ]

    operations = [
        track("network_group", "network_houserules"),
    ]
