"""Prints which share of the test set the search finds in this database, beside what Postgres' own Dutch finds."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from expoo_portal.search.lexicon import lexicon
from expoo_portal.search.pairs import QUERIES, Outcome, Pair, holds, read_pairs, shares
from expoo_portal.search.row_signals import row_kinds
from expoo_portal.search.rows import SearchRow
from expoo_portal.search.synonyms import groups as groups_of_synonyms
from expoo_portal.search.synonyms import key_of
from expoo_portal.search.words import suggestion
from practices.indexing import entry_texts
from practices.models import Practice, PracticeEntry

# Of which kind something is, and its id.
Key = tuple[str, int]
_PRACTICE = "praktijken"

_DUTCH = """
CREATE TEMPORARY TABLE measured ON COMMIT DROP AS
SELECT place, to_tsvector('dutch', text) AS vector FROM unnest(%s::text[]) WITH ORDINALITY AS given (text, place)
"""


class Command(BaseCommand):
    """Loads and changes nothing."""

    help = "Meet welk deel van de testzoekvragen gevonden wordt, naast wat Postgres zelf vindt."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--pairs", type=Path, default=QUERIES, help="een ander bestand met paren")
        parser.add_argument(
            "--missed", action="store_true", help="toon ook de paren die niet gevonden werden"
        )

    def handle(self, *args: Any, pairs: Path, missed: bool, **options: Any) -> None:
        try:
            asked = read_pairs(pairs)
        except (OSError, ValueError) as error:
            raise CommandError(f"{pairs.name} kan niet gelezen worden: {error}") from None
        texts = dict(_texts())
        with transaction.atomic():
            outcomes = list(_outcomes(asked, texts))
        self.stdout.write(f"{len(texts)} openbare teksten, {len(outcomes)} van {len(asked)} paren.")
        if absent := len(asked) - len(outcomes):
            self.stdout.write(
                f"Van {absent} paren staat het doelwoord in geen enkele tekst; ze tellen niet mee."
            )
        synonyms = [pair for pair in asked if pair.kind == "synonym"]
        self.stdout.write(
            f"{_together(synonyms)} van {len(synonyms)} synoniemparen staan samen in een groep zoekwoorden."
        )
        self.stdout.write(
            f"{'soort':<14} {'paren':>5} {'zoeken':>12} {'+ Bedoelde je':>14} {'Postgres dutch':>15}"
        )
        for share in shares(outcomes):
            found = (share.by_search, share.by_suggestion, share.by_postgres)
            first, second, third = (f"{many} ({many / share.pairs:.0%})" for many in found)
            self.stdout.write(f"{share.name:<14} {share.pairs:>5} {first:>12} {second:>14} {third:>15}")
        for outcome in outcomes if missed else ():
            if not outcome.by_search and not outcome.by_suggestion:
                pair = outcome.pair
                self.stdout.write(f"niet gevonden ({pair.kind}): {pair.query} → {pair.target}")


def _together(pairs: list[Pair]) -> int:
    """How many of these pairs editors put in one group, so that it says nothing of the rules that they are found."""
    groups = [set(map(key_of, group)) for group in groups_of_synonyms()]
    return sum(any({key_of(pair.query), key_of(pair.target)} <= group for group in groups) for pair in pairs)


def _texts() -> Iterator[tuple[Key, str]]:
    """All public things that the site search finds, each with the text by which it is found."""
    for practice in Practice.objects.public().prefetch_related("values"):
        yield (_PRACTICE, practice.pk), _joined(entry_texts(practice)[1])
    for slug, kind in row_kinds().items():
        for item in kind.model._default_manager.public().select_related(*kind.related):
            yield (slug, item.pk), _joined(kind.texts(item)[1])


def _joined(texts: list[Any]) -> str:
    return " . ".join(text for text, _ in texts)


def _outcomes(pairs: list[Pair], texts: dict[Key, str]) -> Iterator[Outcome]:
    """What became of each pair whose target stands in some text."""
    keys = list(texts)
    with connection.cursor() as cursor:
        cursor.execute(_DUTCH, [[texts[key] for key in keys]])
        for pair in pairs:
            wanted = {key for key in keys if holds(texts[key], pair.target)}
            if not wanted:
                continue
            cursor.execute(
                "SELECT place FROM measured WHERE vector @@ plainto_tsquery('dutch', %s)", [pair.query]
            )
            by_postgres = {keys[place - 1] for (place,) in cursor.fetchall()}
            meant = suggestion(pair.query)
            yield Outcome(
                pair,
                bool(_found(pair.query) & wanted),
                bool(meant and _found(meant) & wanted),
                bool(by_postgres & wanted),
            )


def _found(text: str) -> set[Key]:
    """What the search rows give for this; what visitors may not see is in no text, so it falls away."""
    tsquery = lexicon().query(text).tsquery()
    if not tsquery:
        return set()
    asked = SearchQuery(tsquery, config="simple", search_type="raw")
    practices = PracticeEntry.objects.filter(full=asked).values_list("practice_id", flat=True)
    rows = SearchRow.objects.filter(full=asked).values_list("kind", "object_id")
    return {(_PRACTICE, pk) for pk in practices} | set(rows)
