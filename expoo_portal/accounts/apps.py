from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    """People who sign in."""

    name = "expoo_portal.accounts"
    label = "accounts"
    verbose_name = "Gebruikers"

    def ready(self) -> None:
        from . import groups, second_factor  # noqa: F401 - second_factor connects its receiver

        post_migrate.connect(groups.give_rights, dispatch_uid="accounts.groups")
