"""A word nobody else has in every text and file of a discussion: members read it, and nobody learns of it elsewhere."""

from __future__ import annotations

import io
import itertools

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from expoo_portal.outbox import OutgoingMail
from expoo_portal.search.words import SearchWord, rebuild_words
from network.models import Draft, Post, PostFile, PostReport, PostVersion
from tests import factories
from tests.guards.discussions import discussion_routes
from tests.guards.routes import address, ask, body, routes
from tests.roles import INSIDERS, Role, make_clients

from .discussing import Room, reply_form

pytestmark = pytest.mark.django_db

# An ordinary word to search for, in each of the texts.
COMMON = "vuurkorf"


def photo(word: str) -> bytes:
    """A picture that says more about its maker than they know."""
    exif = Image.Exif()
    exif[0x010E] = word
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 90, 60)).save(stream, "JPEG", exif=exif)
    return stream.getvalue()


class Marked:
    """A group in which everything holds a word of its own."""

    def __init__(self) -> None:
        numbers = itertools.count(1)
        self.words: dict[str, str] = {}

        def word(place: str) -> str:
            self.words[place] = f"zqx{'bcdfghjkmn'[next(numbers) % 10]}{next(numbers):04}"
            return f"{COMMON} {self.words[place]}"

        self.room = Room()
        practice = factories.practice(slug="speelbos")
        link = f'<a href="{practice.get_absolute_url()}">speelbos</a>'
        self.thread = self.room.thread(title=word("title"), body=f"<p>{word('body')} {link}</p>")
        self.post = Post.objects.unrestricted().get(thread=self.thread)
        PostVersion.objects.create(post=self.post, body=f"<p>{word('version')}</p>")
        self.post.edited_at = self.post.created
        self.post.save()
        text = ContentFile(word("file").encode(), name=f"{word('file name').replace(' ', '-')}.txt")
        picture = ContentFile(photo(word("exif")), name="foto.jpg")
        self.files = [
            PostFile(post=self.post, file=text),
            PostFile(post=self.post, file=picture, alt=word("alt")),
        ]
        draft = Draft.objects.create(
            group=self.room.group, user=self.room.member(), thread=self.thread, body=f"<p>{word('draft')}</p>"
        )
        drafted = ContentFile(word("draft file").encode(), name="concept.txt")
        self.files.append(PostFile(draft=draft, file=drafted))
        for file in self.files:
            file.save()
        PostReport.objects.create(
            group=self.room.group, post=self.post, reporter=self.room.member(), reason=word("report")
        )
        rebuild_words()

    def addresses(self) -> list[str]:
        """Everything that can be asked for, with or without knowing of the group."""
        table = discussion_routes(self.room.group)
        inside = [address(name, row) for name, row in table.items()]
        own = {"thread": self.thread.pk, "post": self.post.pk}
        for name, row in table.items():
            kwargs = {key: own.get(key, value) for key, value in row.kwargs.items()}
            inside.append(address(name, type(row)(row.get, row.post, kwargs)))
        files = [file.get_absolute_url() for file in self.files]
        files += [f"{files[1]}?maat=kaart", f"{files[1]}?maat=blad"]
        public = [
            "/",
            "/praktijken/",
            "/praktijken/speelbos/",
            "/netwerk/",
            f"/netwerk/{self.room.group.slug}/",
        ]
        public += [
            f"/zoeken/?q={COMMON}",
            f"/zoeken/?q={COMMON}&soort=gesprekken",
            f"/praktijken/?q={COMMON}",
        ]
        public += [f"/zoeken/aanvullen/?q={COMMON[:4]}", "/zoeken/aanvullen/?q=zqx", "/sitemap.xml"]
        public += ["/praktijken/feed/", "/praktijken/export.json", "/praktijken/export.csv", "/robots.txt"]
        return [*inside, *files, *public]


def seen_by(marked: Marked, client) -> set[str]:
    found = set()
    for path in marked.addresses():
        for method in ("GET", "POST"):
            response = ask(client, method, path)
            text = body(response).decode(errors="replace") + repr(dict(response.items()))
            found |= {place for place, word in marked.words.items() if word in text}
    return found


@pytest.mark.parametrize("role", Role)
def test_members_read_what_was_said_and_nobody_else_learns_of_it(role: Role) -> None:
    marked = Marked()
    said = {"title", "body", "version", "file", "file name", "alt"}
    found = seen_by(marked, make_clients(marked.room.group)[role])
    assert found - {"report"} == (said if role in INSIDERS else set())
    assert role is Role.FACILITATOR or "report" not in found


def test_a_writer_alone_reads_the_draft() -> None:
    marked = Marked()
    found = seen_by(marked, marked.room.client())
    assert {"draft", "draft file"} <= found
    assert not {"exif", "report"} & found


def test_nothing_said_inside_becomes_a_search_word_or_stands_in_a_mail(settings) -> None:
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"
    marked = Marked()
    client = marked.room.client("Bo Claes")
    client.post(marked.room.address("post_reply", marked.thread.pk), reply_form(body=f"{COMMON} zqxgeheim"))
    words = {*marked.words.values(), "zqxgeheim", COMMON}
    assert not words & set(SearchWord.objects.values_list("word", flat=True))
    inside = words - {marked.words["title"], COMMON}
    for mail in OutgoingMail.objects.all():
        assert not [word for word in inside if word in f"{mail.subject}{mail.text}{mail.html}{mail.headers}"]


def test_every_page_of_discussions_is_read_here() -> None:
    named = {
        route.name
        for route in routes()
        if ("/gesprekken/" in route.pattern or "/berichten/" in route.pattern)
        and "/begeleiding/" not in route.pattern
    }
    assert named <= set(discussion_routes(factories.group()))
