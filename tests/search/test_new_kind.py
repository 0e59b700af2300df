"""A kind of content that a later floor adds: one small module is all it takes, as docs/architecture.md tells.

The kind is made of pinned answers, which the search does not find by itself; each line of their text stands for a
passage with an address of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.test import Client

from expoo_portal.search import row_signals
from expoo_portal.search.kinds import Label
from expoo_portal.search.models import Texts
from expoo_portal.search.passages import Passage
from expoo_portal.search.pins import PinnedAnswer
from expoo_portal.search.rows import RowKind, SearchRow, write_all
from expoo_portal.search.words import rebuild_words
from tests import factories
from tests.search.test_site_search import page, suggested, total

pytestmark = pytest.mark.django_db


class FactKind(RowKind):
    """What a floor above this one writes."""

    label = Label("weetjes", "Weetjes", "weetje", 95)
    model = PinnedAnswer

    def texts(self, item: PinnedAnswer) -> tuple[Texts, Texts]:
        brief: Texts = [(item.title, "A")]
        return brief, [*brief, (item.text, "D")]

    def address(self, item: PinnedAnswer) -> str:
        return f"/weetjes/{item.pk}/"

    def about(self, item: PinnedAnswer) -> str:
        return "Weetje van de groep"

    def passages(self, items: Sequence[PinnedAnswer], user: Any) -> Mapping[int, Sequence[Passage]]:
        return {
            item.pk: [
                Passage(line, f"bericht-{number}") for number, line in enumerate(item.text.splitlines(), 1)
            ]
            for item in items
        }


@pytest.fixture(autouse=True)
def _added(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The kind, for this test alone."""
    settings.CONTENT_VERSION_SECONDS = 0
    signals = (post_save, post_delete, m2m_changed)
    receivers = [list(signal.receivers) for signal in signals]
    monkeypatch.setattr(row_signals, "_kinds", dict(row_signals._kinds))
    row_signals.keep_true(FactKind())
    yield
    for signal, kept in zip(signals, receivers, strict=True):
        signal.receivers = kept
        signal.sender_receivers_cache.clear()


def fact(**fields: Any) -> PinnedAnswer:
    return factories.pinned_answer(
        **({"searches": "anders", "title": "Wie ontvangt?", "text": "Eerst dit.\nDan de kwibus."} | fields)
    )


def test_a_visitor_finds_it_in_a_group_of_its_own_and_lands_where_it_is_said(client: Client) -> None:
    made = fact()
    html = page(client, "kwibus")
    assert total(html) == 1
    assert 'id="soort-weetjes"' in html
    assert f'href="/weetjes/{made.pk}/#bericht-2"' in html
    assert "Dan de <mark>kwibus</mark>." in html
    assert "Weetje van de groep" in html
    assert page(client, "kwibus", soort="weetjes").count('class="search-hit"') == 1


def test_members_alone_find_what_is_theirs_and_are_alone_to_get_it_suggested(
    client: Client, member: Client
) -> None:
    fact(title="Kwibus onder ons", audience="members")
    rebuild_words()
    assert total(page(member, "kwibus")) == 1
    assert suggested(member, "kwib") == {"Kwibus onder ons": 1}
    assert total(page(client, "kwibus")) == 0
    assert suggested(client, "kwib") == {}


def test_a_change_is_found_at_once_and_what_goes_is_gone(client: Client) -> None:
    made = fact()
    made.text = "Alleen nog een knorrepot."
    made.save()
    assert total(page(client, "kwibus")) == 0
    assert total(page(client, "knorrepot")) == 1
    made.delete()
    assert not SearchRow.objects.filter(kind="weetjes").exists()


def test_what_stood_there_before_the_kind_was_added_is_found_when_rows_are_written_anew(
    client: Client,
) -> None:
    fact()
    SearchRow.objects.filter(kind="weetjes").delete()
    assert write_all(row_signals.row_kinds().values()) == 1
    assert total(page(client, "kwibus")) == 1


@pytest.mark.parametrize(
    ("label", "total", "named"),
    [
        (Label("tips", "Tips", "tip", 1), 1, "tip"),
        (Label("tips", "Tips", "tip", 1), 2, "tips"),
        (Label("a", "Agenda en terugblik", "activiteit", 1, "activiteiten"), 12, "activiteiten"),
    ],
)
def test_a_button_counts_in_words_that_can_be_counted(label: Label, total: int, named: str) -> None:
    assert label.named(total) == named
