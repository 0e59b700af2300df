"""What both feeds stand: whatever an editor pastes, they stay readable."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from tests import factories

ATOM = "{http://www.w3.org/2005/Atom}"
# The line break of a slide, a bell, a colour of a terminal, the end of an escape, and what is no character at all.
PASTED = "Koffie\x0ben thee\x07 \x1b[31m ]]> <b>&amp; \ufffe 👩‍👧"
READ = "Koffieen thee [31m ]]> <b>&amp;  👩‍👧"


def titles(path: str) -> list[str]:
    """The titles of a feed and of what stands in it."""
    response = Client().get(path)
    assert response.status_code == 200
    feed = ElementTree.fromstring(response.content)  # noqa: S314 - our own feed
    return [found.text or "" for found in feed.iter(f"{ATOM}title")]


def practices() -> str:
    factories.practice(name=PASTED, summary=PASTED)
    return "/praktijken/feed/"


def theme(**fields: Any) -> str:
    made = factories.theme(title=PASTED, **fields)
    factories.document(theme=made, title=PASTED, what=PASTED)
    factories.event(theme=made, title=PASTED, summary=PASTED)
    factories.broadcast(theme=made, title=PASTED, summary=PASTED)
    return f"{made.get_absolute_url()}feed/"


@pytest.mark.django_db
@pytest.mark.parametrize(("make", "items"), [(practices, 1), (theme, 3)])
def test_a_reader_of_the_feed_gets_it_whatever_an_editor_pasted(make: Any, items: int) -> None:
    name, *found = titles(make())
    assert "EXPOO" in name
    assert found == [READ] * items
