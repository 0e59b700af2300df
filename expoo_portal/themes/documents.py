"""The documents of a theme: the list by kind, and what each is, with its file of today and the ones before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from expoo_portal.page_cache import public_page

from .models import Document, DocumentFile, Theme, Topic
from .trail import trail_to

TITLE = "Documenten"
WITHOUT_KIND = "Andere documenten"


class Group(NamedTuple):
    """Documents under one heading."""

    title: str
    documents: list[Document]


class Versions(NamedTuple):
    """The files of a document: those of its version of today, and those of the versions before."""

    current: list[DocumentFile]
    earlier: list[DocumentFile]


def versions(files: Sequence[DocumentFile]) -> Versions:
    """Tell apart what counts today: the newest file, and others of the version that it names. `files`: newest first."""
    newest = files[0].version if files else ""
    current = [file for file in files if newest and file.version == newest] or list(files[:1])
    return Versions(current, [file for file in files if file not in current])


def by_kind(documents: Sequence[Document]) -> list[Group]:
    """References first, then kind by kind in the order in which they come, those without a kind last."""
    groups: dict[str, list[Document]] = {}
    for document in documents:
        if not document.is_reference:
            groups.setdefault(document.kind.casefold(), []).append(document)
    rest = groups.pop("", [])
    found = [Group(capfirst(rows[0].kind), rows) for rows in groups.values()]
    references = [document for document in documents if document.is_reference]
    found = [Group("Om mee te beginnen", references), *found, Group(WITHOUT_KIND, rest)]
    return [group for group in found if group.documents]


class TopicChoice(NamedTuple):
    """A topic in the list of documents: the link that chooses it, or takes the choice away."""

    label: str
    href: str
    total: int
    is_chosen: bool


def _choices(documents: Sequence[Document], chosen: Topic | None, address: str) -> list[TopicChoice]:
    """The topics of these documents, in the staff's order."""
    counts: dict[Topic, int] = {}
    for document in documents:
        for topic in document.topics.all():
            counts[topic] = counts.get(topic, 0) + 1
    return [
        TopicChoice(
            topic.label,
            address if topic == chosen else f"{address}?onderwerp={topic.slug}",
            counts[topic],
            topic == chosen,
        )
        for topic in sorted(counts, key=lambda topic: (topic.order, topic.label))
    ]


@require_safe
@public_page
def documents(request: HttpRequest, slug: str) -> HttpResponse:
    """All documents of a theme, or those about one topic."""
    theme = get_object_or_404(Theme.objects.visible_to(request.user), slug=slug)
    files = Prefetch("files", DocumentFile.objects.visible_to(request.user))
    found = list(
        Document.objects.visible_to(request.user).filter(theme=theme).prefetch_related("topics", files)
    )
    for document in found:
        document.theme = theme
    wanted = request.GET.get("onderwerp", "")
    chosen = next((topic for row in found for topic in row.topics.all() if topic.slug == wanted), None)
    shown = [row for row in found if chosen is None or chosen in row.topics.all()]
    address = reverse("documents", args=[theme.slug])
    context = {
        "theme": theme,
        "trail": trail_to(theme),
        "groups": by_kind(shown),
        "topics": _choices(found, chosen, address),
        "chosen": chosen,
        "is_unknown": bool(wanted) and chosen is None,
        "address": address,
    }
    return render(request, "themes/documents.html", context)


@require_safe
@public_page
def document(request: HttpRequest, slug: str, item: str) -> HttpResponse:
    """One document."""
    rows = Document.objects.visible_to(request.user).select_related("theme")
    found = get_object_or_404(rows, theme__slug=slug, slug=item)
    files = list(DocumentFile.objects.visible_to(request.user).filter(document=found))
    return render_document(request, found, files)


def render_document(
    request: HttpRequest, document: Document, files: Sequence[DocumentFile], *, preview: bool = False
) -> HttpResponse:
    """The page of a document with these files, newest first; `preview` shows it to an editor, published or not."""
    facts = [
        ("Soort", capfirst(document.kind)),
        ("Wie schreef het?", document.authors),
        ("Uitgever", document.publisher),
        ("Jaar", str(document.year or "")),
    ]
    context = {
        "document": document,
        "theme": document.theme,
        "trail": trail_to(document.theme, (TITLE, reverse("documents", args=[document.theme.slug]))),
        "facts": [(label, [value]) for label, value in facts if value],
        "versions": versions(files),
        "site": urlsplit(document.url).hostname or "",
        "topics": list(document.topics.all()),
        "preview": preview,
    }
    return render(request, "themes/document.html", context)
