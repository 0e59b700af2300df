"""A letter says the same in plain text and in HTML, and what a visitor typed cannot change its shape."""

from __future__ import annotations

import pytest
from django.template import engines

from expoo_portal import letters
from expoo_portal.outbox import OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(monkeypatch: pytest.MonkeyPatch) -> None:
    source = (
        '{% extends "mail/letter.txt" %}{% load letters %}{% block subject %}Over {{ title }}{% endblock %}'
        "{% block content %}Eerste zin.\nTweede zin.\n\nhttps://portaal.example.org/weg/\n\n"
        "- punt een\n- {{ title }}\n\n{% letter_link address %}Lees over {{ title }}{% endletter_link %}{% endblock %}"
    )
    template = engines["django"].from_string(source)
    real = letters.render_to_string
    monkeypatch.setattr(
        letters,
        "render_to_string",
        lambda name, context: template.render(context) if name == "mail/proef.txt" else real(name, context),
    )


def sent(**context: str) -> OutgoingMail:
    given = {"name": "", "title": "Soep", "address": "https://portaal.example.org/soep/"} | context
    letters.send_letter("an@example.org", "proef", given, is_secret=True)
    return OutgoingMail.objects.get()


@pytest.mark.usefixtures("letter")
def test_a_letter_is_readable_as_text_and_as_html() -> None:
    mail = sent(name="An")
    assert mail.subject == "Over Soep"
    assert mail.text.startswith("Dag An,\n\nEerste zin.\nTweede zin.\n\nhttps://portaal.example.org/weg/\n")
    assert "Hartelijke groet" in mail.text
    assert "Eerste zin.<br>Tweede zin." in mail.html
    assert '<a href="https://portaal.example.org/weg/">' in mail.html
    assert mail.html.count("<li>") == 2
    assert "\n\nhttps://portaal.example.org/soep/\n\n" in mail.text
    assert '<a href="https://portaal.example.org/soep/"><b>Lees over Soep</b></a>' in mail.html
    assert "Lees over" not in mail.text
    assert mail.is_secret


@pytest.mark.usefixtures("letter")
def test_what_was_typed_is_escaped_and_stays_on_its_line() -> None:
    mail = sent(title="Soep\nBcc: x@example.org <b>&")
    assert mail.subject == "Over Soep Bcc: x@example.org <b>&"
    assert "&lt;b&gt;&amp;" in mail.html
    assert "<b>&" not in mail.html
    assert "<b>Lees over Soep Bcc: x@example.org &lt;b&gt;&amp;</b>" in mail.html
