from django.apps import AppConfig


class PracticesConfig(AppConfig):
    """The catalogue of inspiring practices."""

    name = "practices"
    verbose_name = "Praktijken"

    def ready(self) -> None:
        from expoo_portal.search.words import register_source

        from . import signals  # noqa: F401 - connects the receivers
        from .textsearch import public_words

        register_source(public_words)
