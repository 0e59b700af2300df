"""An editor's desk: the addresses of a dossier in the admin, and its row as it is stored."""

from __future__ import annotations

from html import unescape
from typing import Any

from django.test import Client
from django.urls import reverse

from expoo_portal.admin.concurrency import stamp
from expoo_portal.outbox import OutgoingMail
from practices.models import Dossier
from practices.workflow import Verb

QUEUE = "/beheer/practices/dossier/"
EVERY_POINT = [str(number) for number in range(1, 9)]


def page(dossier: Dossier, name: str | Verb = "change") -> str:
    """An address of this dossier; a step by its verb."""
    return reverse(f"admin:practices_dossier_{name}", args=[dossier.pk])


def read(client: Client, address: str, status: int = 200) -> str:
    """The text of a page."""
    response = client.get(address)
    assert response.status_code == status, (response.status_code, address)
    return unescape(response.content.decode())


def take(client: Client, dossier: Dossier, verb: Verb, **data: Any) -> Any:
    """Send the form of a step, of a page that knew the state as it is here and the text as it is now."""
    known = {"seen_step": dossier.step_count}
    if verb is Verb.PUBLISH:
        known["seen_version"] = stamp(stored(dossier).updated)
    return client.post(page(dossier, verb.value), {**known, **data})


def stored(dossier: Dossier) -> Dossier:
    """The row as it stands now."""
    return Dossier.objects.unrestricted().get(pk=dossier.pk)


def mail_to(dossier: Dossier) -> OutgoingMail:
    """The newest mail to the sender."""
    mail = OutgoingMail.objects.filter(to=[dossier.email]).first()
    assert mail is not None
    return mail


def said(response: Any) -> str:
    """The messages that the next page shows."""
    return " ".join(str(message) for message in response.wsgi_request._messages)
