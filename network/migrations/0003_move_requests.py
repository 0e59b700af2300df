"""What staff kept as a membership "requested" becomes a request that the facilitators can answer."""

from uuid import uuid4

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def move(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    memberships = apps.get_model("network", "Membership").objects.using(schema_editor.connection.alias)
    requests = apps.get_model("network", "MembershipRequest").objects.using(schema_editor.connection.alias)
    for membership in memberships.filter(state="requested").select_related("user"):
        requests.create(
            group_id=membership.group_id,
            start_key=uuid4(),
            name=membership.user.name or membership.user.email,
            email=membership.user.email,
            rules_version=1,
            state="pending",
            created=membership.since,
            confirmed_at=membership.since,
            waiting_since=membership.since,
        )
        membership.delete()


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0002_discussions_and_requests'),
    ]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop, elidable=True),
    ]
