"""Uploads: one attachment family, one serving view."""

from __future__ import annotations

import uuid
from pathlib import PurePosixPath

from django.db import models

from .visibility import Restricted


def _storage_path(attachment: Attachment, filename: str) -> str:
    """Where a file lies: by its random id only, so that a path tells nothing of its name."""
    suffix = PurePosixPath(filename).suffix.lower()[:10]
    return f"{attachment.uuid.hex[:2]}/{attachment.uuid.hex}{suffix}"


class Attachment(Restricted):
    """A file that belongs to a parent and is seen by whoever sees the parent (`audience_path`)."""

    uuid = models.UUIDField("kenmerk", default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField("bestand", upload_to=_storage_path, max_length=200)
    name = models.CharField("naam", max_length=200, blank=True)
    content_type = models.CharField("type", max_length=100, editable=False)
    size = models.PositiveBigIntegerField("grootte", editable=False, default=0)
    created = models.DateTimeField("toegevoegd", auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name
