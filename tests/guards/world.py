"""One of everything, so that each route of the portal has something to show."""

from __future__ import annotations

from dataclasses import dataclass

from expoo_portal.pages import Page
from expoo_portal.search.words import rebuild_words
from expoo_portal.themes.models import Theme
from network.models import Group
from practices.models import FormerSlug, Practice, PracticeFile, PracticeImage
from tests import factories


@dataclass(frozen=True)
class World:
    """A small portal with public content."""

    group: Group
    practice: Practice
    file: PracticeFile
    image: PracticeImage
    former_slug: FormerSlug
    page: Page
    theme: Theme


def make_world() -> World:
    """A public practice with all its parts, the pages that the footer links to, a theme and a group."""
    for slug in ("over", "privacy", "toegankelijkheid"):
        page = factories.page(slug=slug)
    facet = factories.facet(slug="ruimte", label="Ruimte")
    topic = factories.topic()
    value = factories.facet_value(facet=facet, slug="buiten", label="Buiten", topic=topic)
    practice = factories.practice(slug="speelbos", name="Speelbos", values=[value])
    factories.practice(slug="babycafe", name="Babycafé", values=[value])
    factories.practice_source(practice=practice)
    factories.practice_link(practice=practice)
    factories.practice_contact(practice=practice)
    world = World(
        group=factories.group(),
        practice=practice,
        file=factories.practice_file(practice=practice, name="draaiboek.txt"),
        image=factories.practice_image(practice=practice, name="speelhoek.png"),
        former_slug=factories.former_slug(practice=practice, slug="speelbos-vroeger"),
        page=page,
        theme=factories.theme(topics=[topic]),
    )
    rebuild_words()
    return world
