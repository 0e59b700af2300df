from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People who sign in."""

    name = "expoo_portal.accounts"
    label = "accounts"
    verbose_name = "Gebruikers"
