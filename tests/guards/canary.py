"""The canary: a word nobody else has in every text, file name and file, then everything fetched as everybody.

A word that reaches somebody it is not for fails, and so does one that somebody it is for never sees.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from expoo_portal.pages import Page
from expoo_portal.richtext import RichTextField
from expoo_portal.search.pins import PinnedAnswer
from expoo_portal.search.words import SearchWord, rebuild_words
from expoo_portal.themes.models import (
    AgreementGroup,
    AgreementLine,
    Broadcast,
    BroadcastAudio,
    Chapter,
    ContactPerson,
    Document,
    DocumentFile,
    Event,
    EventFile,
    EventImage,
    EventLink,
    SectionLink,
    Theme,
    ThemeSection,
    Tip,
    TranscriptLine,
)
from expoo_portal.visibility import Audience, PublicationState
from network.models import Group
from practices.content import RICH_FIELDS, TEXT_FIELDS
from practices.dossiers import advance
from practices.exchange import runs
from practices.models import (
    DossierFile,
    DossierImage,
    Experience,
    ExperienceState,
    FacetValue,
    FormerSlug,
    ImportRun,
    Practice,
    PracticeContact,
    PracticeLink,
    PracticeSentence,
    PracticeSource,
    RowOutcome,
    SentenceField,
)
from practices.workflow import Actor, State, Verb
from tests import dossiers, factories
from tests.roles import MEMBERS, STAFF, Role

from .routes import ask, body, routes

# The states that content can be in, and who may see it outside the admin.
EVERYBODY = frozenset(Role)
SEEN_BY: dict[str, frozenset[Role]] = {
    "public": EVERYBODY,
    "members": MEMBERS | STAFF,
    "staff": STAFF,
    "draft": frozenset(),
    "scheduled": frozenset(),
    "expired": frozenset(),
    # What was written once and taken out again: kept in the versions.
    "removed": frozenset(),
}
# Written for members: seen by whoever sees the rest of that state, and is a member.
MEMBERS_ONLY = frozenset({"PracticeContact"})

_WORD = re.compile(rb"zq[bcdfghjkmnprstvw]{9}")
_LETTERS = "bcdfghjkmnprstvw"


@dataclass(frozen=True)
class Mark:
    """Where a canary word was written."""

    state: str
    model: str
    field: str

    def is_for(self, role: Role) -> bool:
        """Whether this role may see it on the site."""
        if self.model in MEMBERS_ONLY and role not in MEMBERS | STAFF:
            return False
        return role in SEEN_BY[self.state]


@dataclass
class Canary:
    """What was written, and the addresses at which it might be read."""

    marks: dict[str, Mark] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)
    # By state: the facet value that only the practice of that state has.
    values: dict[str, FacetValue] = field(default_factory=dict)
    practices: dict[str, Practice] = field(default_factory=dict)
    others: list[models.Model] = field(default_factory=list)
    deleted_pages: list[int] = field(default_factory=list)
    # Words of senders' drafts: nobody but the holder of the private link reads them, not even staff.
    unsubmitted: set[str] = field(default_factory=set)
    _draw: random.Random = field(default_factory=lambda: random.Random(2026))

    def word(self, state: str, model: str, name: str) -> str:
        """A new word, written down as standing there."""
        made = "zq" + "".join(self._draw.choice(_LETTERS) for _ in range(9))
        self.marks[made] = Mark(state, model, name)
        return made

    def texts(self, state: str, model: type[models.Model], *leave: str) -> dict[str, str]:
        """A word for each text field that an editor fills in, but the ones to leave."""
        found = {}
        for column in model._meta.concrete_fields:
            if column.name in leave or column.choices or not column.editable:
                continue
            if not isinstance(column, models.CharField | models.TextField):
                continue
            made = self.word(state, model.__name__, column.name)
            if isinstance(column, RichTextField):
                made = f"<p>{made}</p>"
            elif isinstance(column, models.URLField):
                made = f"https://example.org/{made}"
            elif isinstance(column, models.EmailField):
                made = f"{made}@example.org"
            found[column.name] = made
        return found


def publication(state: str) -> dict[str, Any]:
    """The fields that bring content into this state."""
    now = timezone.now()
    hour = timedelta(hours=1)
    return {
        "draft": {"state": PublicationState.DRAFT},
        "scheduled": {"publish_at": now + hour},
        "expired": {"publish_at": now - 2 * hour, "expires_at": now - hour},
        "members": {"audience": Audience.MEMBERS},
        "staff": {"audience": Audience.STAFF},
    }.get(state, {})


def write(group: Group) -> Canary:
    """Write words everywhere, in each state, and list where they might be read."""
    canary = Canary()
    facet = factories.facet(slug="toestand", label="Toestand")
    factories.topic()
    factories.synonym_group()
    for slug in ("over", "privacy", "toegankelijkheid"):
        factories.page(slug=slug)
    of_all = factories.theme(slug=THEME_OF_ALL)
    canary.addresses += [
        f"{of_all.get_absolute_url()}{page}/" for page in ("documenten", "agenda", "contact")
    ]
    for state in SEEN_BY:
        if state != "removed":
            _write_practice(canary, state, facet)
            for model, factory in ((Page, factories.page), (Theme, factories.theme)):
                made = factory(**canary.texts(state, model), **publication(state))
                canary.others.append(made)
            page, theme = canary.others[-2:]
            canary.addresses.append(reverse("page", args=[page.slug]))  # type: ignore[attr-defined]
            _write_theme(canary, state, theme)
            _write_broadcast(canary, state)
            _write_pinned_answer(canary, state)
            _write_working_on_it(canary, state)
            _write_references(canary, state, of_all)
    _write_and_take_out(canary)
    _write_import(canary)
    _write_dossiers(canary)
    rebuild_words()
    return canary


def _write_theme(canary: Canary, state: str, theme: models.Model) -> None:
    """A section on the page of a theme, and its link to the practice of this state."""
    section = factories.theme_section(theme=theme, **canary.texts(state, ThemeSection))
    link = canary.texts(state, SectionLink, "query")
    factories.section_link(section=section, query=f"toestand={state}", **link)
    canary.others.append(section)
    canary.addresses += [reverse("themes"), reverse("theme", args=[theme.slug])]  # type: ignore[attr-defined]


def _write_pinned_answer(canary: Canary, state: str) -> None:
    """An answer that staff pinned to a search, and the page on which it stands."""
    texts = canary.texts(state, PinnedAnswer, "searches", "url")
    canary.others.append(
        factories.pinned_answer(searches=f"vastgezet {state}", **texts, **publication(state))
    )
    canary.addresses.append(f"/zoeken/?q=vastgezet+{state}")


def _write_practice(canary: Canary, state: str, facet: Any) -> None:
    """A practice with all its parts."""
    value = canary.values[state] = factories.facet_value(facet=facet, slug=state, topic=factories.topic())
    texts = canary.texts(state, Practice, "identifier")
    identifier = canary.word(state, "Practice", "identifier")
    practice = factories.practice(**texts, identifier=identifier, values=[value], **publication(state))
    canary.practices[state] = practice
    factories.practice_source(practice=practice, **canary.texts(state, PracticeSource))
    factories.practice_link(practice=practice, **canary.texts(state, PracticeLink))
    factories.practice_contact(practice=practice, **canary.texts(state, PracticeContact))
    _write_experience(canary, practice, state)
    if state == "public":
        _write_experience(canary, practice, "draft", ExperienceState.SUBMITTED)
        _write_experience(canary, practice, "draft", ExperienceState.DECLINED)
    former = factories.former_slug(practice=practice, **canary.texts(state, FormerSlug))
    file_name = canary.word(state, "PracticeFile", "name")
    inside = canary.word(state, "PracticeFile", "body")
    file = factories.practice_file(practice=practice, name=f"{file_name}.txt", content=inside.encode())
    image_name = canary.word(state, "PracticeImage", "name")
    alt = canary.word(state, "PracticeImage", "alt")
    image = factories.practice_image(practice=practice, name=f"{image_name}.png", alt=alt)
    second = factories.practice_image(practice=practice)
    canary.addresses += [
        *(
            reverse(view, args=[slug])
            for view in (
                "practice_detail",
                "practice_print",
                "practice_picture",
                "practice_team_sheet",
                "practice_team_sheet_pdf",
            )
            for slug in (practice.slug, former.slug)
        ),
        *(attachment.get_absolute_url() for attachment in (file, image, second)),
        image.card_url,
        image.page_url,
    ]


def _write_broadcast(canary: Canary, state: str) -> None:
    """A broadcast with its sound, a chapter and a sentence; its theme is public."""
    made = factories.broadcast(**canary.texts(state, Broadcast), **publication(state))
    name, inside = (canary.word(state, "BroadcastAudio", part) for part in ("name", "body"))
    content = factories.sound() + inside.encode()
    sound = factories.broadcast_audio(broadcast=made, name=f"{name}.mp3", content=content)
    chapter = factories.chapter(broadcast=made, **canary.texts(state, Chapter, "practice_slugs"))
    factories.transcript_line(chapter=chapter, **canary.texts(state, TranscriptLine))
    canary.others.append(made)
    canary.addresses += [
        made.get_absolute_url(),
        reverse("broadcasts", args=[made.theme.slug]),
        sound.get_absolute_url(),
    ]


def _write_references(canary: Canary, state: str, theme: Theme) -> None:
    """A document, an event and a contact person of a public theme; an address of a person is for the editors only."""
    document = factories.document(theme=theme, **canary.texts(state, Document), **publication(state))
    soon = timezone.localdate() + timedelta(days=30)
    event = factories.event(theme=theme, starts_on=soon, **canary.texts(state, Event), **publication(state))
    person = factories.contact_person(theme=theme, **canary.texts(state, ContactPerson), **publication(state))
    email = f"{canary.word('draft', 'ContactAddress', 'email')}@example.org"
    factories.contact_address(person=person, email=email)
    factories.event_link(event=event, **canary.texts(state, EventLink))
    canary.others += [document, event, person]
    address = event.get_absolute_url()
    canary.addresses += [document.get_absolute_url(), address, f"{address}agenda.ics"]
    files: tuple[tuple[Any, Any, dict[str, Any]], ...] = (
        (DocumentFile, factories.document_file, {"document": document}),
        (EventFile, factories.event_file, {"event": event}),
    )
    for model, factory, parent in files:
        name, inside = (canary.word(state, model.__name__, part) for part in ("name", "body"))
        more = {"version": canary.word(state, model.__name__, "version")} if "document" in parent else {}
        made = factory(name=f"{name}.txt", content=inside.encode(), **parent, **more)
        canary.addresses.append(made.get_absolute_url())
    name, alt = (canary.word(state, "EventImage", part) for part in ("name", "alt"))
    image: EventImage = factories.event_image(event=event, name=f"{name}.png", alt=alt)
    canary.addresses += [image.get_absolute_url(), image.card_url, image.page_url]


def _write_working_on_it(canary: Canary, state: str) -> None:
    """A tip, in a public theme and in one of this state, and agreements, which are seen as their theme is."""
    tip = factories.tip(**canary.texts(state, Tip), **publication(state))
    theme = factories.theme(**publication(state))
    other = factories.tip(theme=theme, **canary.texts(state, Tip))
    group = factories.agreement_group(theme=theme, **canary.texts(state, AgreementGroup))
    factories.agreement_line(group=group, **canary.texts(state, AgreementLine))
    canary.others += [tip, other, group]
    for made in (tip, other):
        address = reverse("theme_tips", args=[made.theme.slug])
        canary.addresses += [
            address,
            f"{address}?tips={made.code}",
            f"{address}gespreksblad/?tips={made.code}",
        ]
    canary.addresses.append(reverse("theme_agreements", args=[theme.slug]))


def _write_experience(
    canary: Canary,
    practice: Practice,
    state: str,
    how_far: ExperienceState = ExperienceState.APPROVED,
) -> None:
    """A note about a practice; its sender's address is for the editors only."""
    texts = canary.texts(state, Experience, "reason")
    for name in ("context", "changed", "learned"):
        texts[name] += " en dat vertellen we hier in meer dan vijftig tekens."
    email = f"{canary.word('draft', 'ExperienceSender', 'email')}@example.org"
    canary.others.append(factories.experience(practice=practice, state=how_far, email=email, **texts))


def _write_dossiers(canary: Canary) -> None:
    """What was sent in and is being reviewed, for editors only; and drafts, for their senders only."""
    made = dossiers.dossier(
        State.IN_REVIEW, **_dossier_texts(lambda name: canary.word("draft", "Dossier", name))
    )
    editor = dossiers.editor_user()
    note, point = (canary.word("draft", "DossierStep", name) for name in ("note", "points"))
    made = advance(made, Verb.ASK, Actor.EDITOR, user=editor, note=note, points={"1": point})
    made = advance(made, Verb.RESUME, Actor.EDITOR, user=editor)
    made.editor_note = canary.word("draft", "Dossier", "editor_note")
    made.save(update_fields=["editor_note"])
    alt = canary.word("draft", "DossierImage", "alt")
    # Nobody opens its files at the site's own address: editors do so in the admin.
    image_name = canary.word("draft", "DossierImage", "name")
    picture = ContentFile(factories.picture(), name=f"{image_name}.png")
    image = DossierImage.objects.create(dossier=made, alt=alt, consent=True, file=picture)
    file_name, inside = (canary.word("draft", "DossierFile", name) for name in ("name", "body"))
    document = ContentFile(inside.encode(), name=f"{file_name}.txt")
    file = DossierFile.objects.create(dossier=made, file=document)
    canary.others.append(made)
    canary.addresses += [image.get_absolute_url(), image.card_url, file.get_absolute_url()]

    def secret(name: str) -> str:
        word = canary.word("draft", "Dossier", name)
        canary.marks.pop(word)
        canary.unsubmitted.add(word)
        return word

    dossiers.dossier(State.CONCEPT, **_dossier_texts(secret))
    changed = dossiers.amended(State.CONCEPT, **_dossier_texts(secret)["content"])
    canary.others += [
        changed,
        advance(dossiers.amended(State.CONCEPT, name=secret("name")), Verb.LEAVE_LYING, Actor.SYSTEM),
    ]


def _dossier_texts(word: Callable[[str], str]) -> dict[str, Any]:
    """The fields of a dossier and its content, with a word in each."""
    content = dossiers.content(
        **{name: word(name) for name in TEXT_FIELDS if name != "summary"},
        summary=f"{word('summary')} {'en nog een zin. ' * 12}",
        **{name: f"<p>{word(name)}</p>" for name in RICH_FIELDS},
        links=[{"title": word("link"), "url": f"https://example.org/{word('url')}"}],
        contact={"role": word("role"), "email": f"{word('contact')}@example.org", "phone": word("phone")},
    )
    return {"content": content, "email": f"{word('email')}@example.org", "sender_name": word("sender_name")}


def _write_import(canary: Canary) -> None:
    """A file that an editor laid down: one row that could be written, and one with a fault."""
    name, right, faulty = (canary.word("draft", "ImportRun", part) for part in ("name", "right row", "fault"))
    headers = "nummer;naam;in het kort;organisatie;gemeente;soort\r\n"
    rows = f"P1;{right};kort;werking;Gent;\r\nP2;bos;kort;werking;Gent;{faulty}\r\n"
    run = factories.import_run(name=f"{name}.csv", content=(headers + rows).encode())
    runs.check(run.pk)
    canary.others.append(run)
    canary.addresses.append(run.get_absolute_url())


def _write_and_take_out(canary: Canary) -> None:
    """Texts that were published, then replaced, or deleted altogether."""
    for model, made in (
        (Practice, canary.practices["public"]),
        (Page, factories.page()),
        (Theme, factories.theme()),
    ):
        kept = type(made)._base_manager.get(pk=made.pk)
        leave = ("identifier", "name_key", "municipality_key")
        for name, text in canary.texts("removed", model, *leave).items():
            setattr(made, name, text)
        made.save()
        slug = made.slug
        for column in kept._meta.concrete_fields:
            setattr(made, column.name, getattr(kept, column.name))
        made.save()
        if isinstance(made, Practice):
            made.former_slugs.unrestricted().filter(slug=slug).delete()
        else:
            canary.others.append(made)
    deleted = factories.page(**canary.texts("removed", Page))
    canary.addresses.append(reverse("page", args=[deleted.slug]))
    canary.deleted_pages.append(deleted.pk)
    deleted.delete()


# Reading -----------------------------------------------------------------------------------------------------

LIST = "/praktijken/"
CHALLENGES = f"{LIST}uitdagingen/"
SITE_SEARCH = "/zoeken/"
SUGGESTIONS = f"{SITE_SEARCH}aanvullen/"
THEME_OF_ALL = "van-alles"
# Of these even members and staff get no more than the public.
PUBLIC_ONLY = (
    *(
        f"{LIST}{page}{choice}"
        for page in ("feed/", "export.csv", "export.json", "open-data/")
        for choice in ("", "?toestand=public", "?toestand=members", "?toestand=draft", "?q=welkom")
    ),
    f"/themas/{THEME_OF_ALL}/feed/",
    "/sitemap.xml",
    "/robots.txt",
    "/gezond/",
)
# Routes that the crawl does not read, and why.
NOT_READ = {
    "admin:practices_importrun_write": "answers to POST only",
    "admin:portal_searchcount_export": "holds numbers of searches, no content (test_insight)",
    # Behind a private link: test_sharing_guards reads them with a word in everything.
    **dict.fromkeys(
        ("share_dossier", "share_step", "share_autosave", "share_file", "share_file_remove", "share_preview")
        + ("share_confirm", "share_resend", "share_email", "share_act", "share_discard"),
        "holds one dossier for its sender",
    ),
    "practice_tried": "holds the name of one practice above a form (test_experiences)",
    "confirm_experience": "holds one note for its sender (test_experiences)",
    "confirm_practice": "holds the facts of one practice for its contact (test_confirming)",
    # Coming into a group and going out: test_membership_leaks reads them with a word in everything.
    **dict.fromkeys(
        ("groups", "group", "request_membership", "membership_request", "invitation", "my_membership")
        + ("facilitation_requests", "facilitation_request", "facilitation_invitations"),
        "holds a group's introduction, or who wants to come in",
    ),
    # Inside a group: test_discussion_leaks reads them with a word in everything.
    **dict.fromkeys(
        ("threads", "thread_new", "thread", "post_reply", "thread_follow", "thread_manage", "post_edit")
        + ("post_delete", "post_versions", "post_report", "post_react", "post_helpful", "draft_save")
        + ("draft_file", "missed", "mention_complete"),
        "holds what members of one group say",
    ),
    # tests/guards/inside.py asks for every address of the network, with a word in everything.
    **dict.fromkeys(
        ("members", "member", "member_contact", "my_profile", "facilitation", "facilitation_reports")
        + ("facilitation_nudge", "facilitation_starter", "outsider_view"),
        "holds what members of one group tell each other",
    ),
    "mail_choice": "holds one member's choice of mails (test_mail_choice)",
    "account_logout": "ends the session that reads on",
    "admin:logout": "ends the session that reads on",
    "account_end_session": "answers to POST only, with a redirect",
    "account_my_data_download": "answers to POST only, with what is one's own (test_my_data)",
    "admin:practices_facet_sortable_update": "answers to POST only",
    "admin:themes_topic_sortable_update": "answers to POST only",
}


def list_addresses(canary: Canary) -> Iterator[str]:
    """The catalogue with each of its parameters, and "verras me" for each choice."""
    sorts, views = ("", "naam", "nieuwste", "gemeente", "relevantie"), ("", "kaarten", "lijst", "kaart")
    for sort, view in itertools.product(sorts, views):
        yield f"{LIST}?sorteer={sort}&weergave={view}"
    yield from (f"{LIST}delen/", f"{LIST}delen/link-kwijt/")
    for page in ("1", "2", "999"):
        yield f"{LIST}?pagina={page}"
    for state in canary.values:
        yield f"{LIST}?toestand={state}"
        yield f"{LIST}?toestand={state}&weergave=kaart&sorteer=nieuwste"
        yield f"/praktijken/verras-me/?toestand={state}"
    slugs = [practice.slug for practice in canary.practices.values()]
    for chosen in (",".join(slugs), *(f"{slugs[0]},{slug}" for slug in slugs)):
        for path in ("waaier/", "waaier/afdrukken/", "waaier/pdf/", "vergelijk/"):
            yield f"{LIST}{path}?p={chosen}"
    for state, practice in canary.practices.items():
        yield f"{LIST}waaier/?zoek=welkom+{state}"
        yield f"{LIST}?q=welkom+{state}"
        yield f"{LIST}?type-organisatie={practice.slug}"
    yield "/praktijken/verras-me/"
    yield SITE_SEARCH
    yield f"{SUGGESTIONS}?q=welkom"
    yield CHALLENGES
    for value in canary.values.values():
        yield f"{CHALLENGES}?onderwerp={value.topic.slug}"
    for key in PracticeSentence._base_manager.values_list("key", flat=True):
        yield f"{CHALLENGES}?uitdaging={key}"


def account_addresses() -> Iterator[str]:
    """All account pages without a key in their address."""
    for route in routes():
        if route.pattern.startswith("account/") and "<" not in route.pattern and route.name not in NOT_READ:
            yield reverse(route.name)


# The apps whose admin holds content.
CONTENT_APPS = ("practices", "portal", "themes")


# What editors take out, by the end of the route's name: the arguments of its address.
_DOWNLOADS: dict[str, tuple[list[str], ...]] = {"export": (["csv"], ["json"], ["xlsx"]), "template": ([],)}


def admin_addresses(canary: Canary) -> Iterator[str]:
    """The admin's pages about content: lists, forms, versions, previews and files, of each row with a word."""
    written = {Practice: list(canary.practices.values())}
    for made in canary.others:
        written.setdefault(type(made), []).append(made)  # type: ignore[arg-type]
    yield from ("/beheer/", "/beheer/nagekeken/", *(f"/beheer/{app}/" for app in CONTENT_APPS))
    for route in routes():
        app, _, rest = route.name.removeprefix("admin:").partition("_")
        if not route.name.startswith("admin:") or app not in CONTENT_APPS or route.name in NOT_READ:
            continue
        model_name, _, view = rest.partition("_")
        if view in ("export", "template"):
            yield from (reverse(route.name, args=args) for args in _DOWNLOADS[view])
            continue
        if route.name.endswith(("_changelist", "_add")):
            yield reverse(route.name)
            if route.name.endswith("_changelist"):
                yield f"{reverse(route.name)}?q=zq"
            continue
        model = apps.get_model(app, model_name)
        for made in written.get(model) or model._base_manager.all()[:1]:
            if view == "simple_history":
                for record in made.history.all():  # type: ignore[attr-defined]
                    yield reverse(route.name, args=[made.pk, record.pk])
            elif view == "transcript":
                for chapter in made.chapters.unrestricted():  # type: ignore[attr-defined]
                    yield reverse(route.name, args=[made.pk, chapter.pk])
            else:
                yield reverse(route.name, args=[made.pk])
    for record in Page.history.filter(id__in=canary.deleted_pages):
        yield reverse("admin:portal_page_simple_history", args=[record.id, record.pk])
    for run in ImportRun.objects.unrestricted():
        page = reverse("admin:practices_importrun_change", args=[run.pk])
        yield from (run.staff_url, *(f"{page}?toon={outcome}" for outcome in RowOutcome.values))
    for model in (DossierImage, DossierFile, BroadcastAudio, DocumentFile, EventFile, EventImage):
        yield from (attachment.staff_url for attachment in model.objects.unrestricted())
    for practice in canary.practices.values():
        for attachment in [*practice.files.unrestricted(), *practice.images.unrestricted()]:
            attachment.for_staff = True
            yield attachment.get_absolute_url()


def words_in(response: Any) -> set[str]:
    """The canary words of an answer: in its body, its headers and its cookies."""
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    text = body(response) + headers.encode() + response.cookies.output().encode()
    return {found.decode() for found in _WORD.findall(text.lower())}


Sightings = dict[str, set[str]]


def read(client: Client, addresses: Iterable[str], **headers: str) -> Sightings:
    """Each address, and the words that stand in its answer.

    Those of the path itself were seen when there is a page at that address; otherwise it may only be repeated.
    """
    seen: Sightings = {}
    for address in addresses:
        response = ask(client, "GET", address, headers=headers)
        own = {found.decode() for found in _WORD.findall(address.partition("?")[0].encode())}
        words = words_in(response)
        seen[address] = words | own if response.status_code == 200 else words - own
    return seen


def read_site(canary: Canary, client: Client) -> Sightings:
    """Everything outside the admin."""
    plain = ["/", *PUBLIC_ONLY, "/stijlgids/", "/over/", "/privacy/", "/toegankelijkheid/"]
    addresses = [*plain, *canary.addresses, *list_addresses(canary), *account_addresses()]
    return read(client, addresses) | read(client, [f"{LIST}?sorteer=nieuwste"], hx_request="true")


# Checks ------------------------------------------------------------------------------------------------------


def check_no_leak(canary: Canary, seen: Sightings, role: Role) -> None:
    """No answer held a word that is not for this role."""
    faults = []
    for address, words in seen.items():
        faults += [f"{address} shows {role} a sender's draft" for _ in words & canary.unsubmitted]
        for word in words & canary.marks.keys():
            mark = canary.marks[word]
            if not mark.is_for(role) or (address in PUBLIC_ONLY and mark.state != "public"):
                faults.append(
                    f"{address} shows {mark.model}.{mark.field} of something {mark.state} to {role}"
                )
    assert not faults, "\n".join(["", *faults])


def check_all_seen(canary: Canary, seen: Sightings, role: Role, never: Mapping[tuple[str, str], str]) -> None:
    """Each word that is for this role stood in some answer; `never` maps (model, field) to why it is shown nowhere."""
    found = set().union(*seen.values())
    faults = [
        f"{role} never sees {mark.model}.{mark.field} of something {mark.state}"
        for word, mark in canary.marks.items()
        if mark.is_for(role) and word not in found and (mark.model, mark.field) not in never
    ]
    faults += [
        f"{mark.model}.{mark.field} is said to be shown nowhere, but {role} sees it"
        for word, mark in canary.marks.items()
        if (mark.model, mark.field) in never and word in found
    ]
    assert not faults, "\n".join(["", *faults])


def total_of(response: Any) -> int:
    """How many practices a page of the catalogue says it found."""
    return int(re.search(rb'data-total="(\d+)"', response.content).group(1))  # type: ignore[union-attr]


def check_search(canary: Canary, client: Client, role: Role, marks: Callable[[Mark], bool]) -> None:
    """A word finds a practice for whoever may read the word, and nobody else can tell that it exists.

    `marks` says which words to search for. A misspelled word is put right only when it stands in public content.
    """
    faults = []
    for word, mark in canary.marks.items():
        if not marks(mark):
            continue
        response = ask(client, "GET", f"{LIST}?q={word}")
        if total_of(response) and not mark.is_for(role):
            faults.append(
                f"searching for {mark.model}.{mark.field} of something {mark.state} finds it as {role}"
            )
        if (
            not total_of(response)
            and mark.is_for(role)
            and mark.model == "Practice"
            and mark.field in SEARCHED
        ):
            faults.append(
                f"searching for {mark.model}.{mark.field} of something {mark.state} fails as {role}"
            )
        shown = words_in(response) - {word}
        others = {canary.marks[other] for other in shown & canary.marks.keys()}
        faults += [f"searching shows {other} to {role}" for other in others if not other.is_for(role)]

        faults += _site_search_faults(canary, client, role, word, mark)
        typo = f"{word[:5]}l{word[6:]}"
        response = ask(client, "GET", f"{LIST}?q={typo}")
        is_suggested = word in words_in(response)
        if is_suggested and mark.state != "public":
            faults.append(
                f"“Bedoelde je” gives {mark.model}.{mark.field} of something {mark.state} to {role}"
            )
        if is_suggested and (mark.model, mark.field) not in FOUND_ON_THE_SITE:
            faults.append(f"“Bedoelde je” gives {mark.model}.{mark.field}, which nobody can search for")
        if not is_suggested and mark.state == "public" and mark.model == "Practice" and mark.field == "name":
            faults.append(f"“Bedoelde je” does not know the name of something public, as {role}")
    assert not faults, "\n".join(["", *faults])


def _site_search_faults(canary: Canary, client: Client, role: Role, word: str, mark: Mark) -> Iterator[str]:
    """What the site search and its suggestions tell this role of a word that it may not read."""
    response = ask(client, "GET", f"{SITE_SEARCH}?q={word}")
    if total_of(response) and not mark.is_for(role):
        yield f"the site search for {mark.model}.{mark.field} of something {mark.state} finds it as {role}"
    if not total_of(response) and mark.is_for(role) and (mark.model, mark.field) in FOUND_ON_THE_SITE:
        yield f"the site search for {mark.model}.{mark.field} of something {mark.state} fails as {role}"
    typo = ask(client, "GET", f"{SITE_SEARCH}?q={word[:5]}l{word[6:]}")
    begun = ask(client, "GET", f"{SUGGESTIONS}?q={word[:6]}")
    for other in ((words_in(response) - {word}) | words_in(typo) | words_in(begun)) & canary.marks.keys():
        told = canary.marks[other]
        if not told.is_for(role):
            yield f"the site search tells {role} {told.model}.{told.field} of something {told.state}"


def check_challenge_search(canary: Canary, client: Client, role: Role) -> None:
    """A word of the strengths answers whoever may read it; a challenge is found by its key by them only."""
    faults = []
    for word, mark in canary.marks.items():
        if mark.model != "Practice" or mark.field not in ("strengths", "challenges"):
            continue
        response = ask(client, "GET", f"{CHALLENGES}?q={word}")
        shown = {canary.marks[found] for found in (words_in(response) - {word}) & canary.marks.keys()}
        faults += [
            f"searching by challenge shows {other} to {role}" for other in shown if not other.is_for(role)
        ]
        if bool(total_of(response)) != (mark.field == "strengths" and mark.is_for(role)):
            faults.append(f"searching by challenge for {mark} finds {total_of(response)} as {role}")
    marked = PracticeSentence._base_manager.filter(field=SentenceField.CHALLENGES, text__in=canary.marks)
    assert {canary.marks[row.text].state for row in marked} >= {"public", "members", "draft"}
    for row in marked:
        mark = canary.marks[row.text]
        page = body(ask(client, "GET", f"{CHALLENGES}?uitdaging={row.key}")).decode()
        if ("Deze uitdaging vinden we niet meer" in page) == mark.is_for(role):
            faults.append(f"the challenge of something {mark.state} is not as it should be to {role}")
    assert not faults, "\n".join(["", *faults])


# The fields of a practice whose words find it.
SEARCHED = frozenset(
    {"name", "special", "municipality", "organisation", "summary", "background", "approach", "welcome"}
    | {"space_note", "strengths", "challenges", "tips", "partners"}
)


FOUND_ON_THE_SITE = frozenset(
    {
        *(("Practice", name) for name in SEARCHED),
        *(("Page", name) for name in ("title", "intro", "body")),
        *(("Theme", name) for name in ("title", "intro", "body")),
        *(("Tip", name) for name in ("title", "text", "explanation", "question")),
        *(("Broadcast", name) for name in ("title", "summary", "body")),
        *(("Chapter", name) for name in ("title", "speaker", "role")),
        ("TranscriptLine", "text"),
        *(("Document", name) for name in ("title", "kind", "authors", "publisher")),
        *(("Document", name) for name in ("what", "for_whom", "body")),
        *(("Event", name) for name in ("title", "kind", "place", "summary", "body")),
        *(("ThemeSection", name) for name in ("title", "body")),
    }
)


def check_search_words(canary: Canary) -> None:
    """The words behind "Bedoelde je" come from public practices only."""
    kept = {word for word in SearchWord.objects.values_list("word", flat=True) if word in canary.marks}
    faults = [
        f"{canary.marks[word]} is among the search words"
        for word in kept
        if canary.marks[word].state != "public"
    ]
    assert kept, "no word of anything public is among the search words"
    assert not faults, "\n".join(["", *faults])


def check_counts(canary: Canary, client: Client, role: Role) -> None:
    """Facet counts and totals count what this role may see, and nothing else."""
    text = ask(client, "GET", LIST).content.decode()
    shown = {
        state: int(count)
        for state, count in re.findall(
            r'data-facet="toestand"\s+data-value="(\w+)"\s+data-count="(\d+)"', text
        )
    }
    expected = {state: int(role in SEEN_BY[state]) for state in canary.values}
    assert shown == expected
    for state in canary.values:
        response = ask(client, "GET", f"{LIST}?toestand={state}")
        assert total_of(response) == expected[state], state
