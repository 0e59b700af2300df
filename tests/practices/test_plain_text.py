"""Rich text in a plain text field: nothing is lost on the way there and back."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expoo_portal.richtext import plain_text, sanitize
from practices.plain_text import tidy, to_html, to_text

FORMATTED = (
    '<h3>Kop &amp; zo</h3><p>Een <strong>vet</strong> woord<br>en <a href="https://x.example">een link</a></p>'
    "<ul><li><p>een</p></li><li><p>twee</p></li></ul><ol><li><p>a</p></li><li><p>b</p></li></ol>"
    "<blockquote><p>gezegd</p></blockquote>"
)
words = st.text(alphabet=st.sampled_from("ab &<>\"'é-1.•\n\t\r\x00\u00a0"), max_size=60)


def test_a_writer_reads_paragraphs_lists_and_where_links_lead():
    assert to_text(FORMATTED) == (
        "Kop & zo\n\nEen vet woord\nen een link (https://x.example)\n\n- een\n- twee\n\n1. a\n2. b\n\ngezegd"
    )


def test_text_that_was_not_touched_keeps_its_html_exactly():
    assert to_html(to_text(FORMATTED), FORMATTED) == FORMATTED
    as_sent = to_text(FORMATTED).replace("\n", "\r\n") + "  "
    assert to_html(as_sent, FORMATTED) == FORMATTED


def test_changing_one_paragraph_costs_the_others_nothing():
    changed = to_html(to_text(FORMATTED).replace("gezegd", "gevraagd"), FORMATTED)
    assert changed == FORMATTED.replace("<blockquote><p>gezegd</p></blockquote>", "<p>gevraagd</p>")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        (" \r\n\t ", ""),
        ("Dag <b>An</b> & co", "<p>Dag &lt;b&gt;An&lt;/b&gt; &amp; co</p>"),
        ("een\ntwee\n\ndrie", "<p>een<br>twee</p><p>drie</p>"),
        ("Zo:\n- een\n* twee", "<p>Zo:</p><ul><li><p>een</p></li><li><p>twee</p></li></ul>"),
        ("1. een\n2) twee", "<ol><li><p>een</p></li><li><p>twee</p></li></ol>"),
        ("3. verdieping", "<p>3. verdieping</p>"),
        ("a\x00b", "<p>ab</p>"),
    ],
)
def test_what_is_typed_becomes_simple_html(text: str, html: str):
    assert to_html(text) == html
    assert sanitize(html) == html


@given(words)
def test_typing_something_and_opening_it_again_changes_nothing_more(typed: str):
    once = to_text(to_html(typed))
    assert to_text(to_html(once)) == once
    assert to_html(once, to_html(typed)) == to_html(typed)


@given(words)
def test_no_word_is_lost(typed: str):
    def bare(text: str) -> str:
        return re.sub(r"[\s•*–-]|\d{1,3}[.)]", "", text)

    assert bare(plain_text(to_html(typed))) == bare(tidy(typed))


@given(st.lists(words, max_size=4), st.lists(words, max_size=4))
def test_whatever_is_typed_over_something_else_is_clean_html(before: list[str], after: list[str]):
    html = to_html("\n\n".join(after), to_html("\n\n".join(before)))
    assert sanitize(html) in (html, "")
