"""Write all search rows anew, for instance after the analysis changed."""

from django.core.management.base import BaseCommand

from expoo_portal import search_index
from expoo_portal.search.row_signals import row_kinds
from expoo_portal.search.rows import write_all
from expoo_portal.search.words import rebuild_words
from network.search_entries import write_all as write_discussions
from practices.indexing import index_all


class Command(BaseCommand):
    """Prints how many rows and words there are. May be interrupted: it notes the rules when all is done."""

    help = "Schrijft opnieuw waarmee gezocht wordt: van de praktijken, en van alles wat de zoekfunctie verder vindt."

    def handle(self, *args: object, **options: object) -> None:
        """Write them, the practices some hundreds at a time and each other kind in one transaction."""
        rules = search_index.rules()
        self.stdout.write(f"praktijken: {index_all()}")
        self.stdout.write(f"zoekregels: {write_all(row_kinds().values())}")
        self.stdout.write(f"gesprekken en berichten: {write_discussions()}")
        self.stdout.write(f"zoekwoorden: {rebuild_words()}")
        search_index.note(rules)
