"""Write all search rows anew, for instance after the analysis changed."""

from django.core.management.base import BaseCommand

from expoo_portal.content_version import raised_once
from expoo_portal.search.row_signals import row_kinds
from expoo_portal.search.rows import write_all
from expoo_portal.search.words import rebuild_words
from practices.indexing import index_all


class Command(BaseCommand):
    """Prints how many rows and words there are."""

    help = "Schrijft opnieuw waarmee gezocht wordt: van de praktijken, en van alles wat de zoekfunctie verder vindt."

    def handle(self, *args: object, **options: object) -> None:
        """Write them, the practices and each other kind in one transaction."""
        with raised_once():
            self.stdout.write(f"praktijken: {index_all()}")
        self.stdout.write(f"zoekregels: {write_all(row_kinds().values())}")
        self.stdout.write(f"zoekwoorden: {rebuild_words()}")
