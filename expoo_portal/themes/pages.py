"""The themes and the page of each: its sections in the staff's order, kept per content version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from expoo_portal.folding import Folded, fold
from expoo_portal.page_cache import public_page
from expoo_portal.per_version import PerVersion
from expoo_portal.visibility import Level, Viewer, viewer_of

from .models import SectionKind, SectionLink, Theme, ThemeSection
from .sources import Shown, shown_by


@dataclass(frozen=True)
class Part:
    """A section as the page shows it: its text, its ways into the catalogue, and what its kind shows."""

    section: ThemeSection
    text: Folded
    links: Sequence[SectionLink]
    shown: Shown | None
    address: str

    @property
    def template(self) -> str:
        """The template of what its kind shows."""
        return f"themes/sections/{self.section.kind}.html"

    @property
    def line(self) -> str:
        """In one line, what somebody finds there."""
        return self.shown.get("line", "") if self.shown else ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show, so that its heading stays away too."""
        has_text = self.section.kind == SectionKind.TEXT and bool(self.section.body)
        return self.shown is None and not self.links and not has_text


@dataclass(frozen=True)
class ThemePage:
    """A theme and the parts of its page, as one level of viewer sees them."""

    about: Theme
    text: Folded
    parts: Sequence[Part]

    @cached_property
    def kinds(self) -> frozenset[str]:
        """What the page has sections of."""
        return frozenset(part.section.kind for part in self.parts)

    @property
    def ways_in(self) -> list[Part]:
        """The parts with something to do or to find, for who comes from elsewhere."""
        return [part for part in self.parts if part.section.kind != SectionKind.TEXT]


def build(
    theme: Theme, viewer: Viewer, sections: Sequence[ThemeSection], links: Sequence[SectionLink]
) -> ThemePage:
    """The page of a theme from its rows, which the caller read for this viewer."""
    own_links: dict[int, list[SectionLink]] = {}
    for link in links:
        own_links.setdefault(link.section_id, []).append(link)
    parts = [_part(theme, viewer, section, own_links.get(section.pk, [])) for section in sections]
    return ThemePage(theme, fold(theme.body), [part for part in parts if not part.is_empty])


def _part(theme: Theme, viewer: Viewer, section: ThemeSection, links: Sequence[SectionLink]) -> Part:
    """A section and where it leads: to a page of its own where there is one, else to its place on this page."""
    shown = shown_by(section.kind, theme, viewer)
    address = shown.get("address") if shown else None
    place = f"{theme.get_absolute_url()}#{section.slug}"
    return Part(section, fold(section.body), links, shown, address or place)


_pages: PerVersion[Level, dict[str, ThemePage]] = PerVersion()


def theme_pages(user: Any) -> dict[str, ThemePage]:
    """The pages of the themes that this user may see, by slug, in the staff's order."""
    level = viewer_of(user).level
    return _pages.get(level, lambda: _read(Viewer.at(level)))


def _read(viewer: Viewer) -> dict[str, ThemePage]:
    sections: dict[int, list[ThemeSection]] = {}
    for section in ThemeSection.objects.visible_to(viewer):
        sections.setdefault(section.theme_id, []).append(section)
    links = list(SectionLink.objects.visible_to(viewer))
    return {
        theme.slug: build(theme, viewer, sections.get(theme.pk, []), links)
        for theme in Theme.objects.visible_to(viewer)
    }


@require_safe
@public_page
def themes(request: HttpRequest) -> HttpResponse:
    """The themes of the portal."""
    return render(request, "themes/list.html", {"pages": theme_pages(request.user).values()})


@require_safe
@public_page
def theme(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a theme."""
    page = theme_pages(request.user).get(slug)
    if page is None:
        raise Http404
    return render(request, "themes/detail.html", {"page": page})


def render_preview(request: HttpRequest, about: Theme) -> HttpResponse:
    """The page of a theme for an editor, published or not; its caller has checked the right to edit.

    What hangs under a theme is seen by nobody before the theme is: the page says so.
    """
    sections = list(ThemeSection._base_manager.filter(theme=about).order_by("order", "id"))
    links = list(SectionLink._base_manager.filter(section__in=sections).order_by("order", "id"))
    page = build(about, viewer_of(request.user), sections, links)
    context = {"page": page, "preview": True, "is_live": about.is_visible_to(request.user)}
    return render(request, "themes/detail.html", context)
