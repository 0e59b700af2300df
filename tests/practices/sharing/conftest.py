"""What the tests of sharing stand on: some facets, and somebody who shares."""

from __future__ import annotations

import pytest

from practices.models import Dossier
from practices.workflow import State
from tests import factories
from tests.dossiers import dossier

from .sender import Sender


@pytest.fixture(autouse=True)
def facets(db: None) -> None:
    """One facet to choose from, one with many answers, and one for one answer."""
    for slug, label, multiple, values in (
        ("ruimte", "Ruimte", True, ("buiten", "mobiel", "online")),
        ("opdracht", "Plaats van ontmoeten", False, ("hoofdopdracht", "nevenactiviteit")),
        ("type-organisatie", "Type organisatie", False, ("spel-en-ontmoetingsplaats", "school")),
        ("prijs", "Prijs", False, ("gratis", "niet-vermeld")),
    ):
        facet = factories.facet(slug=slug, label=label, multiple=multiple)
        for value in values:
            factories.facet_value(facet=facet, slug=value, label=value.capitalize())
    for slug in ("over", "privacy", "toegankelijkheid"):
        factories.page(slug=slug)


@pytest.fixture
def draft() -> Dossier:
    """A complete draft with a confirmed address."""
    return dossier(State.CONCEPT)


@pytest.fixture
def sender(draft: Dossier) -> Sender:
    """Who holds the link of the draft."""
    return Sender(draft)
