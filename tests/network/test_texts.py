"""What somebody typed, as rich text and back, and the names in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expoo_portal.richtext import plain_text, sanitize
from network.link_cards import links_in
from network.texts import excerpt, pieces, to_html, to_plain

TYPED = {
    "": "",
    " \n \n ": "",
    "Een regel.": "<p>Een regel.</p>",
    "Een.\nTwee.": "<p>Een.<br>Twee.</p>",
    "Een.\r\n\r\n\r\nTwee.": "<p>Een.</p><p>Twee.</p>",
    "1 < 2 & 3 > 2": "<p>1 &lt; 2 &amp; 3 &gt; 2</p>",
    "<p>Van de <strong>editor</strong></p>": "<p>Van de <strong>editor</strong></p>",
    "<p></p>": "",
    "<pre>geen editor": "<p>&lt;pre&gt;geen editor</p>",
}


@pytest.mark.parametrize(("typed", "html"), TYPED.items())
def test_what_is_typed_becomes_rich_text(typed: str, html: str) -> None:
    assert to_html(typed) == html


@given(st.text(max_size=200))
def test_whatever_is_typed_is_clean_and_stays_so(typed: str) -> None:
    html = to_html(typed)
    assert sanitize(html) == html
    assert "".join(piece for piece, _, _ in pieces(html)) == html
    assert len(excerpt(html)) <= 182


@given(st.lists(st.text("abc éï&<>@.", min_size=1, max_size=12), min_size=1, max_size=4))
def test_plain_text_comes_back_as_it_was(lines: list[str]) -> None:
    html = to_html("\n\n".join(lines))
    assert plain_text(to_html(to_plain(html))) == plain_text(html)


def test_lists_stay_readable_in_a_plain_box() -> None:
    html = "<p>Drie:</p><ul><li><p>soep</p></li><li>thee</li></ul><p>Klaar.</p>"
    assert to_plain(html) == "Drie:\n\n- soep\n- thee\n\nKlaar."


def test_only_links_within_the_portal_count(settings) -> None:
    settings.SITE_URL = "https://portaal.example.org"
    html = (
        '<a href="/praktijken/speelbos/">a</a><a href="https://portaal.example.org/praktijken/babycafe/">b</a>'
        '<a href="https://elders.example.org/praktijken/x/">c</a><a href="//elders.example.org/praktijken/y/">d</a>'
        '<a href="/praktijken/speelbos/afdrukken/">e</a><a href="/themas/t/visie/?a=1&amp;tips=T01,T02#tip-T03">f</a>'
        '<a href="http://[oeps/praktijken/z/">g</a><a href="javascript:/praktijken/w/">h</a>'
    )
    assert links_in(html) == [
        ("praktijk", "speelbos"),
        ("praktijk", "babycafe"),
        ("tip", "T01"),
        ("tip", "T02"),
        ("tip", "T03"),
    ]
