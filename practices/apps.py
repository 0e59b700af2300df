from django.apps import AppConfig


class PracticesConfig(AppConfig):
    """The catalogue of inspiring practices."""

    name = "practices"
    verbose_name = "Praktijken"

    def ready(self) -> None:
        from expoo_portal.search.words import register_source
        from expoo_portal.themes import sources
        from expoo_portal.themes.models import SectionKind

        from . import signals  # noqa: F401 - connects the receivers
        from .textsearch import public_words
        from .theme_section import practices_of

        register_source(public_words)
        sources.register(SectionKind.PRACTICES, practices_of)
