from django.apps import AppConfig


class PortalConfig(AppConfig):
    """What every app stands on: visibility, rich text, files, pages."""

    name = "expoo_portal"
    label = "portal"
    verbose_name = "Portaal"

    def ready(self) -> None:
        from .page_search import PageKind
        from .search import kinds, row_search, words
        from .search.row_signals import keep_true

        keep_true(PageKind())
        kinds.register(row_search.RowSearcher())
        words.register_source(row_search.public_words)
