"""A theme as full and as wordy as can be fits wherever it is shown, and many sections stay within reach."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from expoo_portal.themes.models import SectionKind, Theme
from tests import factories
from tests.browser import measuring
from tests.browser.conftest import NewVisitor

WORD = "Noorderkempenwijkgezondheidscentrumontmoetingsruimte"
TEXTS = 20


def long(length: int) -> str:
    """So many characters: words without a place to break, and some that have it."""
    return f"{WORD} {'en wat erbij hoort ' * 80}{WORD}"[:length].strip()


@pytest.fixture(scope="module")
def theme(content: None) -> Theme:
    """One with all kinds of sections, twenty texts, and fields filled to the brim."""
    theme = factories.theme(slug="lang", title=long(120), intro=long(600), body=f"<p>{long(900)}</p>" * 3)
    fields = {"theme": theme, "title": long(110)}
    for number in range(4):
        factories.tip(**fields, code=f"LANG-{number}", text=long(600))
        factories.broadcast(**fields, summary=long(600))
        factories.document(
            **fields,
            kind=long(80),
            authors=long(300),
            publisher=long(200),
            what=long(600),
            for_whom=long(400),
        )
        factories.event(**fields, kind=long(80), hours=long(80), place=long(160), summary=long(600))
        factories.contact_person(theme=theme, name=long(120), role=long(160))
        factories.agreement_group(theme=theme, label=long(80))
    for number in range(TEXTS):
        text = factories.theme_section(
            theme=theme,
            slug=f"deel-{number}",
            title=f"{number} {long(110)}",
            body=f"<h3>{long(120)}</h3><p>{long(900)}</p>" * 3,
        )
        for query in ("ruimte=buiten", "vorm=vrije-inloop"):
            factories.section_link(section=text, group=long(80), text=long(120), query=query)
    for kind in set(SectionKind) - {SectionKind.TEXT}:
        factories.theme_section(theme=theme, kind=kind, slug=kind, title=f"{kind.label} {long(80)}")
    return theme


@pytest.mark.parametrize("where", ["", "documenten/", "agenda/", "contact/"])
def test_a_long_theme_fits(visitor: NewVisitor, theme: Theme, where: str):
    page = visitor(1280).go(f"{theme.get_absolute_url()}{where}")
    measuring.unfold(page)
    findings = measuring.accessibility(page) + measuring.frame(page)
    for width in (1280, 768, 640, 360, 320):
        measuring.at_width(page, width)
        findings += [f"at {width}: {found}" for found in measuring.overflow(page)]
    assert not findings, "\n".join(findings)


@pytest.mark.parametrize("where", ["/", "/themas/"])
def test_a_long_theme_fits_among_others(visitor: NewVisitor, theme: Theme, where: str):
    page = visitor(1280).go(where)
    for width in (1280, 768, 640, 360, 320):
        measuring.at_width(page, width)
        assert not measuring.overflow(page), width


def test_many_sections_stay_within_reach(visitor: NewVisitor, theme: Theme):
    page = visitor(1280).go(f"{theme.get_absolute_url()}#deel-10")
    last = page.get_by_role("navigation", name="Op deze pagina").get_by_role("link").last
    last.focus()
    expect(last).to_be_in_viewport()
    expect(page.locator("#deel-10")).to_be_in_viewport()
