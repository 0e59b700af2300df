"""Letters: mails that the portal writes, in plain text and in HTML that is made from the same text.

A letter is one template, `templates/mail/<name>.txt`: what comes before its first empty line is the subject. In the
HTML each paragraph becomes a paragraph, and a line that is only an address a link that can be tapped. What that link
says, the template tells: `{% letter_link address %}Lees het gesprek{% endletter_link %}`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from .mail import GUARD_HEADER, SECRET_HEADER

_ADDRESS = re.compile(r"https?://\S+\Z")

# Where the tag `letter_link` leaves, in the context of a letter, what the link to each address says. Not in the text:
# there somebody's own words could pass for such a link.
LINK_LABELS = "letter_link_labels"


def _paragraphs(text: str, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """The text in parts for the HTML template: an address, a list of points, or lines of a paragraph."""
    parts: list[dict[str, Any]] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        if len(lines) == 1 and _ADDRESS.match(lines[0]):
            parts.append({"address": lines[0], "label": labels.get(lines[0], lines[0])})
        elif lines and all(line.startswith("- ") for line in lines):
            parts.append({"points": [line[2:] for line in lines]})
        elif lines:
            parts.append({"lines": lines})
    return parts


class Letter(NamedTuple):
    """What stands in a letter."""

    subject: str
    text: str


def write_letter(name: str, context: dict[str, Any]) -> Letter:
    """The letter with this context: to send, or to show before it is sent."""
    return _write(name, context)[0]


def _write(name: str, context: dict[str, Any]) -> tuple[Letter, dict[str, str]]:
    """The letter, and what its links say by address."""
    labels: dict[str, str] = {}
    whole = render_to_string(f"mail/{name}.txt", {**context, LINK_LABELS: labels})
    subject, _, text = whole.strip().partition("\n\n")
    # What a visitor typed may stand in it, with a line break.
    return Letter(" ".join(subject.split()), text.strip() + "\n"), labels


def send_letter(
    to: str,
    name: str,
    context: dict[str, Any],
    *,
    is_secret: bool = False,
    reply_to: str = "",
    guard: str = "",
    headers: Mapping[str, str] | None = None,
) -> None:
    """Put a letter in the outbox, in the caller's transaction.

    `is_secret`: its text is wiped once it left, because it holds a link or code that lets somebody in, or what
    somebody wrote to one person. `reply_to`: the address to which an answer goes. `guard`: what must still hold when it
    leaves, see `mail.register_guard`. `headers`: others, such as those of a list.
    """
    (subject, text), labels = _write(name, context)
    html = render_to_string("mail/letter.html", {"subject": subject, "parts": _paragraphs(text, labels)})
    own = {**({SECRET_HEADER: "1"} if is_secret else {}), **({GUARD_HEADER: guard} if guard else {})}
    answers = [reply_to] if reply_to else []
    message = EmailMultiAlternatives(
        subject, text, to=[to], reply_to=answers, headers={**(headers or {}), **own}
    )
    message.attach_alternative(html, "text/html")
    message.send()
