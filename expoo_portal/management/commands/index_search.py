"""Write all search rows anew, for instance after the analysis changed."""

from django.core.management.base import BaseCommand

from expoo_portal.search.row_signals import row_kinds
from expoo_portal.search.rows import write_all
from expoo_portal.search.words import rebuild_words


class Command(BaseCommand):
    """Prints how many rows and words there are."""

    help = "Schrijft de zoekregels van tips, uitzendingen, documenten, activiteiten, thema's en pagina's opnieuw."

    def handle(self, *args: object, **options: object) -> None:
        """Write them, each kind in one transaction."""
        self.stdout.write(f"zoekregels: {write_all(row_kinds().values())}")
        self.stdout.write(f"zoekwoorden: {rebuild_words()}")
