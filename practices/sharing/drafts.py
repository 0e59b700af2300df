"""What the holder of a private link does with a draft: begin it, fill it in, add to it, throw it away."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from expoo_portal.files import Attachment
from expoo_portal.letters import send_letter
from practices.content import missing
from practices.dossiers import TransitionRefused, advance, letter_context
from practices.models import (
    Dossier,
    DossierFile,
    DossierImage,
    DossierStep,
    Facet,
    PracticeFile,
    PracticeImage,
)
from practices.private_links import find, is_signature, link_to, sign
from practices.workflow import SENDER_WRITES, Actor, State, Verb

from .forms import StepForm, facets_now, labels_of
from .parts import MAX_BYTES, Typed, base_after, base_of, merge, put, refuse, shown, size_of
from .steps import STEPS, Step, step_of

MAX_IMAGES = 6
MAX_FILES = 5
_CONFIRM = "confirm-email"
TOO_MUCH = (
    f"Samen is dit meer tekst dan we kunnen bewaren (hoogstens {MAX_BYTES // 1000} kB). "
    "Kort een tekst in, of voeg het als bestand toe. Wat je nu typte, is nog niet bewaard."
)


class NotWritable(Exception):
    """The dossier is with the editors, so that its sender cannot change it now; holds what was typed, if anything."""

    def __init__(self, typed: Saved | None = None) -> None:
        super().__init__()
        self.typed = typed


# Beginning ----------------------------------------------------------------------------------------------------


def begin(email: str, sender_name: str, name: str, start_key: uuid.UUID) -> Dossier:
    """Start a dossier and mail its link, or find the one that this very form started before."""
    try:
        with transaction.atomic():
            dossier = Dossier.objects.create(
                email=email, sender_name=sender_name, content={"name": name}, start_key=start_key
            )
            _send(dossier, "begun")
            return dossier
    except IntegrityError:
        dossier = Dossier.objects.unrestricted().get(start_key=start_key)
    # Sent once more after going back, to put the address right.
    return change_email(dossier, email) if may_change_email(dossier) else dossier


def _send(dossier: Dossier, letter: str) -> None:
    """Mail a letter with the private link and the one that confirms the address."""
    confirm = link_to(dossier, "share_confirm", signature=confirmation_of(dossier))
    context = letter_context(dossier) | {"confirm_link": confirm}
    send_letter(dossier.email, f"practices/{letter}", context, is_secret=True)


def send_lost_links(email: str) -> None:
    """Mail the links of all dossiers of this address; without any, mail nothing."""
    dossiers = Dossier.objects.unrestricted().filter(email__iexact=email).order_by("-updated")[:20]
    rows = [
        {"title": dossier.title, "state": dossier.get_state_display(), "link": link_to(dossier)}
        for dossier in dossiers
    ]
    if rows:
        send_letter(email, "practices/lost_links", {"name": "", "rows": rows}, is_secret=True)


# The e-mail address -------------------------------------------------------------------------------------------


def confirmation_of(dossier: Dossier) -> str:
    """The signature in the mailed link; another address has another one."""
    return sign(_CONFIRM, dossier.uuid, dossier.email)


def is_confirmation(dossier: Dossier, signature: str) -> bool:
    """Whether this signature came from a mail to the address of today."""
    return is_signature(signature, _CONFIRM, dossier.uuid, dossier.email)


def confirm_email(token: str, signature: str) -> Dossier | None:
    """Take the address as confirmed, and send the practice in when that was waiting for it; None for a dead link.

    Raises TransitionRefused, with the address confirmed, when something misses by now.
    """
    with transaction.atomic():
        dossier = find(token, lock=True)
        if dossier is None or not is_confirmation(dossier, signature):
            return None
        if dossier.email_confirmed_at is None:
            dossier.email_confirmed_at = timezone.now()
            dossier.save(update_fields=["email_confirmed_at"])
    if dossier.submit_when_confirmed and dossier.state in SENDER_WRITES:
        return advance(dossier, Verb.SUBMIT, Actor.SENDER)
    return dossier


def send_confirmation(dossier: Dossier) -> None:
    """Mail the link that confirms the address once more."""
    with transaction.atomic():
        _send(dossier, "confirm_email")


def may_change_email(dossier: Dossier) -> bool:
    """Whether the sender can still give another address: as long as the draft is theirs."""
    return dossier.state == State.CONCEPT


def change_email(dossier: Dossier, email: str) -> Dossier:
    """Give a draft another address, which has to be confirmed anew.

    Links that went to an address that nobody ever confirmed stop working: it may be a stranger's.
    """
    with transaction.atomic():
        locked = Dossier.objects.unrestricted().select_for_update().get(pk=dossier.pk)
        if locked.email == email or not may_change_email(locked):
            return locked
        if locked.email_confirmed_at is None:
            locked.link_number += 1
        locked.email, locked.email_confirmed_at = email, None
        locked.save(update_fields=["email", "email_confirmed_at", "link_number", "updated"])
        _send(locked, "begun")
        return locked


# Filling in ---------------------------------------------------------------------------------------------------


@dataclass
class Saved:
    """What became of what was typed in a step."""

    dossier: Dossier
    form: StepForm
    # What the page is based on from now on.
    base: str
    # Label of what was changed elsewhere too -> what stands there; not overwritten.
    conflicts: dict[str, str] = field(default_factory=dict)
    problem: str = ""


def opened(dossier: Dossier, step: Step) -> Saved:
    """A step as it stands."""
    form = form_for(dossier, step)
    return Saved(dossier, form, base_of(dossier.content, form.parts))


@dataclass(frozen=True)
class PageKey:
    """Which open page sent this, and the how manieth time: its own texts never conflict with each other."""

    key: str
    number: int

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> PageKey:
        """As the hidden fields of the form say."""
        key, number = str(data.get("page", ""))[:40], str(data.get("number", ""))
        key = key if key.replace("-", "").replace("_", "").isalnum() else ""
        return cls(key, int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0)

    def wrote(self, mark: str) -> int | None:
        """The number of this page's own mark ("key:number"); None for the mark of another page, or none."""
        key, _, number = mark.rpartition(":")
        return int(number) if key and key == self.key else None


def form_for(dossier: Dossier, step: Step, data: MultiValueDict | None = None) -> StepForm:
    """The form of a step, filled with what is stored or with this."""
    return StepForm(step, facets_now(), dossier.content, kept=_to_keep(dossier), data=data)


def _to_keep(dossier: Dossier) -> dict[str, list[tuple[str, str]]]:
    """The pictures and files of the practice in the catalogue, to keep or to take away."""
    found = published_attachments(dossier)
    return {
        part: [(str(row.uuid), getattr(row, "alt", "") or row.name) for row in rows]
        for part, rows in found.items()
    }


def save_step(token: str, step: Step, data: MultiValueDict) -> Saved | None:
    """Keep what was typed in a step, as far as it goes; None when the link is none.

    Raises NotWritable, with nothing kept. Does not look at what misses: half a step is a step.
    """
    page = PageKey.of(data)
    with transaction.atomic():
        dossier = find(token, lock=True)
        if dossier is None:
            return None
        form = form_for(dossier, step, data)
        typed, base = form.typed(), str(data.get("base", ""))
        saved = Saved(dossier, form, base)
        if dossier.state not in SENDER_WRITES:
            raise NotWritable(saved)
        own = {
            part: number
            for part in typed
            if (number := page.wrote(_saved_by(dossier).get(part, ""))) is not None
        }
        changed, conflicts = merge(dossier.content, typed, base, own)
        # Overtaken by what the same page sent later.
        changed = {part: one for part, one in changed.items() if own.get(part, 0) <= page.number}
        content = _with(dossier.content, changed, form)
        if changed and page.key:
            marks = dict.fromkeys(changed, f"{page.key}:{page.number}")
            content["saved_by"] = _saved_by(dossier) | marks
        if size_of(content) > MAX_BYTES:
            saved.problem = TOO_MUCH
            return saved
        if changed:
            dossier.content = content
            dossier.save(update_fields=["content", "updated"])
        saved.base = base_after(content, typed, conflicts)
        names = labels_of(form, conflicts)
        saved.conflicts = dict(
            zip(names, (_in_words(dossier, form, part) for part in conflicts), strict=True)
        )
        return saved


def marks_of(dossier: Dossier) -> str:
    """Which pages wrote what is stored, and at the how manieth time: so a browser knows what arrived."""
    return " ".join(dict.fromkeys(_saved_by(dossier).values()))


def _saved_by(dossier: Dossier) -> dict[str, str]:
    return dossier.content.get("saved_by") or {}


def _with(content: Mapping[str, Any], changed: Mapping[str, Typed], form: StepForm) -> dict[str, Any]:
    """The content with what was changed; what cannot be used is kept beside it."""
    made = deepcopy(dict(content))
    for part, typed in changed.items():
        if form.refuses(part):
            refuse(made, part, typed)
        else:
            put(made, part, typed)
    return made


def _in_words(dossier: Dossier, form: StepForm, part: str) -> str:
    """What is stored of a part, to read."""
    stored = shown(dossier.content, part)
    if isinstance(stored, str):
        return stored
    labels = dict(getattr(form.fields.get(part), "choices", ()))
    return ", ".join(str(labels.get(one, one)) if isinstance(one, str) else " – ".join(one) for one in stored)


def what_misses(dossier: Dossier) -> dict[int, list[str]]:
    """What still has to be filled in or put right, per step."""
    labels = dict(Facet.objects.values_list("slug", "label"))
    found: dict[int, list[str]] = {}
    for name, sentence in missing(dossier.content, labels).items():
        found.setdefault(step_of(name).number, []).append(sentence)
    refused = set(dossier.content.get("refused") or ())
    if refused:
        for step in STEPS:
            if refused & set(step.parts):
                found.setdefault(step.number, []).append("Hier klopt een antwoord nog niet.")
    return found


def send_in(dossier: Dossier, seen_step: int | None) -> Dossier:
    """Send a complete practice to the editors; before the address is confirmed, as soon as it is.

    Raises TransitionRefused.
    """
    if dossier.state in SENDER_WRITES and what_misses(dossier):
        raise TransitionRefused("Er ontbreekt nog iets. Hieronder staat per stap wat.")
    if dossier.email_confirmed_at is None and dossier.state in SENDER_WRITES:
        Dossier.objects.unrestricted().filter(pk=dossier.pk).update(submit_when_confirmed=True)
        dossier.submit_when_confirmed = True
        return dossier
    return advance(dossier, Verb.SUBMIT, Actor.SENDER, seen_step=seen_step)


# Pictures and files -------------------------------------------------------------------------------------------


def added_attachments(dossier: Dossier) -> dict[str, list[Any]]:
    """What the sender added: pictures and files."""
    return {
        "images": list(DossierImage.objects.unrestricted().filter(dossier=dossier)),
        "files": list(DossierFile.objects.unrestricted().filter(dossier=dossier)),
    }


def published_attachments(dossier: Dossier) -> dict[str, list[Any]]:
    """What the practice in the catalogue has already, by the part in which it can be kept."""
    if dossier.practice_id is None:
        return {"kept_images": [], "kept_files": []}
    return {
        "kept_images": list(PracticeImage.objects.unrestricted().filter(practice=dossier.practice_id)),
        "kept_files": list(PracticeFile.objects.unrestricted().filter(practice=dossier.practice_id)),
    }


def find_attachment(dossier: Dossier, key: uuid.UUID) -> Attachment | None:
    """A picture or file that the holder of this dossier's link may see."""
    found = [*added_attachments(dossier).values(), *published_attachments(dossier).values()]
    return next((row for rows in found for row in rows if row.uuid == key), None)


def attach(token: str, row: Any) -> None:
    """Add a picture or file, once: the same one sent again is the same one. Raises ValidationError, NotWritable."""
    row.full_clean(exclude=["dossier"], validate_constraints=False)
    with transaction.atomic():
        dossier = find(token, lock=True)
        if dossier is None or dossier.state not in SENDER_WRITES:
            raise NotWritable
        added, published = added_attachments(dossier), published_attachments(dossier)
        kind, most, word = (
            ("images", MAX_IMAGES, "beelden")
            if isinstance(row, DossierImage)
            else ("files", MAX_FILES, "bestanden")
        )
        if any((one.name, one.size) == (row.name, row.size) for one in added[kind]):
            return
        kept = set(dossier.content.get(f"kept_{kind}") or ())
        count = len(added[kind]) + sum(str(one.uuid) in kept for one in published[f"kept_{kind}"])
        if count >= most:
            raise ValidationError({"file": f"Er staan al {most} {word} bij. Haal er eerst een weg."})
        row.dossier = dossier
        row.save()
        dossier.save(update_fields=["updated"])


def remove_attachment(token: str, key: uuid.UUID) -> bool:
    """Take away what the sender added; False when it is not there. Raises NotWritable."""
    with transaction.atomic():
        dossier = find(token, lock=True)
        if dossier is None:
            return False
        if dossier.state not in SENDER_WRITES:
            raise NotWritable
        rows = [row for rows in added_attachments(dossier).values() for row in rows if row.uuid == key]
        for row in rows:
            row.delete()
        dossier.save(update_fields=["updated"])
        return bool(rows)


# The end of a draft -------------------------------------------------------------------------------------------


def may_discard(dossier: Dossier) -> bool:
    """Whether this was never anything but a draft."""
    return dossier.state == State.CONCEPT and dossier.step_count == 0 and dossier.practice_id is None


def discard(token: str) -> bool:
    """Delete a draft that the editors never saw, with its files; False when it is none."""
    with transaction.atomic():
        dossier = find(token, lock=True)
        if dossier is None or not may_discard(dossier):
            return False
        dossier.delete()
        return True


def steps_taken(dossier: Dossier) -> list[DossierStep]:
    """The history, latest first."""
    return list(DossierStep.objects.unrestricted().filter(dossier=dossier).order_by("-number"))
