"""Mail goes into the outbox first and leaves through the job queue.

`OutboxBackend` writes each mail as a row and defers the job that sends it, both through Django's connection:
in a transaction they are kept together or not at all. `deliver` sends one row through the real transport.

A mail is sent once: the row stays locked while it is sent, so a second worker passes it by, and its state is
checked under that lock. One window remains: when the process is killed after the mail server accepted the
mail and before our commit, which is all that is left to do then, the mail goes out again. That is chosen: a code
that comes twice is better than one that never comes. Both copies carry the same Message-ID, so most mail programs
show one.
"""

from __future__ import annotations

import contextlib
import smtplib
from collections.abc import Callable, Sequence
from email.utils import make_msgid, parseaddr
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.db import transaction
from procrastinate.contrib.django import app

from .outbox import MailState, OutgoingMail

SEND_TASK = "send_mail"
# The priority of a job that goes before others.
SOONER = 10
# Set by whoever sends a code or a link that lets somebody in; taken off before the mail leaves.
SECRET_HEADER = "X-Portal-Secret"  # noqa: S105 - a header's name
# "<name>:<value>": what is asked again at the moment of sending, see `register_guard`; taken off likewise.
GUARD_HEADER = "X-Portal-Guard"
# Seconds until the next try after each failed one: 8 tries in 22 hours.
RETRY_AFTER = (60, 5 * 60, 15 * 60, 3600, 3 * 3600, 6 * 3600, 12 * 3600)
_MAX_SUBJECT = OutgoingMail._meta.get_field("subject").max_length


class MailRefused(ValueError):
    """A mail that the outbox does not take: an attachment, a hidden recipient, a malformed header."""


class MailNotSent(Exception):
    """The transport failed and the mail is to be tried again, `retry_in` seconds from now."""

    def __init__(self, reason: str, retry_in: int) -> None:
        super().__init__(reason)
        self.retry_in = retry_in


Guard = Callable[[str], bool]

_guards: dict[str, Guard] = {}


def register_guard(name: str, guard: Guard) -> None:
    """Let an app say, when a mail is about to leave, whether its reader may still have it.

    The mail carries `GUARD_HEADER: <name>:<value>`; the guard gets the value. Called once, from the app's `ready()`.
    """
    _guards[name] = guard


def _may_leave(mail: OutgoingMail) -> bool:
    """Whether what was true when this mail was written still is; a guard that nobody knows lets nothing out."""
    if not mail.guard:
        return True
    name, _, value = mail.guard.partition(":")
    return name in _guards and _guards[name](value)


class OutboxBackend(BaseEmailBackend):
    """Writes mails into the outbox, in the caller's transaction."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue all of these mails, or none; MailRefused when one of them cannot be taken."""
        mails = [_as_row(message) for message in email_messages if message.recipients()]
        with transaction.atomic():
            for mail in mails:
                mail.save()
                queue(mail)
        return len(mails)


def queue(mail: OutgoingMail) -> None:
    """Defer the job that sends this mail, in the current transaction; AlreadyEnqueued when one is waiting.

    A code or a link that somebody waits for leaves before what was there earlier, such as two hundred digests.
    """
    lock = f"{SEND_TASK}:{mail.pk}"
    priority = SOONER if mail.is_secret else 0
    app.configure_task(SEND_TASK, queueing_lock=lock, priority=priority).defer(mail_id=mail.pk)


def deliver(mail_id: int) -> None:
    """Send one mail through the real transport, unless it is sent already or another worker is at it.

    MailNotSent when the transport failed and another try is due. After the last try, or when the mail server
    refuses the recipient for good, the mail is marked as failed; when its guard says no, it is withdrawn and wiped.
    """
    failure: Exception | None = None
    with contextlib.ExitStack() as afterwards, transaction.atomic():
        waiting = OutgoingMail.objects.select_for_update(skip_locked=True)
        mail = waiting.filter(pk=mail_id, state=MailState.QUEUED).first()
        if mail is None:
            return
        try:
            if not _may_leave(mail):
                mail.finish(MailState.WITHDRAWN)
                mail.wipe()
                mail.save()
                return
            server = transport()
            message = _message(mail, server)
            server.open()
            afterwards.callback(_say_goodbye, server)
            with transaction.atomic():
                # First, so that between the mail server's yes and ours stands nothing but the commit.
                mail.attempts += 1
                mail.last_error = ""
                mail.finish(MailState.SENT)
                mail.save()
                message.send()
        except Exception as error:
            # Whatever went wrong counts as a try, or a mail that cannot be built would be tried for ever.
            failure = error
            mail.refresh_from_db()
            mail.attempts += 1
            mail.last_error = f"{type(error).__name__}: {error}"[:500]
            if _is_final(error) or mail.attempts > len(RETRY_AFTER):
                mail.finish(MailState.FAILED)
            mail.save()
    if failure and mail.state == MailState.QUEUED:
        raise MailNotSent(mail.last_error, RETRY_AFTER[mail.attempts - 1]) from failure


def _say_goodbye(server: BaseEmailBackend) -> None:
    """Close the connection to the mail server; how it takes that changes nothing about the mail."""
    with contextlib.suppress(OSError, smtplib.SMTPException):
        server.close()


def transport() -> BaseEmailBackend:
    """The backend that really sends, as `settings.MAIL_TRANSPORT` (EMAIL_URL, parsed) says."""
    config: dict[str, Any] = settings.MAIL_TRANSPORT
    backend = config["EMAIL_BACKEND"]
    if backend.endswith("filebased.EmailBackend"):
        return get_connection(backend, file_path=config["EMAIL_FILE_PATH"])
    return get_connection(
        backend,
        host=config.get("EMAIL_HOST"),
        port=config.get("EMAIL_PORT"),
        username=config.get("EMAIL_HOST_USER"),
        password=config.get("EMAIL_HOST_PASSWORD"),
        use_tls=config.get("EMAIL_USE_TLS", False),
        use_ssl=config.get("EMAIL_USE_SSL", False),
    )


def _as_row(message: EmailMessage) -> OutgoingMail:
    if message.attachments:
        raise MailRefused("the outbox takes no attachments: link to the file in the portal instead")
    if message.cc or message.bcc:
        raise MailRefused("the outbox takes no cc or bcc: send one mail per person")
    headers = {str(name): str(value) for name, value in message.extra_headers.items()}
    is_secret = headers.pop(SECRET_HEADER, "") != ""
    guard = headers.pop(GUARD_HEADER, "")
    if message.reply_to:
        headers["Reply-To"] = ", ".join(map(str, message.reply_to))
    sender = parseaddr(message.from_email)[1]
    headers.setdefault("Message-ID", make_msgid(domain=sender.rpartition("@")[2] or "localhost"))
    _check_line(message.subject, message.from_email, *headers, *headers.values())
    for address in message.to:
        try:
            validate_email(address)
        except ValidationError as error:
            raise MailRefused(f"not a plain e-mail address: {address!r}") from error
    text, html = _bodies(message)
    return OutgoingMail(
        to=list(message.to),
        from_email=message.from_email,
        subject=str(message.subject)[:_MAX_SUBJECT],
        text=text,
        html=html,
        headers=headers,
        is_secret=is_secret,
        guard=guard,
    )


def _check_line(*values: Any) -> None:
    """MailRefused when a value holds a line break, with which somebody could add headers of their own."""
    for value in values:
        if any(character in str(value) for character in "\r\n\x00"):
            raise MailRefused(f"a line break in a header: {value!r}")


def _bodies(message: EmailMessage) -> tuple[str, str]:
    """The plain text and the HTML of a mail."""
    body = str(message.body).replace("\x00", "")
    if message.content_subtype == "html":
        return "", body
    html = ""
    for content, mimetype in getattr(message, "alternatives", []):
        if mimetype != "text/html":
            raise MailRefused(f"the outbox takes plain text and HTML, not {mimetype}")
        html = str(content).replace("\x00", "")
    return body, html


def _message(mail: OutgoingMail, server: BaseEmailBackend) -> EmailMessage:
    message = EmailMultiAlternatives(
        mail.subject, mail.text, mail.from_email, mail.to, connection=server, headers=mail.headers
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _is_final(error: Exception) -> bool:
    """Whether the mail server refused each recipient for good (5xx), so that trying again makes no sense."""
    return isinstance(error, smtplib.SMTPRecipientsRefused) and all(
        code >= 500 for code, _reason in error.recipients.values()
    )
