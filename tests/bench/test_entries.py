"""The benchmarks write search entries in a quicker way; it has to be the same entry."""

from __future__ import annotations

import pytest

from bench.entries import entry
from expoo_portal.search.models import search_columns
from practices.indexing import entry_texts
from tests import factories


@pytest.mark.django_db
def test_the_quick_way_writes_the_entry_that_saving_writes() -> None:
    practice = factories.practice(
        name="Spel- en ontmoetingsplaats 't Zandkasteel",
        special="Café-crèche: spelen, praten & koffie (op dinsdag).",
        approach="<p>Elke week <strong>spel</strong>, huis-aan-huis.</p><ul><li>Ook 's avonds</li></ul>",
        partners="Huis van het Kind\nvzw De Kiem",
        values=[
            factories.facet_value(label="Buiten of in de openbare ruimte"),
            factories.facet_value(label="0-1 jaar"),
        ],
    )
    brief, full, words = search_columns(*entry_texts(practice))
    assert entry(practice)[2:] == (brief, full, f"{{{','.join(words)}}}")
