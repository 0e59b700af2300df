"""The canary of the network: a word nobody else has in every text, file name and file of a group, and who may read it.

Beside `canary`, which does this for all that is published by state: here it is the role that decides.
"""

from __future__ import annotations

import io
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from expoo_portal.files import Attachment
from expoo_portal.richtext import RichTextField
from expoo_portal.search.words import rebuild_words
from network import mailing, private_links
from network.models import (
    Draft,
    Group,
    HouseRules,
    Invitation,
    MemberPhoto,
    MemberProfile,
    Membership,
    MembershipRequest,
    Post,
    PostFile,
    PostReport,
    PostVersion,
    RequestState,
    StarterProposal,
    Thread,
)
from tests import factories
from tests.roles import INSIDERS, Role

from .canary import LIST, PUBLIC_ONLY, SITE_SEARCH, SUGGESTIONS, account_addresses
from .routes import ask, body, routes

EVERYBODY = frozenset(Role)
LEADING = frozenset({Role.FACILITATOR})
NOBODY: frozenset[Role] = frozenset()

# Who reads each of these on the site. What is written by its own hand only (drafts, messages) is read by nobody else.
READERS: dict[type[models.Model], frozenset[Role]] = {
    Group: EVERYBODY,
    HouseRules: EVERYBODY,
    MembershipRequest: LEADING,
    Invitation: LEADING,
    StarterProposal: LEADING,
    PostReport: LEADING,
    MemberProfile: INSIDERS,
    MemberPhoto: INSIDERS,
    Thread: INSIDERS,
    Post: INSIDERS,
    PostVersion: INSIDERS,
    PostFile: INSIDERS,
    Draft: NOBODY,
}
# Texts that hold no words of people.
WITHOUT_WORDS = {
    ("Group", "slug"): "an address, which the visitor has to know",
    ("StarterProposal", "period"): "the month that it was drafted for",
    ("Draft", "kind"): "one of the kinds of threads",
    ("Digest", "period"): "the day, the week or the post that a mail was about",
}
_WORD = re.compile(r"zv[bcdfghjkmnprstvw]{9}")
_LETTERS = "bcdfghjkmnprstvw"


@dataclass(frozen=True)
class Mark:
    """Where a word stands, and who may read it."""

    model: str
    name: str
    readers: frozenset[Role]


@dataclass
class Inside:
    """A group with a word of its own in everything."""

    group: Group
    marks: dict[str, Mark] = field(default_factory=dict)
    # By the name that an address gives it: a key.
    keys: dict[str, Any] = field(default_factory=dict)
    files: list[Attachment] = field(default_factory=list)
    writer: Membership | None = None
    practice: Any = None
    _draw: random.Random = field(default_factory=lambda: random.Random(2026))

    def word(self, model: str, name: str, readers: frozenset[Role]) -> str:
        """A new word, written down as standing there."""
        made = "zv" + "".join(self._draw.choice(_LETTERS) for _ in range(9))
        self.marks[made] = Mark(model, name, readers)
        return made

    def texts(self, model: type[models.Model], readers: frozenset[Role] | None = None) -> dict[str, str]:
        """A word for each text of this model."""
        found = {}
        for column in text_columns(model):
            if (model.__name__, column.name) in WITHOUT_WORDS:
                continue
            made = self.word(model.__name__, column.name, READERS[model] if readers is None else readers)
            if isinstance(column, RichTextField):
                made = f"<p>{made}</p>"
            elif isinstance(column, models.EmailField):
                made = f"{made}@example.org"
            found[column.name] = made
        return found

    def words_of(self, model: str, name: str = "") -> set[str]:
        """The words of this model, or of one field of it."""
        return {word for word, mark in self.marks.items() if mark.model == model and name in ("", mark.name)}


def text_columns(model: type[models.Model]) -> Iterator[models.Field]:
    """The fields of a model in which somebody writes."""
    for column in model._meta.concrete_fields:
        is_text = isinstance(column, models.CharField | models.TextField)
        if is_text and column.editable and not column.choices and not isinstance(column, models.FileField):
            yield column


def network_models() -> list[type[models.Model]]:
    return list(apps.get_app_config("network").get_models())


def photo(word: str, kind: str = "JPEG") -> bytes:
    """A picture that says more about its maker than they know."""
    exif = Image.Exif()
    exif[0x010E] = word
    exif[0x013B] = word
    stream = io.BytesIO()
    Image.new("RGB", (640, 480), (200, 90, 60)).save(stream, kind, exif=exif)
    return stream.getvalue()


def write(group: Group) -> Inside:
    """Fill a group that introduces itself."""
    inside = Inside(group)
    for name, text in inside.texts(Group).items():
        setattr(group, name, text)
    group.save()
    factories.house_rules(
        group=group, version=1, text=f"<p>{inside.word('HouseRules', 'before', NOBODY)}</p>"
    )
    factories.house_rules(group=group, version=2, **inside.texts(HouseRules))
    _write_people(inside)
    _write_discussion(inside)
    _write_queue(inside)
    rebuild_words()
    return inside


def _write_people(inside: Inside) -> None:
    name, email = inside.word("User", "name", INSIDERS), inside.word("User", "email", NOBODY)
    user = factories.user(name=name, email=f"{email}@example.org")
    inside.writer = factories.membership(group=inside.group, user=user)
    profile = factories.member_profile(user=user, **inside.texts(MemberProfile))
    _add_file(inside, MemberPhoto, {"profile": profile}, photo)
    shown = inside.word("User", "shown email", INSIDERS)
    open_user = factories.user(email=f"{shown}@example.org")
    inside.keys["member"] = factories.membership(group=inside.group, user=open_user).pk
    factories.member_profile(user=open_user, shows_email=True)


def _add_file(inside: Inside, model: Any, parent: dict[str, Any], make: Any, readers: Any = None) -> None:
    readers = READERS[model] if readers is None else readers
    is_photo = make is photo
    name = inside.word(model.__name__, "name", readers)
    # What a picture tells beside what it shows is taken out.
    within = inside.word(model.__name__, "exif" if is_photo else "file", NOBODY if is_photo else readers)
    content = ContentFile(make(within), name=f"{name}.{'jpg' if is_photo else 'txt'}")
    more = {}
    if hasattr(model, "alt") and is_photo:
        more["alt"] = inside.word(model.__name__, "alt", readers)
    made = model(file=content, **parent, **more)
    made.save()
    inside.files.append(made)


def _write_discussion(inside: Inside) -> None:
    """A question that waits, about a practice, with all that can hang on a post."""
    group, writer = inside.group, inside.writer
    assert writer is not None
    inside.practice = factories.practice()
    texts = inside.texts(Thread)
    said = inside.texts(Post)["body"]
    link = f'<a href="{inside.practice.get_absolute_url()}">kijk</a>'
    # Long enough to be a question that waits, and short enough to be news.
    asked = timezone.now() - timedelta(days=6)
    thread = factories.thread(
        group=group, author=writer.user, body=f"{said}<p>{link}</p>", created=asked, **texts
    )
    post = Post.objects.unrestricted().get(thread=thread)
    post.edited_at = post.created
    post.save()
    PostVersion.objects.create(post=post, **inside.texts(PostVersion))
    _add_file(inside, PostFile, {"post": post}, str.encode)
    _add_file(inside, PostFile, {"post": post}, photo)
    draft = Draft.objects.create(group=group, user=writer.user, thread=thread, **inside.texts(Draft))
    _add_file(inside, PostFile, {"draft": draft}, str.encode, NOBODY)
    PostReport.objects.create(group=group, post=post, reporter=writer.user, **inside.texts(PostReport))
    # What was deleted is not kept, but for the titles of threads.
    gone = factories.thread(group=group, title=inside.word("Thread", "deleted", NOBODY))
    Thread.objects.unrestricted().filter(pk=gone.pk).update(deleted_at=timezone.now())
    inside.keys |= {"thread": thread.pk, "post": post.pk}


def _write_queue(inside: Inside) -> None:
    """What the facilitators have before them."""
    group = inside.group
    asked = factories.membership_request(
        group=group, state=RequestState.ASKED, **inside.texts(MembershipRequest)
    )
    invited = Invitation.objects.create(group=group, **inside.texts(Invitation))
    starter = StarterProposal.objects.create(group=group, period="2026-10", **inside.texts(StarterProposal))
    inside.keys |= {"asked": asked.pk, "starter": starter.pk}
    inside.keys["tokens"] = {
        "membership_request": private_links.token_of("network-request", asked),
        "invitation": private_links.token_of("network-invitation", invited),
        "mail_choice": mailing.token_of(inside.writer, inside.keys["thread"]),  # type: ignore[arg-type]
    }


# Reading -----------------------------------------------------------------------------------------------------

# Pages behind a link that was mailed to one person; test_membership_leaks reads them.
BEHIND_LINKS = frozenset({"membership_request", "invitation", "mail_choice"})


def addresses(inside: Inside) -> list[str]:
    """Each address of the network, its files, and all public pages that gather from somewhere."""
    found = []
    for route in routes():
        if not route.pattern.startswith("netwerk/") or route.name in BEHIND_LINKS:
            continue
        names = re.findall(r"<\w+:(\w+)>", route.pattern)
        own = {"slug": inside.group.slug} | inside.keys
        found.append(reverse(route.name, kwargs={name: own[name] for name in names}))
    for file in inside.files:
        found += [file.get_absolute_url(), file.card_url, file.page_url]
    threads = reverse("threads", args=[inside.group.slug])
    member = reverse("member", args=[inside.group.slug, inside.writer.pk])  # type: ignore[union-attr]
    found += [f"{threads}?toon=onbeantwoord", member, f"{member}bericht/"]
    found += [reverse("mention_complete", args=[inside.group.slug]) + "?q=z"]
    found += [
        "/",
        LIST,
        inside.practice.get_absolute_url(),
        f"{inside.practice.get_absolute_url()}afdrukken/",
    ]
    found += [*PUBLIC_ONLY, "/themas/", "/bestaat-niet/", "/netwerk/bestaat-niet/", *account_addresses()]
    return [address for address in found if "/themas/van-alles/" not in address]


def admin_addresses(inside: Inside) -> Iterator[str]:
    """The admin's lists, forms and versions of groups, people, mails and jobs."""
    yield "/beheer/"
    wanted = ("network", "accounts", "portal_outgoingmail", "procrastinate")
    for route in routes():
        name = route.name.removeprefix("admin:")
        if not route.name.startswith("admin:") or not name.startswith(wanted):
            continue
        keys = re.findall(r"<\w+:(\w+)>", route.pattern)
        if not keys:
            yield reverse(route.name)
        elif keys == ["object_id"]:
            app, model, _ = name.split("_", 2)
            for made in apps.get_model(app, model)._base_manager.all()[:9]:
                yield reverse(route.name, args=[made.pk])


def words_in(response: Any) -> set[str]:
    """The words of an answer: in its body, its headers and its cookies. A random token may look like one too."""
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    text = body(response).decode(errors="replace") + headers + response.cookies.output()
    return set(_WORD.findall(text.lower()))


def read(
    client: Client, wanted: Iterable[str], methods: Iterable[str] = ("GET", "POST")
) -> dict[str, set[str]]:
    """Each address, with the words that stand in its answers; what stands in the address itself may be repeated."""
    return {
        address: set().union(*(words_in(ask(client, method, address)) for method in methods))
        - (set(_WORD.findall(address)) if "/bestanden/" not in address else set())
        | _named(client, address)
        for address in wanted
    }


def _named(client: Client, address: str) -> set[str]:
    """The words of an address at which there is something."""
    named = set(_WORD.findall(address.partition("?")[0]))
    return named if named and ask(client, "GET", address).status_code == 200 else set()


# Checks ------------------------------------------------------------------------------------------------------


def check_reading(
    inside: Inside, client: Client, role: Role, nowhere: Iterable[tuple[str, str]] = ()
) -> None:
    """This role read all that is for it, and nothing else; `nowhere`: (model, field) of what no page shows."""
    seen = read(client, addresses(inside))
    faults = [
        f"{address} shows {mark.model}.{mark.name} to {role}"
        for address, words in seen.items()
        for word in words & inside.marks.keys()
        if (mark := inside.marks[word]) and role not in mark.readers
    ]
    found = set().union(*seen.values())
    faults += [
        f"{role} never sees {mark.model}.{mark.name}"
        for word, mark in inside.marks.items()
        if role in mark.readers and word not in found and (mark.model, mark.name) not in set(nowhere)
    ]
    assert not faults, "\n".join(["", *sorted(set(faults))])


# What members find by the words of it.
SEARCHED = {("Thread", "title"), ("Post", "body")}


def check_search(inside: Inside, client: Client, role: Role) -> None:
    """Each word finds a discussion for whoever may read it, and nothing for others, whose typing is not completed."""
    faults = []
    for word, mark in inside.marks.items():
        is_for_role = role in mark.readers and (mark.model, mark.name) in SEARCHED
        for address in (f"{SITE_SEARCH}?q={word}", f"{SITE_SEARCH}?q={word}&soort=gesprekken"):
            response = ask(client, "GET", address)
            total = int(re.search(rb'data-total="(\d+)"', response.content).group(1))  # type: ignore[union-attr]
            if (total > 0) != is_for_role:
                faults.append(f"{address} finds {total} of {mark.model}.{mark.name} as {role}")
            faults += _shown(inside, words_in(response) - {word}, role, address)
        faults += _shown(inside, words_in(ask(client, "GET", f"{LIST}?q={word}")) - {word}, role, LIST)
        typo = f"{word[:5]}l{word[6:]}"
        for address in (f"{SITE_SEARCH}?q={typo}", f"{SUGGESTIONS}?q={word[:6]}", f"{SUGGESTIONS}?q={typo}"):
            faults += _shown(inside, words_in(ask(client, "GET", address)), role, address)
    assert not faults, "\n".join(["", *faults])


def _shown(inside: Inside, words: set[str], role: Role, address: str) -> list[str]:
    marks = [inside.marks[word] for word in words & inside.marks.keys()]
    return [
        f"{address} shows {mark.model}.{mark.name} to {role}" for mark in marks if role not in mark.readers
    ]
