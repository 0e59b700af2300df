"""What a section of a theme shows besides its text, told to the editor who composes the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from expoo_portal.admin import everything

from ..models import (
    AgreementGroup,
    Broadcast,
    ContactPerson,
    Document,
    Event,
    SectionKind,
    SectionLink,
    ThemeSection,
    Tip,
)
from .items import ThemeFilter

_LISTED: dict[str, type[Model]] = {
    SectionKind.TIPS: Tip,
    SectionKind.AGREEMENTS: AgreementGroup,
    SectionKind.BROADCASTS: Broadcast,
    SectionKind.DOCUMENTS: Document,
    SectionKind.EVENTS: Event,
    SectionKind.CONTACT: ContactPerson,
}
_TOLD: dict[str, str] = {
    SectionKind.PRACTICES: "De praktijken met de onderwerpen van dit thema.",
    SectionKind.REPORTS: "De openbare verslagen van het netwerk, zodra die er zijn.",
    SectionKind.JOIN: "Hoe mensen meedoen: een praktijk delen, lid worden.",
}


def contents_of(section: ThemeSection) -> str:
    """What comes below the text of this section, with links to it, one thing after the other."""
    if section.pk is None:
        return "Bewaar het thema eerst. Daarna zie je hier wat dit onderdeel toont."
    return format_html_join(" · ", "{}", ((part,) for part in _parts(section)))


def _parts(section: ThemeSection) -> Iterator[str]:
    if told := _TOLD.get(section.kind):
        yield told
    if model := _LISTED.get(section.kind):
        opts = model._meta
        names = f"admin:{opts.app_label}_{opts.model_name}"
        rows: Any = everything(model._default_manager.filter(theme=section.theme_id))
        count = rows.count()
        label = str(opts.verbose_name if count == 1 else opts.verbose_name_plural).lower()
        yield format_html(
            '<a href="{}?{}={}">{} {}</a>',
            reverse(f"{names}_changelist"),
            ThemeFilter.parameter_name,
            section.theme.slug,
            count,
            label,
        )
        address = reverse(f"{names}_add")
        yield format_html(
            '<a href="{}?theme={}">{} toevoegen</a>', address, section.theme_id, opts.verbose_name
        )
    count = everything(SectionLink.objects.filter(section=section)).count()
    yield format_html(
        '<a href="{}#links-group">{}</a>',
        reverse("admin:themes_themesection_change", args=[section.pk]),
        f"links naar de catalogus ({count})",
    )
