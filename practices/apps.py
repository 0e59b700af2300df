from django.apps import AppConfig


class PracticesConfig(AppConfig):
    """The catalogue of inspiring practices."""

    name = "practices"
    verbose_name = "Praktijken"

    def ready(self) -> None:
        from expoo_portal.search import kinds
        from expoo_portal.search.words import register_source
        from expoo_portal.themes import catalogue_choices, sources
        from expoo_portal.themes.models import SectionKind

        from . import signals  # noqa: F401 - connects the receivers
        from .section_choices import problem_with
        from .site_search import PracticeSearcher
        from .textsearch import public_words
        from .theme_section import practices_of

        register_source(public_words)
        kinds.register(PracticeSearcher())
        catalogue_choices.register(problem_with)
        sources.register(SectionKind.PRACTICES, practices_of)
