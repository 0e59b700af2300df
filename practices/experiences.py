"""The life of a note of somebody who adapted a practice: kept, confirmed by mail, approved or not, tidied up."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from expoo_portal.letters import send_letter

from .models import Experience, ExperienceSender, ExperienceState, Practice
from .private_links import is_signature, sign

# How long a note waits for its sender to confirm it; then it is wiped.
CONFIRM_WITHIN = timedelta(days=30)
# How long an address is kept, and a note that was not taken up.
FORGET_AFTER = timedelta(days=365)
# The same form sent again within this time is a double click and brings no second mail.
_DOUBLE_CLICK = timedelta(minutes=1)
_UUID_LENGTH = 32
TEXTS = ("place", "author", "context", "changed", "learned")


class Sent(NamedTuple):
    """A note with its sender's address."""

    experience: Experience
    email: str


def token_of(sent: Sent) -> str:
    """What stands in the address of the page where the sender confirms; it goes with this e-mail address."""
    return sent.experience.uuid.hex + sign("experience", sent.experience.uuid, sent.email)


def find(token: str) -> Sent | None:
    """The note of this token; None for anything else, and once the address is forgotten."""
    try:
        key = uuid.UUID(hex=token[:_UUID_LENGTH])
    except ValueError:
        return None
    experience = Experience.objects.unrestricted().select_related("practice").filter(uuid=key).first()
    sender = _sender_of(experience) if experience and token[:_UUID_LENGTH] == key.hex else None
    if experience is None or sender is None:
        return None
    is_right = is_signature(token[_UUID_LENGTH:], "experience", key, sender.email)
    return Sent(experience, sender.email) if is_right else None


def _sender_of(experience: Experience) -> ExperienceSender | None:
    return ExperienceSender.objects.unrestricted().filter(experience=experience).first()


def keep(practice: Practice, start_key: uuid.UUID, texts: Mapping[str, str], email: str) -> None:
    """Keep a note until its sender confirms it, and mail the link for that.

    The same form sent again (a double click, a corrected address) changes that note as long as it is not
    confirmed; a link to a former address then leads nowhere.
    """
    with transaction.atomic():
        notes = Experience.objects.unrestricted().select_for_update(of=("self",))
        experience, is_new = notes.get_or_create(
            start_key=start_key, defaults={"practice": practice, **texts}
        )
        sender = _sender_of(experience) or ExperienceSender(experience=experience)
        if not is_new:
            if experience.state != ExperienceState.UNCONFIRMED or experience.practice_id != practice.pk:
                return
            is_same = sender.email == email and all(
                getattr(experience, name) == texts[name] for name in TEXTS
            )
            if is_same and experience.updated > timezone.now() - _DOUBLE_CLICK:
                return
            for name in TEXTS:
                setattr(experience, name, texts[name])
            experience.save()
        sender.email = email
        sender.save()
        address = reverse("confirm_experience", args=[token_of(Sent(experience, email))])
        context = {"practice": practice, "link": f"{settings.SITE_URL}{address}", "days": CONFIRM_WITHIN.days}
        send_letter(email, "practices/experience-confirm", context, is_secret=True)


def is_expired(experience: Experience) -> bool:
    """Whether the sender waited too long to confirm it."""
    waits = experience.state == ExperienceState.UNCONFIRMED
    return waits and experience.created <= timezone.now() - CONFIRM_WITHIN


def confirm(experience: Experience) -> None:
    """Give a note to the editors, once; nothing happens when it is there already or expired."""
    with transaction.atomic():
        rows = Experience.objects.unrestricted().select_for_update(of=("self",))
        locked = rows.filter(pk=experience.pk, state=ExperienceState.UNCONFIRMED).first()
        if locked and not is_expired(locked):
            locked.state = ExperienceState.SUBMITTED
            locked.confirmed_at = timezone.now()
            locked.save(update_fields=["state", "confirmed_at", "updated"])


def approve(experience: Experience, user: Any) -> None:
    """Show a note with its practice and tell its sender; in the caller's transaction."""
    experience.state = ExperienceState.APPROVED
    experience.approved_at, experience.approved_by = timezone.now(), user
    experience.reason = ""
    experience.save()
    _tell(experience, "experience-published")


def decline(experience: Experience, reason: str) -> None:
    """Do not show a note (any more) and tell its sender why; in the caller's transaction."""
    experience.state = ExperienceState.DECLINED
    experience.approved_at = experience.approved_by = None
    experience.reason = reason
    experience.save()
    _tell(experience, "experience-declined")


def _tell(experience: Experience, name: str) -> None:
    """Write to the sender, unless the address is forgotten."""
    sender = _sender_of(experience)
    if sender is None:
        return
    practice = experience.practice
    context = {
        "practice": practice,
        "reason": experience.reason,
        "address": f"{settings.SITE_URL}{practice.get_absolute_url()}",
    }
    send_letter(sender.email, f"practices/{name}", context)


def tidy_up() -> None:
    """Wipe what nobody confirmed, and after a year the addresses and what was not taken up."""
    now = timezone.now()
    notes = Experience.objects.unrestricted()
    notes.filter(state=ExperienceState.UNCONFIRMED, created__lte=now - CONFIRM_WITHIN).delete()
    notes.filter(state=ExperienceState.DECLINED, updated__lte=now - FORGET_AFTER).delete()
    ExperienceSender.objects.unrestricted().filter(created__lte=now - FORGET_AFTER).delete()
