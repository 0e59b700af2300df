"""One factory per model: `practice()`, `page(title="Over")`. What a test does not name is realistic and unique.

Each returns a saved row. Defaults are what visitors see: content is public and published.
"""

from __future__ import annotations

import io
import itertools
import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.text import slugify
from model_bakery import baker
from PIL import Image

from expoo_portal.outbox import OutgoingMail
from expoo_portal.pages import Page
from expoo_portal.search.insight import SearchCount
from expoo_portal.search.pins import PinnedAnswer
from expoo_portal.search.synonyms import SynonymGroup
from expoo_portal.search.words import SearchWord
from expoo_portal.themes.models import (
    AgreementGroup,
    AgreementLine,
    Broadcast,
    BroadcastAudio,
    Chapter,
    ContactAddress,
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
    Topic,
    TranscriptLine,
)
from expoo_portal.visibility import Audience, PublicationState
from network.models import (
    Group,
    HouseRules,
    MemberProfile,
    Membership,
    MembershipRequest,
    MembershipState,
    Post,
    PostFile,
    Reaction,
    RequestState,
    Thread,
    ThreadKind,
)
from practices.models import (
    Experience,
    ExperienceSender,
    ExperienceState,
    Facet,
    FacetValue,
    FormerSlug,
    ImportRun,
    Practice,
    PracticeContact,
    PracticeFile,
    PracticeImage,
    PracticeLink,
    PracticeSource,
)

_numbers = itertools.count(1)

_PLACES = (
    "Speelbos",
    "Babycafé",
    "Spelotheek",
    "Ruilwinkel",
    "Buurtsoep",
    "Voorleesuur",
    "Wandelclub",
    "Inloop",
)
_NAMES = (
    "de Kiem",
    "het Nest",
    "Bolleke",
    "de Wip",
    "Kriebels",
    "de Molen",
    "Zandkorrel",
    "het Laar",
    "Pimpel",
)
_TOWNS = (
    "Gent",
    "Genk",
    "Ronse",
    "Mechelen",
    "Kortrijk",
    "Leuven",
    "Geel",
    "Vilvoorde",
    "Sint-Niklaas",
    "Ieper",
)
_PEOPLE = ("An", "Bilal", "Cato", "Dries", "Esma", "Femke", "Giel", "Hanan", "Ilse", "Joris")


def _pick(words: tuple[str, ...], number: int) -> str:
    return words[number % len(words)]


def _title(number: int) -> str:
    """A name nobody else has, such as "Speelbos de Wip 12"."""
    return f"{_pick(_PLACES, number)} {_pick(_NAMES, number)} {number}"


def _published(fields: dict[str, Any]) -> dict[str, Any]:
    """Public and published, an hour ago, unless the test says otherwise."""
    return {
        "audience": Audience.PUBLIC,
        "state": PublicationState.PUBLISHED,
        "publish_at": timezone.now() - timedelta(hours=1),
        **fields,
    }


def user(**fields: Any) -> Any:
    """A person without rights, who signs in by code."""
    number = next(_numbers)
    name = _pick(_PEOPLE, number)
    defaults = {"email": f"{name.lower()}.{number}@example.org", "name": f"{name} {number}"}
    return get_user_model().objects.create_user(**(defaults | fields))


def group(**fields: Any) -> Group:
    """A closed group of the network."""
    number = next(_numbers)
    return baker.make(Group, **({"slug": f"groep-{number}", "title": f"Groep ontmoeting {number}"} | fields))


def membership(**fields: Any) -> Membership:
    """An active membership without an end; of a new group and a new person unless named."""
    fields.setdefault("group", None)
    fields["group"] = fields["group"] or group()
    fields["user"] = fields.get("user") or user()
    return baker.make(Membership, **({"state": MembershipState.ACTIVE} | fields))


def house_rules(**fields: Any) -> HouseRules:
    """The first house rules of a group; of a new group unless named."""
    fields["group"] = fields.get("group") or group()
    return baker.make(
        HouseRules, **({"version": 1, "text": "<p>Je vertelt niets door over gezinnen.</p>"} | fields)
    )


def membership_request(**fields: Any) -> MembershipRequest:
    """A confirmed request that waits for an answer; of a new group unless named."""
    number = next(_numbers)
    now = timezone.now()
    state = fields.get("state", RequestState.PENDING)
    decided = state in (RequestState.ACCEPTED, RequestState.REFUSED, RequestState.WITHDRAWN)
    defaults = {
        "start_key": uuid.uuid4(),
        "name": f"Nieuwkomer {number}",
        "email": f"nieuwkomer.{number}@example.org",
        "organisation": f"Huis van het Kind {number}",
        "municipality": "Gent",
        "why": "We starten een ontmoetingsplaats.",
        "rules_version": 1,
        "state": state,
        "confirmed_at": None if state == RequestState.UNCONFIRMED else now,
        "waiting_since": now if state == RequestState.PENDING else None,
        "decided_at": now if decided else None,
    }
    fields["group"] = fields.get("group") or group()
    return baker.make(MembershipRequest, **(defaults | fields))


def member_profile(**fields: Any) -> MemberProfile:
    """A profile; of a new active member of a new group unless its user is named."""
    number = next(_numbers)
    fields["user"] = fields.get("user") or membership().user
    return baker.make(
        MemberProfile, **({"organisation": f"Spelotheek {number}", "municipality": "Aalst"} | fields)
    )


def thread(**fields: Any) -> Thread:
    """A discussion with one post, by an active member; of a new group unless named. `body`: what that post says."""
    number = next(_numbers)
    body = fields.pop("body", f"<p>Hoe pakken jullie dat aan? ({number})</p>")
    topics = fields.pop("topics", ())
    fields["group"] = fields.get("group") or group()
    fields["author"] = fields.get("author") or membership(group=fields["group"]).user
    defaults = {"kind": ThreadKind.QUESTION, "title": f"Vraag uit de praktijk {number}"}
    made = baker.make(Thread, **(defaults | fields))
    made.topics.set(topics)
    post(thread=made, author=made.author, body=body, created=made.created)
    return made


def post(**fields: Any) -> Post:
    """The next post of a thread (a new one unless named), by an active member."""
    made_for = fields.pop("thread", None) or thread()
    fields["author"] = fields.get("author") or membership(group=made_for.group).user
    number = made_for.last_number + 1
    defaults = {"number": number, "body": f"<p>Antwoord {number}.</p>", "created": timezone.now()}
    made = baker.make(Post, thread=made_for, **(defaults | fields))
    made_for.post_count += 1
    made_for.last_number = made.number
    made_for.last_post_at = made.created
    made_for.last_author = made.author
    made_for.save()
    return made


def post_file(**fields: Any) -> PostFile:
    """A small text file with a post; of a new post unless named."""
    fields["post"] = fields.get("post") or post()
    fields.setdefault("file", ContentFile(b"Speeltips voor buiten.", name="speeltips.txt"))
    made = PostFile(**fields)
    made.save()
    return made


def reaction(**fields: Any) -> Reaction:
    """A reaction to a post (a new one unless named), by an active member."""
    fields["post"] = fields.get("post") or post()
    fields["user"] = fields.get("user") or membership(group=fields["post"].thread.group).user
    return baker.make(Reaction, **({"kind": "thanks"} | fields))


def topic(**fields: Any) -> Topic:
    """A word from the shared vocabulary."""
    number = next(_numbers)
    return baker.make(
        Topic,
        **({"slug": f"onderwerp-{number}", "label": f"Onderwerp {number}", "description": ""} | fields),
    )


def theme(*, topics: Iterable[Topic] = (), **fields: Any) -> Theme:
    """A public theme."""
    number = next(_numbers)
    defaults = {
        "slug": f"thema-{number}",
        "title": f"Ontmoeting {number}",
        "intro": "Hoe gezinnen elkaar leren kennen.",
        "body": "<p>Gezinnen ontmoeten elkaar op veel plekken.</p>",
    }
    made = baker.make(Theme, **_published(defaults | fields))
    made.topics.add(*topics)
    return made


def theme_section(**fields: Any) -> ThemeSection:
    """A section with a text of its own; of a new theme unless named."""
    number = next(_numbers)
    fields["theme"] = fields.get("theme") or theme()
    defaults = {
        "slug": f"onderdeel-{number}",
        "title": f"Wie doet dit? ({number})",
        "body": f"<p>Veel soorten organisaties brengen gezinnen samen. ({number})</p>",
    }
    return baker.make(ThemeSection, **(defaults | fields))


def section_link(**fields: Any) -> SectionLink:
    """A way into the catalogue; of a new section unless named."""
    number = next(_numbers)
    fields["section"] = fields.get("section") or theme_section()
    defaults = {"group": "Soort plek", "text": f"Speelplekken ({number})", "query": "ruimte=buiten"}
    return baker.make(SectionLink, **(defaults | fields))


def tip(*, also: Iterable[Topic] = (), **fields: Any) -> Tip:
    """A public tip for the own organisation; of a new theme and about a new topic unless named."""
    number = next(_numbers)
    fields["theme"] = fields.get("theme") or theme()
    fields["topic"] = fields.get("topic") or topic()
    defaults = {
        "code": f"T{number}",
        "title": f"Zet de tafel klaar ({number})",
        "text": f"Wie binnenkomt, ziet meteen waar er plaats is. ({number})",
        "explanation": f"Een lege stoel naast een andere ouder nodigt uit. ({number})",
        "question": f"Wat ziet een ouder als eerste? ({number})",
        "origin": "",
    }
    made = baker.make(Tip, **_published(defaults | fields))
    made.also.add(*also)
    return made


def agreement_group(**fields: Any) -> AgreementGroup:
    """A subject to agree on; of a new theme unless named."""
    number = next(_numbers)
    fields["theme"] = fields.get("theme") or theme()
    defaults = {
        "slug": f"afspraak-{number}",
        "label": f"De ruimte ({number})",
        "hint": "Wie opent, wie sluit?",
        "order": number % 30_000,
    }
    return baker.make(AgreementGroup, **(defaults | fields))


def agreement_line(**fields: Any) -> AgreementLine:
    """A suggested sentence; of a new group unless named."""
    number = next(_numbers)
    fields["group"] = fields.get("group") or agreement_group()
    defaults = {"text": f"[naam] opent de deur om negen uur. ({number})", "order": number % 30_000}
    return baker.make(AgreementLine, **(defaults | fields))


def broadcast(**fields: Any) -> Broadcast:
    """A public broadcast without a recording; of a new theme unless named."""
    number = next(_numbers)
    fields["theme"] = fields.get("theme") or theme()
    defaults = {
        "slug": f"uitzending-{number}",
        "title": f"Radio ontmoeting {number}",
        "summary": f"Een gesprek over de drempel. ({number})",
        "body": f"<p>Drie mensen vertellen over hun plek. ({number})</p>",
        "aired_on": date(2020, 10, 1),
    }
    return baker.make(Broadcast, **_published(defaults | fields))


# A frame of silence: MPEG 1, layer III, 32 kbit/s, 48 kHz, mono.
_SILENT_FRAME = bytes.fromhex("fffb14c4") + bytes(92)


def sound(frames: int = 50) -> bytes:
    """The bytes of a short, silent MP3; a frame is 24 ms."""
    return _SILENT_FRAME * frames


def broadcast_audio(*, content: bytes = b"", **fields: Any) -> BroadcastAudio:
    """A stored recording; of a new broadcast unless named."""
    number = next(_numbers)
    fields["broadcast"] = fields.get("broadcast") or broadcast()
    name = fields.pop("name", f"uitzending-{number}.mp3")
    body = content or sound(50 + number % 50)
    return baker.make(BroadcastAudio, **({"file": ContentFile(body, name=name), "name": name} | fields))


def chapter(**fields: Any) -> Chapter:
    """A chapter that begins at a moment of its own; of a new broadcast unless named."""
    number = next(_numbers)
    fields["broadcast"] = fields.get("broadcast") or broadcast()
    defaults = {
        "title": f"Aan de keukentafel ({number})",
        "speaker": f"Spreker {number}",
        "role": f"begeleider ({number})",
        "start": number,
        "practice_slugs": "",
    }
    return baker.make(Chapter, **(defaults | fields))


def transcript_line(**fields: Any) -> TranscriptLine:
    """A sentence of the transcript; of a new chapter unless named."""
    number = next(_numbers)
    fields["chapter"] = fields.get("chapter") or chapter()
    defaults = {"start": Decimal(number), "text": f"De thee stond al klaar toen zij binnenkwam. ({number})"}
    return baker.make(TranscriptLine, **(defaults | fields))


def document(*, topics: Iterable[Topic] = (), **fields: Any) -> Document:
    """A public document; of a new theme unless named."""
    number = next(_numbers)
    fields["theme"] = fields.get("theme") or theme()
    defaults = {
        "slug": f"document-{number}",
        "title": f"Handleiding ontmoeten {number}",
        "kind": "Handleiding",
        "authors": f"Werkgroep {number}",
        "publisher": f"Uitgever {number}",
        "year": 2019,
        "what": f"Een beschrijving van wat een ontmoetingsplaats doet. ({number})",
        "for_whom": f"Voor wie er begint. ({number})",
        "body": f"<p>De tekst telt vijf delen. ({number})</p>",
        "url": f"https://document.example.org/{number}",
        "source": f"Colofon ({number})",
        "to_confirm": "",
        "order": number % 30_000,
    }
    made = baker.make(Document, **_published(defaults | fields))
    made.topics.add(*topics)
    return made


def document_file(*, content: bytes = b"", **fields: Any) -> DocumentFile:
    """A stored version of a document, as text; of a new document unless named."""
    number = next(_numbers)
    fields["document"] = fields.get("document") or document()
    name = fields.pop("name", f"handleiding-{number}.txt")
    body = content or f"Deel 1: wie komt er? ({number})".encode()
    defaults = {"file": ContentFile(body, name=name), "name": name, "version": f"versie {number}"}
    return baker.make(DocumentFile, **(defaults | fields))


def event(*, topics: Iterable[Topic] = (), **fields: Any) -> Event:
    """A public event of some years ago; of a new theme unless named."""
    number = next(_numbers)
    fields["theme"] = fields.get("theme") or theme()
    defaults = {
        "slug": f"activiteit-{number}",
        "title": f"Uitwisselingsdag {number}",
        "kind": "Uitwisselingsdag",
        "starts_on": date(2019, 5, 14),
        "hours": "9.30 tot 12 uur",
        "place": f"Zaal {number}",
        "summary": f"Wij bezochten elkaars plek. ({number})",
        "body": f"<p>Om tien uur begon het gesprek. ({number})</p>",
        "to_confirm": "",
    }
    made = baker.make(Event, **_published(defaults | fields))
    made.topics.add(*topics)
    return made


def event_link(**fields: Any) -> EventLink:
    """More about an event elsewhere; of a new event unless named."""
    number = next(_numbers)
    fields["event"] = fields.get("event") or event()
    defaults = {"title": f"Verslag van de dag ({number})", "url": f"https://verslag.example.org/{number}"}
    return baker.make(EventLink, **(defaults | fields))


def event_file(*, content: bytes = b"", **fields: Any) -> EventFile:
    """A stored presentation, as text; of a new event unless named."""
    number = next(_numbers)
    fields["event"] = fields.get("event") or event()
    name = fields.pop("name", f"presentatie-{number}.txt")
    body = content or f"Blad 1: de drempel. ({number})".encode()
    return baker.make(EventFile, **({"file": ContentFile(body, name=name), "name": name} | fields))


def event_image(**fields: Any) -> EventImage:
    """A stored picture of an event; of a new event unless named."""
    number = next(_numbers)
    fields["event"] = fields.get("event") or event()
    name = fields.pop("name", f"zaal-{number}.png")
    defaults = {
        "file": ContentFile(picture((66, number % 256, number // 256 % 256)), name=name),
        "name": name,
        "alt": f"Een zaal met ronde tafels ({number})",
        "consent": True,
    }
    return baker.make(EventImage, **(defaults | fields))


def contact_person(**fields: Any) -> ContactPerson:
    """A public contact person; of a new theme unless named."""
    number = next(_numbers)
    fields["theme"] = fields.get("theme") or theme()
    defaults = {
        "name": f"{_pick(_PEOPLE, number)} {number}",
        "role": f"aanspreekpunt ({number})",
        "order": number % 30_000,
    }
    return baker.make(ContactPerson, **_published(defaults | fields))


def contact_address(**fields: Any) -> ContactAddress:
    """Where messages for a contact person go; a new person unless named."""
    fields["person"] = fields.get("person") or contact_person()
    return baker.make(ContactAddress, **({"email": f"thema.{next(_numbers)}@example.org"} | fields))


def page(**fields: Any) -> Page:
    """A public page."""
    number = next(_numbers)
    defaults = {
        "slug": f"bladzijde-{number}",
        "title": f"Over het portaal {number}",
        "intro": "Wat je hier vindt.",
        "body": "<p>Dit portaal is voor wie met gezinnen werkt.</p>",
    }
    return baker.make(Page, **_published(defaults | fields))


def facet(**fields: Any) -> Facet:
    """A facet that is shown as a filter."""
    number = next(_numbers)
    defaults = {
        "slug": f"facet-{number}",
        "label": f"Kenmerk {number}",
        "help_text": "",
        "origin": "",
        "order": number % 30_000,
    }
    return baker.make(Facet, **(defaults | fields))


def facet_value(**fields: Any) -> FacetValue:
    """A value; of a new facet unless named."""
    number = next(_numbers)
    fields["facet"] = fields.get("facet") or facet()
    defaults = {
        "slug": f"waarde-{number}",
        "label": f"Waarde {number}",
        "description": "",
        "order": number % 30_000,
    }
    return baker.make(FacetValue, **(defaults | fields))


def practice(*, values: Iterable[FacetValue] = (), **fields: Any) -> Practice:
    """A public practice."""
    number = next(_numbers)
    name = fields.get("name", _title(number))
    defaults = {
        "identifier": None,
        "slug": f"{slugify(name)[:90]}-{number}",
        "name": name,
        "summary": "Ouders en kinderen komen samen om te spelen. De koffie staat klaar en iedereen is welkom.",
        "special": "De bakfiets komt tot bij de gezinnen.",
        "organisation": f"Huis van het Kind {_pick(_TOWNS, number)}",
        "municipality": _pick(_TOWNS, number),
        "approach": "<p>Elke week op woensdag, zonder afspraak.</p>",
        "partners": "",
        "unconfirmed": "",
        "reference_year": 2024,
    }
    made = baker.make(Practice, **_published(defaults | fields))
    made.values.add(*values)
    return made


def practice_source(**fields: Any) -> PracticeSource:
    """A public source; of a new practice unless named."""
    number = next(_numbers)
    fields["practice"] = fields.get("practice") or practice()
    defaults = {
        "url": f"https://bron.example.org/artikel/{number}",
        "description": f"Pers, mei 2019 ({number})",
    }
    return baker.make(PracticeSource, **(defaults | fields))


def practice_link(**fields: Any) -> PracticeLink:
    """Material elsewhere; of a new practice unless named."""
    number = next(_numbers)
    fields["practice"] = fields.get("practice") or practice()
    defaults = {"url": f"https://materiaal.example.org/{number}", "title": f"Draaiboek {number}"}
    return baker.make(PracticeLink, **(defaults | fields))


def practice_file(*, content: bytes = b"", **fields: Any) -> PracticeFile:
    """A stored text file with this content; of a new practice unless named."""
    number = next(_numbers)
    fields["practice"] = fields.get("practice") or practice()
    name = fields.pop("name", f"draaiboek-{number}.txt")
    body = content or f"Stap 1: zet koffie. ({number})".encode()
    return baker.make(PracticeFile, **({"file": ContentFile(body, name=name), "name": name} | fields))


def picture(colour: tuple[int, int, int] = (244, 185, 66), size: tuple[int, int] = (32, 16)) -> bytes:
    """The bytes of a small PNG in one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def practice_image(**fields: Any) -> PracticeImage:
    """A stored picture; of a new practice unless named."""
    number = next(_numbers)
    fields["practice"] = fields.get("practice") or practice()
    name = fields.pop("name", f"speelhoek-{number}.png")
    colour = (number % 256, number // 256 % 256, 66)
    defaults = {
        "file": ContentFile(picture(colour), name=name),
        "name": name,
        "alt": f"Een speelhoek met blokken ({number})",
        "consent": True,
    }
    return baker.make(PracticeImage, **(defaults | fields))


def practice_contact(**fields: Any) -> PracticeContact:
    """Who to ask about a practice; a new practice unless named."""
    number = next(_numbers)
    fields["practice"] = fields.get("practice") or practice()
    defaults = {"role": f"Coördinatie {number}", "email": f"werking.{number}@example.org", "phone": ""}
    return baker.make(PracticeContact, **(defaults | fields))


def experience(*, email: str = "", **fields: Any) -> Experience:
    """An approved note of somebody who tried a practice; of a new practice unless named, with a sender."""
    number = next(_numbers)
    fields["practice"] = fields.get("practice") or practice()
    now = timezone.now()
    defaults = {
        "start_key": uuid.uuid4(),
        "state": ExperienceState.APPROVED,
        "place": f"Consultatiebureau in {_pick(_TOWNS, number)} ({number})",
        "author": "",
        "context": "Elke woensdag zitten er zes tot tien gezinnen in onze wachtruimte, meestal met baby's.",
        "changed": "Wij zetten de tafel niet buiten maar naast de weegschaal, en we schonken thee in plaats van soep.",
        "learned": "Wie gehaast was, ging er niet bij zitten. Pas toen een ouder schonk, bleven anderen staan praten.",
        "reason": "",
    }
    fields = defaults | fields
    if fields["state"] != ExperienceState.UNCONFIRMED:
        fields = {"confirmed_at": now} | fields
    if fields["state"] == ExperienceState.APPROVED:
        fields = {"approved_at": now} | fields
    if fields["state"] == ExperienceState.DECLINED:
        fields["reason"] = fields["reason"] or "Dit gaat over een andere praktijk."
    made = Experience.objects.create(**fields)
    ExperienceSender.objects.create(experience=made, email=email or f"probeerder.{number}@example.org")
    return made


def former_slug(**fields: Any) -> FormerSlug:
    """An address that a practice had before; of a new practice unless named."""
    fields["practice"] = fields.get("practice") or practice()
    return baker.make(FormerSlug, **({"slug": f"vroeger-{next(_numbers)}"} | fields))


def import_run(*, content: bytes = b"", **fields: Any) -> ImportRun:
    """A file with one practice that an editor laid down, not checked yet."""
    number = next(_numbers)
    name = fields.pop("name", f"praktijken-{number}.csv")
    body = content or f"nummer;gemeente\r\nP{number};Gent\r\n".encode()
    return baker.make(ImportRun, **({"file": ContentFile(body, name=name), "name": name} | fields))


def outgoing_mail(**fields: Any) -> OutgoingMail:
    """A mail that waits in the outbox, without a job."""
    number = next(_numbers)
    defaults = {
        "to": [f"lezer.{number}@example.org"],
        "from_email": "portaal@example.org",
        "subject": f"Nieuw in het portaal {number}",
        "text": "Er staat iets nieuws voor je klaar.",
    }
    return baker.make(OutgoingMail, **(defaults | fields))


def synonym_group(**fields: Any) -> SynonymGroup:
    """Two words that mean the same."""
    number = next(_numbers)
    group = SynonymGroup(**({"words": f"kletshoek{number}, babbelhoek{number}"} | fields))
    group.full_clean()
    group.save()
    return group


def search_count(**fields: Any) -> SearchCount:
    """What enough people searched for today."""
    defaults = {"day": timezone.localdate(), "query": f"kletshoek {next(_numbers)}", "searches": 5}
    return baker.make(SearchCount, **(defaults | {"searchers": 3, "results": 1} | fields))


def pinned_answer(**fields: Any) -> PinnedAnswer:
    """A public answer to a search."""
    number = next(_numbers)
    defaults = {
        "searches": f"inschrijving{number}\nzich inschrijven{number}",
        "title": f"Hoe schrijf je in? {number}",
        "text": "Dat hoeft nergens: loop gewoon binnen.",
        "url": "/praktijken/",
    }
    answer = PinnedAnswer(**_published(defaults | fields))
    answer.full_clean()
    answer.save()
    return answer


def search_word(**fields: Any) -> SearchWord:
    """A word of the public content."""
    return baker.make(SearchWord, **({"word": f"woord{next(_numbers)}", "texts": 1} | fields))
