"""Private links: who holds one may do what it is for, without an account.

A link holds the dossier's random uuid and a signature that only the portal can make, so nothing that would let
somebody in is stored, and a copy of the database opens no dossier. Each purpose has a signature of its own.
Raising `Dossier.link_number` revokes all links of a dossier.
"""

from __future__ import annotations

import base64
import uuid

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from .models import Dossier

_SALT = "practices.private-link"
_UUID_LENGTH = 32


def sign(purpose: str, *parts: object, secret: str | bytes | None = None) -> str:
    """A signature of 128 bits over these parts, for this purpose alone, as 22 characters for an address."""
    text = "\x1f".join([purpose, *map(str, parts)])
    digest = salted_hmac(_SALT, text, secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


def is_signature(given: str, purpose: str, *parts: object) -> bool:
    """Whether this is the signature; keys that were replaced (SECRET_KEY_FALLBACKS) still count."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(given, sign(purpose, *parts, secret=key)) for key in keys)


def token_of(dossier: Dossier) -> str:
    """What stands in the address of a dossier's private page."""
    return dossier.uuid.hex + sign("dossier", dossier.uuid, dossier.link_number)


def find(token: str, *, lock: bool = False) -> Dossier | None:
    """The dossier of this token; None for anything that is not, or no longer, a private link.

    With `lock` the row is held until the end of the transaction.
    """
    try:
        key = uuid.UUID(hex=token[:_UUID_LENGTH])
    except ValueError:
        return None
    if token[:_UUID_LENGTH] != key.hex:
        return None
    rows = Dossier.objects.unrestricted()
    dossier = (rows.select_for_update() if lock else rows).filter(uuid=key).first()
    if dossier is None or not is_signature(
        token[_UUID_LENGTH:], "dossier", dossier.uuid, dossier.link_number
    ):
        return None
    return dossier


def link_to(dossier: Dossier, route: str = "share_dossier", **more: object) -> str:
    """The whole address of a private page, for a mail."""
    return f"{settings.SITE_URL}{reverse(route, kwargs={'token': token_of(dossier), **more})}"
