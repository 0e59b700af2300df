"""The page of a practice as visitors will see it, made from a dossier whose content is not published yet."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from expoo_portal.files import Attachment
from expoo_portal.images import Size

from . import applying
from .catalogue import Catalogue, catalogue_for
from .detail import Detail
from .models import (
    Dossier,
    DossierFile,
    DossierImage,
    Practice,
    PracticeFile,
    PracticeImage,
    PracticeKind,
    PracticeLink,
    PracticeSource,
)

# Where the reader of this page finds a file of the dossier, or of the practice that it changes.
FileAddress = Callable[[Attachment], str]


class ShownImage(NamedTuple):
    """A picture as the page shows it."""

    alt: str
    page_url: str
    card_url: str


class ShownFile(NamedTuple):
    """A document as the page lists it."""

    name: str
    type_label: str
    human_size: str
    get_absolute_url: str


class DossierDetail(Detail):
    """What the page shows, with the dossier's content in place of the catalogue's. Nothing is saved."""

    def __init__(self, dossier: Dossier, catalogue: Catalogue, address_of: FileAddress) -> None:
        super().__init__(_practice_of(dossier), catalogue)
        self._dossier = dossier
        self._address_of = address_of

    @cached_property
    def value_ids(self) -> list[int]:
        return [value.pk for value in applying.values_of(self._dossier.content)]

    @cached_property
    def sources(self) -> list[PracticeSource]:
        return self._kept(PracticeSource)

    @cached_property
    def links(self) -> list[PracticeLink]:
        links = self._dossier.content.get("links") or []
        return [PracticeLink(title=link["title"], url=link["url"]) for link in links]

    @cached_property
    def files(self) -> list[Any]:
        shown = [*self._kept(PracticeFile, "kept_files"), *self._added(DossierFile)]
        return [
            ShownFile(file.name, file.type_label, file.human_size, self._address_of(file)) for file in shown
        ]

    @cached_property
    def images(self) -> list[Any]:
        shown = [*self._kept(PracticeImage, "kept_images"), *self._added(DossierImage)]
        return [self._shown_image(image) for image in shown]

    @property
    def contact(self) -> None:
        """Visitors do not see the contact."""

    @cached_property
    def related(self) -> list[Any]:
        return []

    def _kept(self, model: Any, key: str = "") -> list[Any]:
        """The rows of the practice in the catalogue; with `key` only those that the content keeps."""
        rows = list(model.objects.unrestricted().filter(practice=self._dossier.practice_id))
        kept = self._dossier.content.get(key) or ()
        return [row for row in rows if not key or str(row.uuid) in kept]

    def _added(self, model: Any) -> list[Any]:
        return list(model.objects.unrestricted().filter(dossier=self._dossier))

    def _shown_image(self, image: Any) -> ShownImage:
        address = self._address_of(image)
        return ShownImage(image.alt, f"{address}?maat={Size.PAGE.slug}", f"{address}?maat={Size.CARD.slug}")


def _practice_of(dossier: Dossier) -> Practice:
    """The practice as publishing today would make it, unsaved."""
    practice = applying.fill(dossier.practice or applying.new_practice(dossier.content), dossier.content)
    today = timezone.localdate()
    practice.kind = PracticeKind.SHARED
    practice.archived_on = None
    practice.reviewed_on = today
    practice.confirmed_on = timezone.localdate(dossier.submitted_at) if dossier.submitted_at else today
    return practice


def render_dossier(
    request: HttpRequest,
    dossier: Dossier,
    file_url: FileAddress,
    template: str = "practices/detail.html",
) -> HttpResponse:
    """The dossier's content as visitors will see it, for a caller who checked that this reader may see it.

    `file_url` says at which address this reader gets a file: a DossierImage or DossierFile, or a PracticeImage or
    PracticeFile of the practice that is being changed. `template` extends the page of a practice.
    """
    detail = DossierDetail(dossier, catalogue_for(request.user), file_url)
    return render(request, template, {"practice": detail.practice, "detail": detail, "preview": True})
