"""Rich text: whatever is stored, and however, nothing but plain markup reaches a page."""

import re
from html.parser import HTMLParser

import pytest
from django.template import Context, Template
from django.utils.safestring import SafeString
from hypothesis import example, given, settings
from hypothesis import strategies as st

from expoo_portal.pages import Page
from expoo_portal.richtext import RichTextField, as_safe, plain_text, sanitize

ALLOWED = {"p", "strong", "em", "ul", "ol", "li", "blockquote", "h3", "h4", "br", "a"}
ALLOWED_ATTRIBUTES = {"a": {"href", "rel", "title"}, "ol": {"start", "type"}}

NASTY = [
    "<script>alert(1)</script>",
    "<p>a<script src=//evil.example/x.js></script></p>",
    "<style>*{display:none}</style>",
    '<p style="position:fixed">a</p>',
    '<p onclick="alert(1)">a</p>',
    "<img src=x onerror=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg/onload=alert(1)>",
    '<iframe src="https://evil.example"></iframe>',
    '<a href="javascript:alert(1)">a</a>',
    '<a href=" java\nscript:alert(1)">a</a>',
    '<a href="&#106;avascript:alert(1)">a</a>',
    '<a href="data:text/html,<script>alert(1)</script>">a</a>',
    '<a href="vbscript:x">a</a>',
    '<a href="https://example.org" target="_blank" onmouseover=x>a</a>',
    '<form action="https://evil.example"><input name=password></form>',
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    '<p class="x" id="inhoud" data-x="1">a</p>',
    "<h1>Groot</h1><h2>Kop</h2><h5>Klein</h5>",
    "<object data=x></object><embed src=x><link rel=stylesheet href=x><base href=x><meta http-equiv=refresh>",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<template><script>alert(1)</script></template>",
    "<p>a\x00b</p>",
    "<<script>script>alert(1)</script>",
]


class Reader(HTMLParser):
    """Collects the tags and attributes that a browser would find."""

    def __init__(self):
        super().__init__()
        self.problems = []

    def handle_starttag(self, tag, attrs):
        if tag not in ALLOWED:
            self.problems.append(tag)
        for name, value in attrs:
            if name not in ALLOWED_ATTRIBUTES.get(tag, ()):
                self.problems.append(f"{tag}[{name}]")
            if name == "href" and re.match(r"[a-z0-9+.-]*:", value.strip().lower()):
                scheme = value.strip().lower().partition(":")[0]
                if scheme not in ("http", "https", "mailto"):
                    self.problems.append(value)

    def handle_comment(self, data):
        self.problems.append(data)

    def handle_decl(self, decl):
        self.problems.append(decl)

    def handle_pi(self, data):
        self.problems.append(data)


def problems(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.problems


@pytest.mark.parametrize("html", NASTY)
def test_a_visitor_never_gets_what_could_act(html):
    assert problems(as_safe(html)) == []


fragments = st.sampled_from(
    NASTY + ["<p>", "</p>", "<a href='", "'>", '"', "<", ">", "&lt;", "<!--", "-->", "<b>"]
)
words = st.text(st.characters(exclude_categories=()), max_size=12)


@given(st.lists(fragments | words, max_size=8).map("".join))
@example("\ud800<p>a</p>")
@settings(max_examples=400)
def test_a_visitor_never_gets_what_could_act_however_it_is_mixed(html):
    cleaned = sanitize(html)
    assert problems(cleaned) == []
    assert sanitize(cleaned) == cleaned
    assert plain_text(cleaned) or not cleaned


def test_an_editor_keeps_the_markup_of_the_toolbar():
    html = (
        "<h3>Kop</h3><p><strong>vet</strong> <em>schuin</em><br>nieuwe regel</p>"
        "<ul><li><p>een</p></li></ul><ol><li><p>twee</p></li></ol><blockquote><p>drie</p></blockquote>"
        '<p><a href="https://www.expoo.be/">vier</a> <a href="mailto:info@expoo.be">vijf</a></p>'
    )
    assert sanitize(html) == html


@pytest.mark.parametrize(
    "html", ["", "<p></p>", "<p> </p>", "<p><br></p>", "<ul><li><p>&nbsp;</p></li></ul>", None]
)
def test_text_without_a_word_is_no_text(html):
    assert sanitize(html) == ""


def test_search_and_summaries_read_words_only():
    assert (
        plain_text("<p>Koffie &amp; thee</p><p>bij <strong>bui</strong>ten</p>") == "Koffie & thee bij buiten"
    )


def test_the_template_filter_gives_safe_html():
    shown = Template("{% load richtext %}{{ text|richtext }}").render(
        Context({"text": "<p>a<script>b</script></p>"})
    )
    assert shown == "<p>a</p>"
    assert isinstance(as_safe("<p>a</p>"), SafeString)


@pytest.fixture
def page(db):
    return Page.objects.create(slug="proef", title="Proef", body="<p>a</p>")


RAW = '<p onclick="x">tekst<script>alert(1)</script></p>'
CLEAN = "<p>tekst</p>"


def stored(page):
    return Page._base_manager.get(pk=page.pk).body


def test_saving_stores_clean_text(page):
    page.body = RAW
    page.save()
    assert page.body == stored(page) == CLEAN


def test_saving_one_field_stores_clean_text(page):
    page.body = RAW
    page.save(update_fields=["body"])
    assert stored(page) == CLEAN


def test_creating_many_stores_clean_text(db):
    Page.objects.bulk_create([Page(slug="een", title="Een", body=RAW)])
    assert Page._base_manager.get(slug="een").body == CLEAN


def test_updating_many_stores_clean_text(page):
    Page.objects.unrestricted().filter(pk=page.pk).update(body=RAW)
    assert stored(page) == CLEAN


def test_changing_many_objects_stores_clean_text(page):
    page.body = RAW
    Page._base_manager.bulk_update([page], ["body"])
    assert stored(page) == CLEAN


def test_a_kept_version_holds_clean_text(page):
    page.body = RAW
    page.save()
    assert page.history.latest().body == CLEAN


def test_text_that_got_in_behind_our_back_is_cleaned_when_shown(page):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE portal_page SET body = %s WHERE id = %s", [RAW, page.pk])
    assert as_safe(stored(page)) == CLEAN


def test_a_migration_sees_a_plain_text_column():
    field = RichTextField("tekst")
    field.set_attributes_from_name("body")
    _, path, _, options = field.deconstruct()
    assert path == "django.db.models.TextField"
    assert options == {"blank": True, "verbose_name": "tekst"}


def test_headings_follow_the_heading_above_them():
    text = as_safe("<h3>Wie</h3><p>h3 mee</p><h4>Waar</h4>", top_heading=2)
    assert text == "<h2>Wie</h2><p>h3 mee</p><h3>Waar</h3>"
