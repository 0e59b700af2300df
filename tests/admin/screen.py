"""The admin as an editor uses it: open a form, change what is in it, press a button."""

from __future__ import annotations

from html import unescape
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse


class _Fields(HTMLParser):
    """Collects what a browser would send for the main form of a page, apart from files and buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.buttons: set[str] = set()
        self._in_form = False
        self._select: str | None = None
        self._textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._in_form = given.get("id") != "logout-form" and given.get("method") == "post"
        if not self._in_form:
            return
        name = given.get("name") or ""
        if tag == "input" and given.get("type") == "submit":
            self.buttons.add(name)
        elif tag == "input" and name and given.get("type") != "file":
            is_box = given.get("type") in ("checkbox", "radio")
            if not is_box or "checked" in given:
                self._add(name, given.get("value") or ("on" if is_box else ""))
        elif tag == "textarea":
            self._textarea = name
            self._add(name, "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self._add(self._select, given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in_form = False
        if tag == "select":
            self._select = None
        if tag == "textarea":
            self._textarea = None

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.values[self._textarea][-1] += data.removeprefix("\n")

    def _add(self, name: str, value: str) -> None:
        self.values.setdefault(name, []).append(value)


class Form:
    """A form that an editor has open: `values` is what stands in it, `press()` sends it."""

    def __init__(self, client: Client, address: str, response: Any = None) -> None:
        self.client = client
        self.address = address
        self.response = response or client.get(address)
        assert self.response.status_code == 200, (self.response.status_code, address)
        self.text = unescape(self.response.content.decode())
        reader = _Fields()
        reader.feed(self.response.content.decode())
        self.values = reader.values
        self.buttons = reader.buttons

    def press(self, button: str = "_save", **changes: Any) -> Any:
        """Send the form with these changes; the answer, of which a returned form can be opened with `again`."""
        assert button in self.buttons, sorted(self.buttons)
        data = self.values | changes | {button: "1"}
        return self.client.post(
            self.address, {name: value for name, value in data.items() if value is not None}
        )

    def save(self, **changes: Any) -> None:
        """Send the form and expect that it is saved."""
        response = self.press(**changes)
        assert response.status_code == 302, problems_in(response)

    def again(self, response: Any) -> Form:
        """The form as it came back."""
        return Form(self.client, self.address, response)


def problems_in(response: Any) -> list[str]:
    """What the page that came back complains of."""
    context = response.context
    return [str(error) for error in context["errors"]] if context and "errors" in context else [str(response)]


def address(obj: Any, page: str = "change", *more: Any) -> str:
    """The admin's page of an object."""
    opts = obj._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[obj.pk, *more])


def change(client: Client, obj: Any) -> Form:
    """Open an object to change it."""
    return Form(client, address(obj))


def listing(model: Any, page: str = "changelist") -> str:
    """The admin's page of a model."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")
