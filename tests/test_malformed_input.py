"""20,000 requests that no browser sends: none of them breaks anything.

The addresses, parameters, headers and bodies are put together, by a seeded generator, from pieces that have broken
web sites before, random bytes and random characters of all of Unicode. (As hypothesis strategies the same pieces
cost twice as much time as the portal's answers.) An answer of 5xx or an exception fails and shows its request.
"""

from __future__ import annotations

import logging
import random
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import quote_from_bytes
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.test import Client

from expoo_portal.themes import agreements as theme_agreements
from expoo_portal.themes import contact as theme_contact
from network import private_links as network_links
from network.models import Invitation
from practices import confirming, experiences
from practices.experiences import Sent
from practices.models import ExperienceState
from practices.workflow import State
from tests import factories
from tests.dossiers import dossier
from tests.guards.routes import body
from tests.guards.world import World, make_world
from tests.roles import Role, client_of, person

PER_PART = 2_500
PARTS = {
    **{f"visitor {number}": Role.ANONYMOUS for number in range(6)},
    "member": Role.MEMBER,
    "editor": Role.EDITOR,
}

# Pieces --------------------------------------------------------------------------------------------------------

SURROGATE, OVERLONG_SLASH, OVERLONG_NUL = b"\xed\xa0\x80", b"\xc0\xaf", b"\xe0\x80\x80"
NASTY: tuple[bytes, ...] = (
    b"",
    b"\x00",
    b"koffie\x00thee",
    SURROGATE,
    b"koffie" + SURROGATE,
    OVERLONG_SLASH,
    OVERLONG_NUL,
    b"\xff\xfe",
    b"\x80",
    b"\r\nSet-Cookie: x=1",
    b"\x1b[31m\x07\x7f",
    "\u202ekoffie\u2066".encode(),
    "e\u0301\u0301\u0301\u0301".encode(),
    "ﬁ ① Ⅻ ß ĳ İ".encode(),
    "👩‍👩‍👧‍👦🇧🇪".encode(),
    "\ue0000\ue001".encode(),
    "\U0010ffff".encode(),
    b"0",
    b"-1",
    b"1",
    b"2",
    b"3.0",
    b"1e309",
    b"NaN",
    b"0x1F",
    b"9223372036854775808",
    b"9" * 400,
    "٣".encode(),
    "²".encode(),
    b"99999-12-31",
    b"year-99999",
    b"0000-00-00",
    b"2026-02-30T25:61:61Z",
    b"' OR 1=1 --",
    b'"; DROP TABLE practices_practice; --',
    b"a:* & !b | (c",
    b"<->",
    b"\\",
    b"%",
    b"%%s %(x)s {0} {{ x }} {% x %}",
    b"$(id) `id` ${jndi:ldap://x}",
    b"../../../../etc/passwd",
    b"<script>alert(1)</script>",
    b"true",
    b"null",
    b"[]",
    b"[object Object]",
    b"koffie " * 1_100,
    "ĳ".encode() * 4_000,
    b"a-" * 4_000,
    b"x" * 8_000,
)
PARAMETERS = (
    *(
        b"q",
        b"pagina",
        b"sorteer",
        b"weergave",
        b"ruimte",
        b"type-organisatie",
        b"maat",
        b"next",
        b"page",
        b"p",
        b"zoek",
        b"uit",
        b"verschillen",
        b"uitdaging",
        b"onderwerp",
        b"answer",
        b"note",
        b"context",
        b"start_key",
        b"stap",
        b"text",
        b"rules_version",
        b"verlaten",
    ),
    *(b"soort", b"tips", b"volgorde", b"vorm", b"to", b"name", b"message", b"website"),
    *(b"datum", b"organisatie-1", b"contact-4", b"kies-ruimte", b"regel-ruimte-1", b"eigen-ruimte"),
    *(
        b"q[]",
        b"q.x",
        b"\x00",
        SURROGATE,
        b"__proto__",
        b"csrfmiddlewaretoken",
        b"_method",
        b"e",
        b"o",
        b"all",
    ),
    *(b"status__exact", b"values__id__exact", b"password__startswith", b"_popup", b"_to_field", b"id__in"),
    *(
        b"login",
        b"email",
        b"password",
        b"code",
        b"action",
        b"term",
        b"app_label",
        b"model_name",
        b"field_name",
    ),
)
HEADERS: Mapping[str, tuple[str, ...]] = {
    "HTTP_RANGE": (
        "bytes=0-",
        "bytes=-0",
        "bytes=5-2",
        "bytes=0-0,1-1",
        "bytes=" + "9" * 30 + "-",
        "x=1",
        "bytes=\xff-",
    ),
    "HTTP_IF_NONE_MATCH": ("*", '"', 'W/"', '"a", W/"b"', "W/", ", ,", '"\xff"', '"' * 500),
    "HTTP_IF_RANGE": ('"x"', "Mon, 99 Foo 99999 99:99:99 GMT"),
    "HTTP_IF_MODIFIED_SINCE": ("Mon, 99 Foo 99999 99:99:99 GMT", "x", "Sun, 06 Nov 1994 08:49:37 GMT"),
    "HTTP_ACCEPT_ENCODING": ("gzip", "gzip;q=0", "*", "br, gzip;q=nan", "\xff", "gzip," * 500),
    "HTTP_ACCEPT_LANGUAGE": ("nl", "xx-99999", "a" * 600, "../../etc", "\xff\xfe", "nl;q=1e309"),
    "HTTP_ACCEPT": ("*/*", "text/html;level=;q=", "\xff"),
    "HTTP_HX_REQUEST": ("true", "x"),
    "HTTP_HX_CURRENT_URL": ("http://x", "http://[", "\xff"),
    "HTTP_HX_TRIGGER": ("{", "\xff"),
    "HTTP_COOKIE": (
        *(
            "sessie=x",
            "sessie=",
            "sessie=" + "x" * 5_000,
            "csrf=x",
            "sessie=\x00",
            "=",
            ";;;",
            "sessie=\xff; csrf=\xff",
        ),
        *('sessie="a\\054b"', "$Version=1; sessie=a; sessie=b", "messages=x; sessionid=x"),
    ),
    "HTTP_HOST": (
        "",
        "x",
        "127.0.0.1:0",
        "127.0.0.1:99999",
        "[::1",
        "a" * 300,
        "127.0.0.1\xff",
        "localhost:x",
    ),
    "HTTP_ORIGIN": ("null", "http://[", "https://elders.example.org"),
    "HTTP_REFERER": ("http://[", "x", "https://elders.example.org/\xff"),
    "HTTP_X_FORWARDED_FOR": ("x", "1.2.3.4, ::1, \xff", "999.999.999.999", "," * 500, "127.0.0.1:80"),
    "HTTP_X_FORWARDED_PROTO": ("https", "x", ""),
    "HTTP_X_REQUESTED_WITH": ("XMLHttpRequest",),
    "HTTP_X_CSRFTOKEN": ("x", "\xff"),
    "HTTP_X_HTTP_METHOD_OVERRIDE": ("DELETE",),
    "HTTP_USER_AGENT": ("", "\xff" * 1_000, "curl"),
    "HTTP_EXPECT": ("100-continue",),
    "HTTP_TRANSFER_ENCODING": ("chunked", "x"),
    "CONTENT_LENGTH": ("0", "-1", "x", "", "9" * 30, "1"),
    "CONTENT_TYPE": (
        *(
            "application/x-www-form-urlencoded",
            "application/json",
            "text/plain; charset=x",
            "multipart/form-data",
        ),
        *(
            "multipart/form-data; boundary=",
            "multipart/form-data; boundary=x",
            "\xff",
            "application/x-www-form-urlencoded; charset=utf-7",
        ),
    ),
}
METHODS = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "", "X" * 300)


@dataclass(frozen=True)
class Asked:
    """A request as the web server hands it over: bytes as latin-1, nothing decoded."""

    method: str
    path: bytes
    query: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    form: bytes = b""


def escaped(value: bytes) -> bytes:
    """As it stands in an address."""
    return quote_from_bytes(value, safe="").encode()


def confirming_path() -> bytes:
    """The page of a question whether a practice is still true."""
    return f"/praktijken/bevestigen/{confirming.token_of(confirming.ask(dossier(State.DUE)))}/".encode()


def experience_path() -> bytes:
    """The page of a note that waits for its sender."""
    note = factories.experience(state=ExperienceState.UNCONFIRMED, email="probeerder@example.org")
    return f"/praktijken/geprobeerd/{experiences.token_of(Sent(note, 'probeerder@example.org'))}/".encode()


def theme_paths(world: World) -> list[bytes]:
    """The site search, and the pages of what hangs under a theme with its forms."""
    topic = world.theme.topics.get()
    document, event = factories.document(theme=world.theme), factories.event(theme=world.theme)
    recording = factories.broadcast_audio(broadcast=factories.broadcast(theme=world.theme))
    factories.transcript_line(chapter=factories.chapter(broadcast=recording.broadcast))
    tip = factories.tip(theme=world.theme, topic=topic)
    factories.section_link(section=factories.theme_section(theme=world.theme))
    factories.agreement_line(group=factories.agreement_group(theme=world.theme, slug="ruimte"))
    factories.contact_person(theme=world.theme)
    factories.pinned_answer(searches="koffie")
    theme = world.theme.get_absolute_url()
    pages = ("", "visie/", "visie/gespreksblad/", "herbeluister/", "documenten/", "agenda/", "feed/")
    # Often, for most of what is typed is sent there.
    forms = ("contact/", "afspraken/") * 3
    addresses = [
        *("/zoeken/", "/zoeken/?q=koffie", "/zoeken/?q=koffie&soort=tips", "/zoeken/aanvullen/") * 2,
        *("/zoeken/aanvullen/?q=ko", "/themas/"),
        *(f"{theme}{page}" for page in (*pages, *forms)),
        f"{theme}visie/?tips={tip.code}&volgorde={tip.code}",
        f"{theme}documenten/?onderwerp={topic.slug}",
        f"{theme}agenda/?pagina=2",
        recording.broadcast.get_absolute_url(),
        recording.get_absolute_url(),
        document.get_absolute_url(),
        event.get_absolute_url(),
        f"{event.get_absolute_url()}agenda.ics",
    ]
    return [address.encode() for address in addresses]


def membership_paths(world: World) -> list[bytes]:
    """The introduction of a group, the form to join it, and the private pages of who asked or was invited."""
    asked = factories.membership_request(group=world.group, state="asked", message="Waar werk je?")
    invited = Invitation.objects.create(group=world.group, email="genodigd@example.org")
    group = f"/netwerk/{world.group.slug}/"
    addresses = [
        *("/netwerk/", group, f"{group}aanvragen/", f"{group}lidmaatschap/"),
        *(f"{group}begeleiding/aanvragen/", f"{group}begeleiding/uitnodigingen/"),
        f"/netwerk/aanvraag/{network_links.token_of('network-request', asked)}/",
        f"/netwerk/uitnodiging/{network_links.token_of('network-invitation', invited)}/",
    ]
    return [address.encode() for address in addresses]


class Generator:
    """Draws requests about a small portal; the same seed gives the same requests."""

    def __init__(self, world: World, number: int) -> None:
        self.draw = random.Random(number)
        theme = world.theme.get_absolute_url()
        file, image = world.file.get_absolute_url().encode(), world.image.get_absolute_url().encode()
        self.known = [
            *(b"/", b"/praktijken/verras-me/", b"/praktijken/feed/", b"/praktijken/speelbos/afdrukken/"),
            *(b"/praktijken/export.csv", b"/praktijken/export.json", b"/praktijken/open-data/"),
            b"/praktijken/speelbos/beeld.png",
            *(b"/praktijken/waaier/", b"/praktijken/waaier/afdrukken/", b"/praktijken/vergelijk/"),
            b"/praktijken/uitdagingen/",
            *theme_paths(world),
            *membership_paths(world),
            *(confirming_path(), experience_path(), b"/praktijken/speelbos/geprobeerd/"),
            *(b"/praktijken/speelbos/", b"/praktijken/speelbos-vroeger/", b"/over/", b"/bestaat-niet/"),
            *(
                b"/gezond/",
                b"/robots.txt",
                b"/sitemap.xml",
                b"/stijlgids/",
                file,
                image,
                image + b"?maat=kaart",
            ),
            *(b"/account/login/", b"/account/login/code/", b"/account/password/reset/", b"/account/signup/"),
            *(
                b"/account/login/code/confirm/",
                b"/account/2fa/authenticate/",
                b"/account/",
                b"/account/email/",
                b"/account/mijn-gegevens/",
                b"/account/mijn-gegevens/naam/",
                b"/account/mijn-gegevens/wissen/?bijdragen=weg",
            ),
            *(b"/beheer/", b"/beheer/login/", b"/beheer/practices/practice/", b"/beheer/portal/page/add/"),
            *(b"/beheer/practices/practice/%d/change/" % world.practice.pk, b"/beheer/autocomplete/"),
            *(b"/beheer/themes/theme/%d/change/" % world.theme.pk, b"/beheer/nagekeken/"),
            *(b"/beheer/nagekeken/themes.theme/1/", b"/beheer/portal/searchcount/?dagen=7"),
            *(b"/beheer/themes/tip/?thema=x", b"/beheer/themes/broadcast/1/hoofdstuk/1/"),
            *(b"/beheer/jsi18n/", b"/static/css/site.css", b"/static/", b"/media/x", b"/favicon.ico"),
        ]
        self.folders = [
            *(
                b"/",
                b"/praktijken/",
                b"/praktijken/speelbos/",
                b"/bestanden/",
                b"/bestanden/praktijk-bestand/",
            ),
            *(file.rpartition(b"/")[0] + b"/", image.rpartition(b"/")[0] + b"/"),
            *(f"/bestanden/x/{uuid.UUID(int=0)}/".encode(), b"/account/", b"/account/2fa/", b"/static/"),
            *(b"/beheer/", b"/beheer/practices/practice/", b"/beheer/r/", b"/beheer/bestanden/"),
            *(b"/themas/", f"{theme}visie/".encode(), f"{theme}documenten/".encode(), theme.encode()),
        ]

    def text(self) -> bytes:
        """A value that somebody should have refused."""
        kind = self.draw.random()
        if kind < 0.6:
            return self.draw.choice(NASTY)
        if kind < 0.75:
            return self.draw.randbytes(self.draw.randrange(12))
        if kind < 0.9:
            characters = (chr(self.draw.randrange(0x110000)) for _ in range(self.draw.randrange(8)))
            return "".join(characters).encode("utf-8", "surrogatepass")
        return self.draw.choice(NASTY) + self.draw.choice(NASTY)

    def path(self) -> bytes:
        """An address of the portal, whole, broken, or with something behind it."""
        kind = self.draw.random()
        if kind < 0.3:
            return b"/praktijken/"
        if kind < 0.75:
            return self.draw.choice(self.known)
        if kind < 0.9:
            end = self.draw.choice((b"", b"/", b"//", b"/afdrukken/", b"/change/"))
            return self.draw.choice(self.folders) + self.text() + end
        return self.draw.choice(self.known) + self.text() if kind < 0.97 else self.text()

    def query(self) -> bytes:
        """Parameters that may come back, escaped or not."""
        parts = []
        is_raw = self.draw.random() < 0.25
        for _ in range(self.draw.choice((0, 1, 1, 1, 2, 3))):
            name = self.draw.choice(PARAMETERS) if self.draw.random() < 0.9 else self.text()
            for _ in range(self.draw.choice((1, 1, 1, 2, 5))):
                value = self.text()
                parts.append(b"%s=%s" % ((name, value) if is_raw else (escaped(name), escaped(value))))
        return self.draw.choice((b"&", b"&", b"&", b";", b"&&")).join(parts)

    def headers(self) -> dict[str, str]:
        """Odd headers, or none."""
        names = self.draw.sample(sorted(HEADERS), self.draw.choice((0, 0, 1, 1, 2, 4)))
        return {name: self.draw.choice(HEADERS[name]) for name in names}

    def request(self) -> Asked:
        """Mostly reading, as that is what most of the portal takes; now and then a form or an odd method."""
        if self.draw.random() < 0.8:
            method = self.draw.choice(("GET", "GET", "GET", "HEAD"))
            return Asked(method, self.path(), self.query(), self.headers())
        method = self.draw.choice(("POST", self.draw.choice(METHODS)))
        form = self.query() if self.draw.random() < 0.8 else self.text()
        return Asked(method, self.path(), self.query(), self.headers(), form)


# The test ------------------------------------------------------------------------------------------------------


def send(client: Client, asked: Asked) -> int:
    """The status of the answer; raises what the portal raises."""
    address, _, query = asked.path.partition(b"?")
    environ = {"CONTENT_TYPE": "application/x-www-form-urlencoded", **asked.headers}
    environ |= {"PATH_INFO": address.decode("latin-1"), "REQUEST_METHOD": asked.method}
    environ["QUERY_STRING"] = (query + b"&" + asked.query if query else asked.query).decode("latin-1")
    cookies = client.cookies.output(header="", sep="; ")
    if cookies and "HTTP_COOKIE" not in environ:
        environ["HTTP_COOKIE"] = cookies
    response = client.generic("POST", "/", asked.form, **environ)
    body(response)
    return response.status_code


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("part", PARTS)
def test_nothing_breaks(db: None, part: str) -> None:
    world = make_world()
    for _ in range(30):
        factories.practice()
    role = PARTS[part]
    client = client_of(person(role, world.group))
    kept = client.cookies.output()
    generator = Generator(world, list(PARTS).index(part))
    statuses: Counter[int] = Counter()
    for _ in range(PER_PART):
        asked = generator.request()
        try:
            status = send(client, asked)
        except Exception as error:
            error.add_note(f"asked: {asked}")
            raise
        assert status < 500, asked
        statuses[status] += 1
        client.cookies.clear()
        client.cookies.load(kept.replace("Set-Cookie: ", ""))
    # Not all of it may be refused at the door.
    assert statuses[200] > PER_PART / 4, statuses


CONTACT = {"to": b"team", "name": b"An", "email": b"an@example.org", "message": b"Dag!", "start_key": b""}
SHEET = {"organisatie-1": b"Huis", "contact-1": b"An", "datum": b"2027-01-02", "eigen-ruimte": b"Wij delen."}


def changed(form: Mapping[str, bytes]) -> Iterator[bytes]:
    """The form with each nasty value in each of its fields, and with each name of a field broken."""
    for name in form:
        for value in NASTY:
            fields = {**form, name: value}
            yield b"&".join(b"%s=%s" % (key.encode(), escaped(each)) for key, each in fields.items())
    yield b"&".join(b"%s=x" % escaped(name) for name in NASTY)
    yield b"&".join([b"eigen-ruimte=x"] * 900)
    yield b"&".join([b"eigen-ruimte=" + b"y" * 2_000] * 900)


def sent(path: str, form: bytes) -> HttpResponse:
    """The answer to a visitor who sends this."""
    return Client().post(path, form, content_type="application/x-www-form-urlencoded")


def test_a_letter_holds_what_was_typed_on_the_lines_where_it_belongs(
    db: None, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMessage]
) -> None:
    monkeypatch.setattr(theme_contact, "is_allowed", lambda *args, **options: True)
    path = f"{make_world().theme.get_absolute_url()}contact/"
    for form in changed(CONTACT):
        before = len(mailoutbox)
        response = sent(path, form)
        assert response.status_code in (200, 422), form[:300]
        assert (len(mailoutbox) > before) == (response.status_code == 200), form[:300]
    assert len(mailoutbox) > len(NASTY)
    for mail in mailoutbox:
        headers = mail.message()
        assert "Set-Cookie" not in headers
        assert headers["Reply-To"] == mail.reply_to[0]
        assert len(mail.to) == len(mail.reply_to) == 1


def test_a_sheet_of_agreements_is_a_document_whatever_was_typed(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theme_agreements, "is_allowed", lambda *args, **options: True)
    theme = make_world().theme
    group = factories.agreement_group(theme=theme, slug="ruimte")
    line = factories.agreement_line(group=group)
    chosen = {"kies-ruimte": str(line.pk).encode(), f"regel-ruimte-{line.pk}": b"[naam] opent."}
    path = f"{theme.get_absolute_url()}afspraken/"
    for form in changed(SHEET | chosen):
        for wanted in (b"druk", b"docx", b"wijzig"):
            response = sent(path, form + b"&vorm=" + wanted)
            assert response.status_code == 200, form[:300]
            if wanted == b"docx":
                with ZipFile(BytesIO(response.content)) as archive:
                    ElementTree.fromstring(archive.read("word/document.xml"))  # noqa: S314 - our own file
                assert response.headers["Content-Disposition"] == 'attachment; filename="afspraken.docx"'
