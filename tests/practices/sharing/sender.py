"""Somebody who shares a practice: opens pages, fills in the form as it stands there, presses a button."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

from django.core import mail
from django.test import Client

from practices.models import Dossier
from practices.private_links import token_of

START = "/praktijken/delen/"


class _Fields(HTMLParser):
    """What a browser would send for the form with this id (or for the first that is posted), apart from files."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self._id = form_id
        self._is_inside = False
        self._select = self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "form":
            self._is_inside = given.get("id") == self._id if self._id else given.get("method") == "post"
        if not self._is_inside:
            return
        if tag == "input" and name and given.get("type") not in ("file", "submit"):
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                self.values.setdefault(name, []).append(given.get("value") or "")
        elif tag == "textarea":
            self._textarea = name
            self.values.setdefault(name, []).append("")
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self.values.setdefault(self._select, []).append(given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False
        if tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.values[self._textarea][-1] += data.removeprefix("\n")


def fields(response: Any, form_id: str = "stap") -> dict[str, Any]:
    """The fields of a form with what stands in them."""
    parser = _Fields(form_id)
    parser.feed(response.content.decode())
    return dict(parser.values)


def text(response: Any) -> str:
    """The words of a page."""
    body = re.sub(r"(?s)<(script|style|head).*?</\1>", " ", response.content.decode())
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


class Sender:
    """A browser, and the dossier that it began or that it was mailed the link of."""

    def __init__(self, dossier: Dossier | None = None, client: Client | None = None) -> None:
        self.client = client or Client(enforce_csrf_checks=True)
        self.token = token_of(dossier) if dossier else ""

    def begin(self, **data: str) -> Any:
        """Fill in the start page and press the button."""
        page = fields(self.client.get(START), "")
        sent = {"email": "an@example.org", "name": "Soep op de stoep"} | data
        response = self.client.post(START, page | sent)
        if response.status_code == 302:
            self.token = response.headers["Location"].split("/")[3]
        return response

    def address(self, rest: str = "") -> str:
        """An address behind the private link."""
        return f"{START}{self.token}/{rest}"

    def get(self, rest: str = "", **options: Any) -> Any:
        return self.client.get(self.address(rest), **options)

    def post(self, rest: str, data: Any = None) -> Any:
        return self.client.post(self.address(rest), data or {})

    def open(self, number: int) -> dict[str, Any]:
        """The fields of a step, as this browser shows them."""
        response = self.get(f"stap/{number}/")
        assert response.status_code == 200
        return fields(response)

    def fill(self, number: int, press: str = "", /, page: dict[str, Any] | None = None, **typed: Any) -> Any:
        """Type in a step (in a page that was opened before, or in a new one) and press a button."""
        shown = page if page is not None else self.open(number)
        sent = {name.replace("__", "-"): value for name, value in typed.items()}
        return self.post(f"stap/{number}/", shown | sent | {"naar": press or str(number + 1)})

    @property
    def dossier(self) -> Dossier:
        """The row as it is stored now."""
        return Dossier.objects.unrestricted().get(uuid=self.token[:32])


def links_in_mail(number: int = -1) -> list[str]:
    """The paths of the links of a mail, the last one unless told otherwise."""
    found = re.findall(r"https?://[^/\s]+(/\S+)", str(mail.outbox[number].body))
    return list(dict.fromkeys(found))
