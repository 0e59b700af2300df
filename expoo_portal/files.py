"""Uploads: one attachment family per model, one serving view.

A file is checked and cleaned when it is stored (`uploads`, `office`, `images`) and leaves only through
`attachment`, which asks the same question as every page: may this person see it? Smaller versions of pictures
are drawn when somebody first asks for them, and kept beside the picture.
"""

from __future__ import annotations

import logging
import os
import tempfile
import uuid
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar, NamedTuple

from django.apps import apps
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.db import models, transaction
from django.db.models.signals import class_prepared, post_delete
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.http import content_disposition_header, parse_etags
from django.views.decorators.http import require_safe

from . import byte_ranges, images, uploads
from .uploads import Kind
from .visibility import Restricted

logger = logging.getLogger(__name__)

PUBLIC_SECONDS = 300
# Up to this size an answer is handed to the server whole: a slow reader of a stream keeps a thread of ours waiting.
WHOLE_BYTES = 2_000_000
_INLINE = ("image/", "audio/", "application/pdf")
# An uploaded file must not be able to do anything in our name, even when a browser shows it.
_FILE_POLICY = "sandbox; default-src 'none'"
# Opened by itself, a recording is read once more by the player that the browser puts around it, from our origin.
_SOUND_POLICY = "sandbox allow-same-origin; default-src 'none'; media-src 'self'"


def _storage_path(attachment: Attachment, filename: str) -> str:
    """Where a file lies: by its random id only, so that a path tells nothing of its name."""
    suffix = PurePosixPath(filename).suffix.lower()[:10]
    return f"{attachment.uuid.hex[:2]}/{attachment.uuid.hex}{suffix}"


class Attachment(Restricted):
    """A file that belongs to a parent and is seen by whoever sees the parent (`audience_path`).

    Each concrete model names its `family`, which stands in the address, and the `kinds` of file it takes.
    A new file is checked both by forms (`full_clean`) and by `save()`, which raise ValidationError.
    """

    family: ClassVar[str] = ""
    kinds: ClassVar[frozenset[Kind]] = frozenset(Kind)

    uuid = models.UUIDField("kenmerk", default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField("bestand", upload_to=_storage_path, max_length=200)
    name = models.CharField("naam", max_length=200, blank=True)
    content_type = models.CharField("type", max_length=100, editable=False)
    size = models.PositiveBigIntegerField("grootte", editable=False, default=0)
    created = models.DateTimeField("toegevoegd", auto_now_add=True)

    # Set on rows that staff see before publication: their links then lead to the admin's own file view.
    for_staff: bool = False
    _accepted: Any = None

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def clean_fields(self, exclude: Any = None) -> None:
        problem: dict[str, Any] = {}
        try:
            self._accept_new_file()
        except ValidationError as error:
            problem = {"file": error}
            exclude = {*(exclude or ()), "file", "content_type"}
        try:
            super().clean_fields(exclude=exclude)
        except ValidationError as others:
            raise ValidationError({**others.error_dict, **problem}) from None
        if problem:
            raise ValidationError(problem)

    def save(self, *args: Any, **kwargs: Any) -> None:
        replaced = ""
        if self._has_new_file():
            self._accept_new_file()
            if self.pk:
                stored = type(self)._base_manager.filter(pk=self.pk)
                replaced = stored.values_list("file", flat=True).first() or ""
        else:
            self.name = uploads.clean_name(self.name, uploads.extension_of(str(self.file.name)))
        super().save(*args, **kwargs)
        if replaced:
            _remove_after_commit(self.file.storage, replaced)

    def _has_new_file(self) -> bool:
        return bool(self.file) and not self.file._committed  # type: ignore[attr-defined]

    def _accept_new_file(self) -> None:
        """Check a file that is not stored yet, once, and take over its name, type and size."""
        if not self._has_new_file() or self.file.file is self._accepted:
            return
        accepted = uploads.check(self.file.file, str(self.file.name), self.file.size, self.kinds)
        extension = uploads.extension_of(accepted.name)
        if accepted.file_type.kind is Kind.IMAGE:
            self.file = ContentFile(images.redraw(self.file.file), name=f"beeld.{extension}")
        self.name = uploads.clean_name(self.name or accepted.name, extension)
        self.content_type = accepted.content_type
        self.size = self.file.size
        self._accepted = self.file.file

    def get_absolute_url(self) -> str:
        return self.staff_url if self.for_staff else self._url("attachment")

    @property
    def staff_url(self) -> str:
        """The address at which staff see the file, published or not."""
        return self._url("admin:attachment")

    def _url(self, route: str) -> str:
        return reverse(route, args=[self.family, self.uuid, self.name])

    @property
    def card_url(self) -> str:
        """The address of the picture at the size of a card, as WebP."""
        return f"{self.get_absolute_url()}?maat={images.Size.CARD.slug}"

    @property
    def page_url(self) -> str:
        """The address of the picture at the width of a page, as WebP."""
        return f"{self.get_absolute_url()}?maat={images.Size.PAGE.slug}"

    @property
    def is_image(self) -> bool:
        """Whether a browser shows this as a picture."""
        return self.content_type.startswith("image/")

    @property
    def type_label(self) -> str:
        """The Dutch name of the type, such as "Word-document"."""
        return uploads.type_label(self.content_type)

    @property
    def human_size(self) -> str:
        """The size in words, such as "1,2 MB"."""
        return filesizeformat(self.size)


@cache
def attachment_families() -> dict[str, type[Attachment]]:
    """The attachment models by family name. ImproperlyConfigured when a name misses or is taken."""
    families: dict[str, type[Attachment]] = {}
    for model in apps.get_models():
        if issubclass(model, Attachment):
            if not model.family or model.family in families:
                raise ImproperlyConfigured(
                    f"{model.__name__} needs a family of its own, not {model.family!r}"
                )
            families[model.family] = model
    return families


def _watch_deletions(sender: type[models.Model], **kwargs: Any) -> None:
    """Listen per family: one listener for all models would make every delete fetch its rows first."""
    if issubclass(sender, Attachment) and not sender._meta.abstract:
        post_delete.connect(_file_deleted, sender=sender)


def _file_deleted(instance: Attachment, **kwargs: Any) -> None:
    if instance.file:
        _remove_after_commit(instance.file.storage, str(instance.file.name))


class_prepared.connect(_watch_deletions)


def _remove_after_commit(storage: Storage, name: str) -> None:
    def remove() -> None:
        for stored in (name, *(_rendition_name(name, size) for size in images.Size)):
            storage.delete(stored)

    transaction.on_commit(remove)


def _rendition_name(name: str, size: images.Size) -> str:
    return str(PurePosixPath(name).with_suffix(f".{size.slug}.webp"))


class _Opened(NamedTuple):
    """A stored file, ready to be sent."""

    file: File
    size: int
    etag: str
    content_type: str
    name: str


def _open(attachment: Attachment, size: images.Size | None) -> _Opened:
    """Open the file, or the smaller version of the picture. FileNotFoundError when it is gone."""
    storage, stored = attachment.file.storage, str(attachment.file.name)
    content_type, name = attachment.content_type, attachment.name
    if size:
        original, stored = stored, _rendition_name(stored, size)
        if not storage.exists(stored):
            _draw_rendition(storage, original, stored, size)
        content_type, name = "image/webp", f"{PurePosixPath(name).stem}.webp"
    file = storage.open(stored)
    # With its time, because a file that replaces a replaced one may get the first one's place.
    changed = int(storage.get_modified_time(stored).timestamp() * 1_000_000)
    etag = f'"{PurePosixPath(stored).stem}-{changed:x}"'
    return _Opened(file, file.size, etag, content_type, name)


def _draw_rendition(storage: Storage, original: str, target: str, size: images.Size) -> None:
    """Draw a smaller version; it appears whole or not at all, however many people ask for it at once."""
    with storage.open(original) as file:
        drawn = images.rendition(file, size)
    path = Path(storage.path(target))
    handle, draft = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "wb") as part:
        part.write(drawn)
    os.chmod(draft, settings.FILE_UPLOAD_PERMISSIONS)
    os.replace(draft, path)


@require_safe
@login_not_required
def attachment(request: HttpRequest, family: str, uuid: uuid.UUID, name: str) -> HttpResponseBase:
    """One file, for whoever may see it; for anybody else the page of a file that does not exist.

    What the public may see is sent as public to everybody, so that caches keep one copy of it.
    """
    model = attachment_families().get(family)
    if model is None:
        raise Http404
    found = model.objects.public().filter(uuid=uuid).first()
    is_public = found is not None
    if found is None:
        found = model.objects.visible_to(request.user).filter(uuid=uuid).first()
    if found is None or found.name != name:
        raise Http404
    return serve(request, found, is_public=is_public)


def serve(request: HttpRequest, attachment: Attachment, *, is_public: bool) -> HttpResponseBase:
    """Send a file whose viewer has been checked: whole, a range of it, or "not modified".

    `?maat=` asks for a smaller version of a picture. Raises Http404.
    """
    size = None
    if "maat" in request.GET:
        size = images.Size.find(request.GET["maat"])
        if size is None or not attachment.is_image:
            raise Http404
    try:
        opened = _open(attachment, size)
    except FileNotFoundError:
        logger.exception("the file of %s %s is gone", attachment.family, attachment.pk)
        raise Http404 from None
    response = _answer(request, opened)
    if not response.streaming:
        opened.file.close()
    response.headers["ETag"] = opened.etag
    is_sound = opened.content_type.startswith("audio/")
    response.headers["Content-Security-Policy"] = _SOUND_POLICY if is_sound else _FILE_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    # A kept 416 could be given to somebody who asks for the whole file.
    may_be_kept = is_public and response.status_code != 416
    response.headers["Cache-Control"] = (
        f"public, max-age={PUBLIC_SECONDS}" if may_be_kept else "private, no-store"
    )
    return response


def _answer(request: HttpRequest, opened: _Opened) -> HttpResponseBase:
    """200, 206, 304 or 416; only a stream keeps the file open."""
    known = [tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))]
    if opened.etag in known or "*" in known:
        return HttpResponse(status=304)
    part = None
    if request.headers.get("If-Range", opened.etag) == opened.etag:
        try:
            part = byte_ranges.parse(request.headers.get("Range", ""), opened.size)
        except byte_ranges.Unsatisfiable:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{opened.size}"})
    length = part.length if part else opened.size
    status = 206 if part else 200
    response: HttpResponseBase
    if request.method == "HEAD":
        response = HttpResponse(status=status)
    else:
        opened.file.seek(part.first if part else 0)
        if length <= WHOLE_BYTES:
            response = HttpResponse(opened.file.read(length), status=status)
        else:
            response = StreamingHttpResponse(uploads.pieces(opened.file, length), status=status)
            response._resource_closers.append(opened.file.close)  # type: ignore[attr-defined]
    if part:
        response.headers["Content-Range"] = f"bytes {part.first}-{part.last}/{opened.size}"
    response.headers["Content-Type"] = opened.content_type
    response.headers["Content-Length"] = str(length)
    response.headers["Accept-Ranges"] = "bytes"
    as_attachment = not opened.content_type.startswith(_INLINE)
    response.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment, opened.name) or "inline"
    )
    return response
