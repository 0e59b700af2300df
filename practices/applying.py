"""Brings what was typed into the catalogue, and what is in the catalogue back into a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils import timezone
from django.utils.text import slugify

from expoo_portal.visibility import Audience, PublicationState

from .content import CONTACT_FIELDS, RICH_FIELDS, TEXT_FIELDS
from .models import (
    BasedOn,
    Dossier,
    DossierFile,
    DossierImage,
    Facet,
    FacetValue,
    FormerValue,
    Practice,
    PracticeContact,
    PracticeFile,
    PracticeImage,
    PracticeKind,
    PracticeLink,
)
from .models.practice import RESERVED_SLUGS


def content_of(practice: Practice) -> dict[str, Any]:
    """A practice as the content of a form; see `practices/content.py` for the shape."""
    facets: dict[str, list[str]] = {}
    for slug, value in practice.values.order_by("facet__order", "order", "id").values_list(
        "facet__slug", "slug"
    ):
        facets.setdefault(slug, []).append(value)
    links = PracticeLink.objects.unrestricted().filter(practice=practice)
    contact = PracticeContact.objects.unrestricted().filter(practice=practice).first()
    images = PracticeImage.objects.unrestricted().filter(practice=practice)
    files = PracticeFile.objects.unrestricted().filter(practice=practice)
    return {
        **{field: getattr(practice, field) for field in (*TEXT_FIELDS, *RICH_FIELDS)},
        "based_on": practice.based_on,
        "reference_year": practice.reference_year,
        "facets": facets,
        # What the catalogue does not tell was answered with not knowing.
        "unknown": [slug for slug in Facet.objects.values_list("slug", flat=True) if slug not in facets],
        "links": [{"title": link.title, "url": link.url} for link in links],
        "contact": {field: getattr(contact, field) for field in CONTACT_FIELDS} if contact else {},
        "kept_images": [str(image.uuid) for image in images],
        "kept_files": [str(file.uuid) for file in files],
    }


def fill(practice: Practice, content: Mapping[str, Any]) -> Practice:
    """Put the texts of the content into a practice, without saving it: for publication and for the preview."""
    for field in (*TEXT_FIELDS, *RICH_FIELDS):
        setattr(practice, field, str(content.get(field) or ""))
    practice.based_on = content.get("based_on") or BasedOn.EXPERIENCE
    practice.reference_year = content.get("reference_year") or None
    return practice


def values_of(content: Mapping[str, Any]) -> list[FacetValue]:
    """The facet values of the content, facet by facet; what staff removed meanwhile is left out."""
    facets: Mapping[str, Iterable[str]] = content.get("facets") or {}
    wanted = {(facet, value) for facet, values in facets.items() for value in values}
    former = FormerValue.objects.filter(facet__slug__in=facets)
    wanted |= {
        (facet, today)
        for facet, before, today in former.values_list("facet__slug", "slug", "value__slug")
        if (facet, before) in wanted
    }
    found = FacetValue.objects.filter(facet__slug__in=facets).select_related("facet")
    ordered = found.order_by("facet__order", "order", "id")
    return [value for value in ordered if (value.facet.slug, value.slug) in wanted]


def new_practice(content: Mapping[str, Any]) -> Practice:
    """A practice that is not in the catalogue yet, unsaved, with an address of its own."""
    name = str(content.get("name") or "")
    return Practice(
        slug=free_slug(name),
        kind=PracticeKind.SHARED,
        audience=Audience.PUBLIC,
        state=PublicationState.PUBLISHED,
    )


def slug_of(name: str) -> str:
    """The address that a name gives, when it is free."""
    return slugify(name)[:100].strip("-") or "praktijk"


def free_slug(name: str) -> str:
    """An address for a practice of this name that no practice and no page of the catalogue has."""
    base = slug_of(name)
    slug, number = base, 2
    while slug in RESERVED_SLUGS or Practice.objects.unrestricted().filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug


def publish(dossier: Dossier, user: Any, now: datetime) -> Practice:
    """Write the dossier's content into the catalogue, in the caller's transaction, and empty the dossier.

    Raises ValidationError when the content does not make a valid practice.
    """
    content = dossier.content
    practice = dossier.practice or new_practice(content)
    is_new = practice.pk is None
    fill(practice, content)
    practice.kind = PracticeKind.SHARED
    practice.state = PublicationState.PUBLISHED
    practice.archived_on = None
    practice.reviewed_on = timezone.localdate(now)
    if dossier.submitted_at:
        # Who sent it in is of the place itself: that is its confirmation.
        practice.confirmed_on = timezone.localdate(dossier.submitted_at)
    if is_new:
        practice.publish_at = now
    practice._change_reason = "ingestuurd en nagekeken"  # type: ignore[attr-defined]
    practice._history_user = user  # type: ignore[attr-defined]
    practice.full_clean()
    practice.save()
    practice.values.set(values_of(content))
    _replace_links(practice, content.get("links") or [])
    _keep_contact(practice, content.get("contact") or {})
    _drop_left_out(practice, content)
    _move_attachments(dossier, practice)
    dossier.practice = practice
    dossier.content = {}
    return practice


def forget_content(dossier: Dossier) -> None:
    """Throw away what was typed and added, because the published text stays as it is."""
    dossier.content = {}
    for model in (DossierImage, DossierFile):
        for row in model.objects.unrestricted().filter(dossier=dossier):
            row.delete()


def _replace_links(practice: Practice, links: Iterable[Mapping[str, str]]) -> None:
    PracticeLink.objects.unrestricted().filter(practice=practice).delete()
    for order, link in enumerate(links, 1):
        row = PracticeLink(practice=practice, title=link["title"], url=link["url"], order=order)
        row.full_clean()
        row.save()


def _keep_contact(practice: Practice, given: Mapping[str, str]) -> None:
    """The contact as typed; without a role or address there is none."""
    existing = PracticeContact.objects.unrestricted().filter(practice=practice).first()
    if not any(given.get(field) for field in CONTACT_FIELDS):
        if existing:
            existing.delete()
        return
    contact = existing or PracticeContact(practice=practice)
    for field in CONTACT_FIELDS:
        setattr(contact, field, given.get(field) or "")
    contact.role = contact.role or "Contact"
    contact.full_clean()
    contact.save()


def _drop_left_out(practice: Practice, content: Mapping[str, Any]) -> None:
    """Remove the pictures and files that the sender took out of the published practice."""
    for model, key in ((PracticeImage, "kept_images"), (PracticeFile, "kept_files")):
        kept = set(content.get(key) or ())
        for row in model.objects.unrestricted().filter(practice=practice):
            if str(row.uuid) not in kept:
                row.delete()


def _move_attachments(dossier: Dossier, practice: Practice) -> None:
    """Copy what the sender added to the practice, then remove it from the dossier."""
    for image in DossierImage.objects.unrestricted().filter(dossier=dossier):
        _copy(image, PracticeImage(practice=practice, alt=image.alt, consent=image.consent))
    for file in DossierFile.objects.unrestricted().filter(dossier=dossier):
        _copy(file, PracticeFile(practice=practice))


def _copy(source: Any, target: Any) -> None:
    with source.file.open("rb") as stored:
        target.name = source.name
        target.file = File(stored, name=source.name)
        target.save()
    source.delete()


def check(content: Mapping[str, Any]) -> dict[str, list[str]]:
    """What the catalogue would refuse of this content: field -> Dutch sentences; empty when it can be published."""
    practice = fill(new_practice(content), content)
    try:
        practice.full_clean()
    except ValidationError as error:
        return error.message_dict
    return {}
