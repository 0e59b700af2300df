from django.apps import AppConfig


class ThemesConfig(AppConfig):
    """Themes and the topics that tie tips, practices, reports and questions together."""

    name = "expoo_portal.themes"
    label = "themes"
    verbose_name = "Thema's"
