from django.apps import AppConfig


class ThemesConfig(AppConfig):
    """Themes and the topics that tie tips, practices, reports and questions together."""

    name = "expoo_portal.themes"
    label = "themes"
    verbose_name = "Thema's"

    def ready(self) -> None:
        from expoo_portal.search.row_signals import keep_true

        from .search_kinds import KINDS

        for kind in KINDS:
            keep_true(kind())
