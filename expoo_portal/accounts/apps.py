from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    """People who sign in."""

    name = "expoo_portal.accounts"
    label = "accounts"
    verbose_name = "Gebruikers"

    def ready(self) -> None:
        from expoo_portal.mail import register_guard

        from . import groups, inactive, my_data, second_factor  # noqa: F401 - second_factor connects its receiver
        from .own_data import AccountSource

        post_migrate.connect(groups.give_rights, dispatch_uid="accounts.groups")
        my_data.register(AccountSource())
        register_guard(inactive.GUARD, inactive.may_still_warn)
