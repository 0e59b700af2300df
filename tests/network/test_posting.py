"""Writing in a group: starting, answering, changing, deleting, reporting, reacting."""

from __future__ import annotations

from email.utils import parseaddr

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from expoo_portal.mail import deliver
from expoo_portal.outbox import MailState, OutgoingMail
from network import posting, reactions
from network.models import (
    Membership,
    MembershipRole,
    Mention,
    Post,
    PostFile,
    PostReport,
    PostVersion,
    Reaction,
    ReactionKind,
)
from network.writing import NotPossible
from tests import factories

from .discussing import Room, posts_of, reply_form, thread_form, threads_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Room:
    return Room()


def picture(name: str = "soep.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, factories.picture(), "image/png")


def test_a_member_starts_a_thread_and_reads_it_with_its_picture(room: Room) -> None:
    topic = factories.topic(label="Buiten spelen")
    form = thread_form(topics=[topic.pk], bestand=[picture()], alt="Een kom soep")
    response = room.client().post(room.address("thread_new"), form, follow=True)
    page = response.content.decode()
    assert response.redirect_chain
    for text in (
        form["title"],
        form["body"],
        "Buiten spelen",
        'alt="Een kom soep"',
        "An Peeters",
        "staat erop",
    ):
        assert text in page
    (thread,) = threads_of(room.group)
    assert (thread.post_count, thread.last_number, thread.kind) == (1, 1, "question")


def test_what_was_typed_stays_when_something_misses(room: Room) -> None:
    response = room.client().post(room.address("thread_new"), thread_form(title="", bestand=[picture()]))
    page = response.content.decode()
    assert response.status_code == 422
    assert "Geef je gesprek een titel." in page
    assert "Wij zoeken een warme plek." in page
    assert "soep.png" in page  # Kept with the draft.
    assert not threads_of(room.group)


def test_a_case_has_no_place_in_the_form_of_a_thread(room: Room) -> None:
    page = room.client().get(room.address("thread_new")).content.decode()
    assert 'value="question"' in page
    assert 'value="case"' not in page
    assert room.client().post(room.address("thread_new"), thread_form(kind="case")).status_code == 422


def test_paragraphs_of_plain_text_become_paragraphs(room: Room) -> None:
    thread = room.thread()
    body = "Eerste.\r\nZelfde alinea & meer <b>.\r\n\r\nTweede: https://www.example.org/a?b=1&c=2"
    room.client().post(room.address("post_reply", thread.pk), reply_form(body=body))
    said = posts_of(thread)[-1].body
    assert said.count("<p>") == 2
    assert "Zelfde alinea &amp; meer &lt;b&gt;." in said
    assert 'href="https://www.example.org/a?b=1&amp;c=2"' in said


HOSTILE = (
    "<p>Dag<script>alert(1)</script></p>",
    '<p onclick="alert(1)">Dag</p>',
    '<p><a href="javascript:alert(1)">Dag</a></p>',
    "<p>Dag<img src=x onerror=alert(1)></p>",
    "<p>Dag<svg/onload=alert(1)></p>",
    '<p style="position:fixed">Dag</p><style>*{}</style>',
    "<p>Dag</p><iframe src=//elders.example.org></iframe>",
    '<p>Dag <a href="x" title="@An Peeters">@An</a> <img alt="<script>alert(1)</script>"></p>',
    "Dag <script>alert(1)</script> onclick=x",
)


@pytest.mark.parametrize("body", HOSTILE)
def test_hostile_text_does_no_harm(room: Room, body: str) -> None:
    thread = room.thread()
    client = room.client()
    room.client().post(room.address("post_reply", thread.pk), reply_form(body=body))
    said = posts_of(thread)[-1].body
    assert "Dag" in said
    page = client.get(room.address("thread", thread.pk)).content.decode()
    shown = page.split('id="bericht-2"')[1].split("post__foot")[0]
    for bad in ("<script", 'onclick="', "onerror=", "onload=", "javascript:", "<iframe", "<svg", "style="):
        assert bad not in said, bad
        assert bad not in shown, bad


def test_too_long_or_empty_is_said_and_kept(room: Room) -> None:
    address = room.address("post_reply", room.thread().pk)
    for body in ("", "   ", "<p></p>", "<p><br></p>"):
        assert "Schrijf eerst iets." in room.client().post(address, reply_form(body=body)).content.decode()
    page = room.client().post(address, reply_form(body="woord " * 4000)).content.decode()
    assert "Maak het korter" in page
    assert page.count("woord ") > 3000


def test_a_refused_file_loses_neither_the_text_nor_the_others(room: Room) -> None:
    thread = room.thread()
    files = [picture(), SimpleUploadedFile("virus.exe", b"MZ"), SimpleUploadedFile("leeg.pdf", b"")]
    address = room.address("post_reply", thread.pk)
    response = room.client().post(address, reply_form(bestand=files))
    page = response.content.decode()
    assert response.status_code == 422
    assert "virus.exe: Dit soort bestand kun je niet opladen." in page
    assert "soep.png" in page
    assert "Met soep en een vuurkorf." in page
    key = page.split('name="key" value="')[1].split('"')[0]
    room.client().post(address, reply_form(key=key))
    (file,) = PostFile.objects.unrestricted()
    assert (file.post, file.draft) == (posts_of(thread)[-1], None)


def test_the_same_form_sent_twice_is_one_post_and_one_thread(room: Room) -> None:
    client, thread = room.client(), room.thread()
    answer, started = reply_form(), thread_form()
    for _ in range(3):
        assert (
            client.post(room.address("post_reply", thread.pk), answer | {"bestand": picture()}).status_code
            == 302
        )
        client.post(room.address("thread_new"), started)
    assert [post.number for post in posts_of(thread)] == [1, 2]
    assert PostFile.objects.unrestricted().count() == 1
    assert len(threads_of(room.group)) == 2


def test_somebody_elses_key_is_no_way_to_their_post(room: Room) -> None:
    thread, form = room.thread(), reply_form()
    room.client("An Peeters").post(room.address("post_reply", thread.pk), form)
    room.client("Bo Claes").post(room.address("post_reply", thread.pk), form | {"body": "Van Bo."})
    assert [post.number for post in posts_of(thread)] == [1, 2, 3]


def test_a_closed_thread_takes_nothing_more_and_gives_the_text_back(room: Room) -> None:
    thread = room.thread(closed_at="2026-01-01T00:00:00Z")
    assert "Dit gesprek is gesloten" in room.client().get(room.address("thread", thread.pk)).content.decode()
    response = room.client().post(room.address("post_reply", thread.pk), reply_form())
    assert response.status_code == 422
    assert "Met soep en een vuurkorf." in response.content.decode()
    assert len(posts_of(thread)) == 1


def test_an_edit_keeps_what_was_said_before(room: Room) -> None:
    thread = room.thread(author=room.member(), body="<p>Eerst.</p>")
    (post,) = posts_of(thread)
    client, address = room.client(), room.address("post_edit", post.pk)
    assert "Eerst." in client.get(address).content.decode()
    for _ in range(2):
        client.post(address, {"body": "Daarna."})
    page = room.client("Bo Claes").get(room.address("post_versions", post.pk)).content.decode()
    assert "Eerst." in page
    assert "Daarna." in page
    assert PostVersion.objects.unrestricted().count() == 1
    assert "gewijzigd op" in client.get(room.address("thread", thread.pk)).content.decode()


def test_an_edit_without_the_editor_that_changes_nothing_keeps_the_markup(room: Room) -> None:
    body = "<p>Drie <strong>dingen</strong>:</p><ul><li><p>soep</p></li><li><p>thee</p></li></ul>"
    thread = room.thread(author=room.member(), body=body)
    (post,) = posts_of(thread)
    client, address = room.client(), room.address("post_edit", post.pk)
    client.post(address, {"body": "Drie dingen:\n\n- soep\n- thee"})
    assert posts_of(thread)[0].body == post.body


def test_only_the_writer_edits_and_only_in_an_open_thread(room: Room) -> None:
    thread = room.thread(author=room.member())
    address = room.address("post_edit", posts_of(thread)[0].pk)
    for other in (room.client("Bo Claes"), room.facilitator()):
        assert other.get(address).status_code == 404
        assert other.post(address, {"body": "Anders"}).status_code == 404
    thread.closed_at = thread.created
    thread.save()
    before = posts_of(thread)[0].body
    client = room.client()
    assert client.get(address).status_code == 404
    # Closed while they wrote: what they typed comes back, and what stood there stays.
    refused = client.post(address, {"body": "Anders gezegd"})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "Dit gesprek is gesloten" in page
    assert "Anders gezegd" in page
    assert posts_of(thread)[0].body == before


def test_a_deleted_post_leaves_its_place_and_nothing_else(room: Room) -> None:
    thread = room.thread()
    post = factories.post(thread=thread, author=room.member(), body="<p>Te veel gezegd.</p>")
    file = factories.post_file(post=post)
    factories.reaction(post=post, user=room.member("Bo Claes"))
    client, address = room.client(), room.address("post_delete", post.pk)
    client.post(room.address("post_edit", post.pk), {"body": "Te veel gezegd, en meer."})
    assert "Op die plaats staat" in client.get(address).content.decode()
    for _ in range(2):
        assert client.post(address).status_code == 302
    page = client.get(room.address("thread", thread.pk)).content.decode()
    assert "Bericht 2 is verwijderd door wie het schreef." in page
    assert "Te veel gezegd" not in page
    assert client.get(file.get_absolute_url()).status_code == 404
    assert client.get(room.address("post_versions", post.pk)).status_code == 404
    assert not Reaction.objects.unrestricted().exists()
    assert not PostVersion.objects.unrestricted().exists()
    thread.refresh_from_db()
    assert (thread.post_count, thread.last_number, thread.last_author_id) == (1, 2, thread.author_id)


def test_a_facilitator_deletes_any_post_and_that_is_said(room: Room) -> None:
    thread = room.thread()
    post = factories.post(thread=thread)
    assert room.client().get(room.address("post_delete", post.pk)).status_code == 404
    facilitator = room.facilitator()
    assert (
        "Het is niet jouw bericht" in facilitator.get(room.address("post_delete", post.pk)).content.decode()
    )
    facilitator.post(room.address("post_delete", post.pk))
    assert (
        "verwijderd door een begeleider"
        in facilitator.get(room.address("thread", thread.pk)).content.decode()
    )


def test_the_first_post_takes_the_thread_along_when_it_stands_alone(room: Room) -> None:
    alone, answered = (room.thread(author=room.member()) for _ in range(2))
    factories.post(thread=answered, author=room.member("Bo Claes"))
    client = room.client()
    for thread, words in (
        (alone, "Het hele gesprek verdwijnt"),
        (answered, "de antwoorden van anderen blijven"),
    ):
        address = room.address("post_delete", posts_of(thread)[0].pk)
        assert words in client.get(address).content.decode()
        client.post(address)
    assert client.get(room.address("thread", alone.pk)).status_code == 404
    page = client.get(room.address("thread", answered.pk)).content.decode()
    assert "Bericht 1 is verwijderd" in page
    assert answered.title in page


def test_a_report_reaches_the_facilitators_once(room: Room) -> None:
    post = posts_of(room.thread())[0]
    client, address = room.client(), room.address("post_report", post.pk)
    assert client.post(address, {"reason": ""}).status_code == 422
    for _ in range(3):
        assert client.post(address, {"reason": "Een gezin is herkenbaar."}).status_code == 302
    (report,) = PostReport.objects.unrestricted()
    assert (report.post, report.reporter, report.group) == (post, room.member(), room.group)


def test_a_report_is_mailed_to_each_facilitator_without_what_was_said(room: Room) -> None:
    guides = [room.member(name, MembershipRole.FACILITATOR) for name in ("Bea Begeleider", "Gust Gids")]
    post = factories.post(thread=room.thread(title="Een warm huis"), body="<p>Het gezin Janssens.</p>")
    for _ in range(2):
        room.client().post(room.address("post_report", post.pk), {"reason": "Een gezin is herkenbaar."})
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted(guide.email for guide in guides)
    for sent in mail.outbox:
        whole = f"{sent.subject} {sent.body} {sent.alternatives[0].content}"
        assert room.address("facilitation_reports") in whole
        for said in ("Janssens", "herkenbaar", "warm huis", room.member().name):
            assert said not in whole


def test_a_facilitator_who_stopped_hears_of_no_report_any_more(room: Room, settings) -> None:
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"
    guide = room.member("Bea Begeleider", MembershipRole.FACILITATOR)
    posting.report(room.viewer(), room.group, posts_of(room.thread())[0], "Te scherp.")
    (waiting,) = OutgoingMail.objects.filter(to=[guide.email])
    Membership.objects.unrestricted().filter(user=guide).update(role=MembershipRole.MEMBER)
    deliver(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == MailState.WITHDRAWN


def test_a_report_in_a_group_without_facilitators_asks_the_portal_for_one(room: Room, settings) -> None:
    post = posts_of(room.thread(title="Een warm huis"))[0]
    room.client().post(room.address("post_report", post.pk), {"reason": "Te scherp."})
    (sent,) = mail.outbox
    assert sent.to == [parseaddr(settings.CONTACT_EMAIL)[1]]
    assert reverse("admin:network_membership_changelist") in sent.body
    assert "warm huis" not in sent.body


@pytest.mark.parametrize("kind", ["answer", "thread"])
def test_who_posts_very_much_waits_a_while_and_loses_nothing(room: Room, monkeypatch, kind: str) -> None:
    monkeypatch.setattr("network.views.limits.POSTS", "2/h/key")
    thread = room.thread()
    client = room.client()
    name, args, form = {
        "answer": ("post_reply", [thread.pk], reply_form),
        "thread": ("thread_new", [], thread_form),
    }[kind]
    address = room.address(name, *args)
    first, second, third = (form(body=f"Tekst nummer {place}.") for place in range(3))
    assert client.post(address, first).status_code == 302
    assert client.post(room.address("post_reply", thread.pk), reply_form()).status_code == 302
    before = Post.objects.unrestricted().count()
    refused = client.post(address, {**third, "bestand": [picture()]})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "Wacht even en druk dan opnieuw op de knop" in page
    assert "Tekst nummer 2." in page
    assert third["key"] in page
    assert "soep.png" in page
    assert Post.objects.unrestricted().count() == before
    # What was posted already is no post more, and others have an hour of their own.
    assert client.post(address, first).status_code == 302
    assert room.client("Bo Claes").post(address, second).status_code == 302
    monkeypatch.setattr("network.views.limits.POSTS", "3/h/key")
    assert client.post(address, third).status_code == 302
    posted = Post.objects.unrestricted().order_by("pk").last()
    assert "Tekst nummer 2." in posted.body
    assert [file.name for file in PostFile.objects.unrestricted().filter(post=posted)] == ["soep.png"]


def test_reactions_show_who_and_twice_is_once(room: Room) -> None:
    thread = room.thread()
    post = posts_of(thread)[0]
    client, address = room.client(), room.address("post_react", post.pk)
    for _ in range(3):
        client.post(address, {"keuze": "recognise-aan"})
    assert Reaction.objects.unrestricted().count() == 1
    page = room.client("Bo Claes").get(room.address("thread", thread.pk)).content.decode()
    assert "· An Peeters" in page
    for _ in range(2):
        client.post(address, {"keuze": "recognise-uit"})
    assert not Reaction.objects.unrestricted().exists()
    client.post(address, {"keuze": "hoera-aan"})
    assert not Reaction.objects.unrestricted().exists()


def test_a_reaction_that_comes_too_late_leaves_nothing_on_a_deleted_post(room: Room) -> None:
    post = posts_of(room.thread(author=room.member("Bo Claes")))[0]
    factories.post(thread=post.thread)
    posting.delete(room.viewer("Bo Claes"), room.group, post.pk)
    with pytest.raises(NotPossible):
        reactions.react(room.viewer(), room.group, post, ReactionKind.THANKS, True)
    assert not Reaction.objects.unrestricted().exists()


def test_the_asker_marks_the_answer_that_helped(room: Room) -> None:
    thread = room.thread(author=room.member())
    answer = factories.post(thread=thread)
    address = room.address("post_helpful", answer.pk)
    room.client("Bo Claes").post(address, {"aan": "1"})
    thread.refresh_from_db()
    assert thread.helpful_id is None
    room.client().post(room.address("post_helpful", posts_of(thread)[0].pk), {"aan": "1"})
    thread.refresh_from_db()
    assert thread.helpful_id is None
    for client in (room.client(), room.facilitator()):
        for _ in range(2):
            client.post(address, {"aan": "1"})
        page = room.client("Bo Claes").get(room.address("thread", thread.pk)).content.decode()
        assert "Naar het nuttige antwoord (bericht 2)" in page
        client.post(address, {"aan": "0"})
        thread.refresh_from_db()
        assert thread.helpful_id is None


def test_who_left_is_an_old_member_everywhere(room: Room) -> None:
    thread = room.thread(author=room.member("Cis Devos"))
    post = factories.post(thread=thread, author=room.member("Cis Devos"))
    factories.reaction(post=post, user=room.member("Cis Devos"))
    room.client().post(room.address("post_reply", thread.pk), reply_form(body="Dank je @Cis Devos!"))
    assert "Cis Devos" in room.client().get(room.address("thread", thread.pk)).content.decode()
    left = room.membership("Cis Devos")
    left.state = "ended"
    left.save()
    client = room.client()
    for address in (room.address("thread", thread.pk), room.address("threads")):
        page = client.get(address).content.decode()
        assert "Cis Devos" not in page
        assert "oud-lid" in page


def test_calling_upon_a_member_links_to_them(room: Room) -> None:
    thread = room.thread()
    bo = room.member("Bo Claes")
    room.client().post(room.address("post_reply", thread.pk), reply_form(body="Wat denk jij, @bo claes?"))
    (mention,) = Mention.objects.unrestricted()
    assert mention.user == bo
    membership = room.membership("Bo Claes")
    said = posts_of(thread)[-1].body
    assert f'href="{room.address("member", membership.pk)}"' in said
    assert "@Bo Claes</a>?" in said


def test_a_name_that_two_have_is_chosen_from_the_list(room: Room) -> None:
    thread = room.thread()
    room.member("Bo Claes")
    factories.member_profile(user=room.member("Bo Dewit"), organisation="Spelotheek De Tol")
    form = reply_form(body="Wat denk jij, @Bo?")
    page = room.client().post(room.address("post_reply", thread.pk), form).content.decode()
    assert "Wie bedoel je met @Bo?" in page
    assert "Bo Dewit (Spelotheek De Tol)" in page
    room.client().post(
        room.address("post_reply", thread.pk), form | {"wie-bo": str(room.membership("Bo Dewit").pk)}
    )
    (mention,) = Mention.objects.unrestricted()
    assert mention.user == room.member("Bo Dewit")


@pytest.mark.parametrize("body", ["mail an@example.org", "@Niemand hier", "een @ teken", "&amp;@Bo<p>"])
def test_what_names_nobody_stays_text(room: Room, body: str) -> None:
    thread = room.thread()
    room.client().post(room.address("post_reply", thread.pk), reply_form(body=body))
    assert len(posts_of(thread)) == 2
    assert not Mention.objects.unrestricted().exists()


def test_names_are_completed_within_the_group_only(room: Room) -> None:
    room.member("Bo Claes")
    room.member("Jan Bogaert")
    factories.membership(user=factories.user(name="Bo Elders"))
    client, address = room.client(), room.address("mention_complete")
    names = [each["name"] for each in client.get(address, {"q": "bo"}).json()["members"]]
    assert names == ["Bo Claes", "Jan Bogaert"]
    statuses = {client.get(address, {"q": "b"}).status_code for _ in range(130)}
    assert statuses == {200, 429}


def test_links_to_practices_and_tips_become_cards_for_who_may_see_them(room: Room) -> None:
    seen = factories.practice(slug="speelbos", name="Speelbos")
    factories.practice(slug="geheim", name="Nog geheim", state="draft")
    theme = factories.theme(slug="ontmoeting")
    factories.tip(code="T01", theme=theme, title="Vaste gezichten")
    body = (
        '<p><a href="/praktijken/speelbos/">a</a> <a href="/praktijken/geheim/">b</a> '
        '<a href="https://elders.example.org/praktijken/speelbos/">c</a> '
        '<a href="/themas/ontmoeting/visie/?tips=T01,T99#tip-T01">d</a></p>'
    )
    thread = room.thread(body=body)
    page = room.client().get(room.address("thread", thread.pk)).content.decode()
    assert page.count('class="link-card"') == 2
    assert seen.name in page
    assert "Vaste gezichten" in page
    assert "Nog geheim" not in page
