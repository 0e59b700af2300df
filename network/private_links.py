"""The private links of the network: to a request, for who asked, and to an invitation, for who was invited.

Like those of the catalogue (`practices/private_links.py`): a random id and a signature that only the portal can make.
The signature goes with the e-mail address, so that a link that went to a mistyped address stops working.
"""

from __future__ import annotations

import uuid
from typing import Protocol

from django.conf import settings
from django.urls import reverse

from practices.private_links import is_signature, sign

_UUID_LENGTH = 32


class Linked(Protocol):
    """What a private link leads to."""

    uuid: uuid.UUID
    email: str


def token_of(purpose: str, row: Linked) -> str:
    """What stands in the address."""
    return row.uuid.hex + sign(purpose, row.uuid, row.email)


def key_of(token: str) -> uuid.UUID | None:
    """The id in a token, which still says nothing of its signature; None when it holds none."""
    try:
        key = uuid.UUID(hex=token[:_UUID_LENGTH])
    except ValueError:
        return None
    return key if token[:_UUID_LENGTH] == key.hex else None


def is_token(token: str, purpose: str, row: Linked) -> bool:
    """Whether this token was made for this row, as it is today."""
    return is_signature(token[_UUID_LENGTH:], purpose, row.uuid, row.email)


def link_to(route: str, purpose: str, row: Linked) -> str:
    """The whole address of a private page, for a mail."""
    return f"{settings.SITE_URL}{reverse(route, args=[token_of(purpose, row)])}"
