""" "Wij probeerden dit": from the form to the page of the practice, and what nobody may see or do."""

from __future__ import annotations

import re
import threading
import uuid
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from expoo_portal.outbox import OutgoingMail
from expoo_portal.visibility import Audience, PublicationState
from practices import experiences, jobs
from practices.experiences import Sent
from practices.models import Experience, ExperienceSender, ExperienceState, Practice
from practices.private_links import sign
from tests import factories
from tests.admin.screen import Form, address, change, listing
from tests.jobs import _nothing_left_behind  # noqa: F401 - one test queues mails for real
from tests.roles import Role, client_of, person

pytestmark = pytest.mark.django_db
_LINK = re.compile(r"https?://[^/\s]+(/praktijken/geprobeerd/\S+/)")
UNCONFIRMED, SUBMITTED = ExperienceState.UNCONFIRMED, ExperienceState.SUBMITTED
APPROVED, DECLINED = ExperienceState.APPROVED, ExperienceState.DECLINED


@pytest.fixture(autouse=True)
def _outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"


@pytest.fixture
def practice() -> Practice:
    return factories.practice(slug="soepmoment", name="Soepmoment")


def typed(**more: str) -> dict[str, str]:
    """A form filled in well."""
    return {
        "start_key": str(uuid.uuid4()),
        "context": "In onze wachtruimte zitten elke woensdag een achttal gezinnen.",
        "changed": "Wij schonken thee in plaats van soep, naast de weegschaal.",
        "learned": "Wie gehaast was ging niet zitten, tot een ouder zelf ging schenken.",
        "place": "Consultatiebureau in Ronse",
        "author": "",
        "email": "probeerder@example.org",
        "website": "",
        **more,
    }


FORM = "/praktijken/soepmoment/geprobeerd/"
PAGE = "/praktijken/soepmoment/"


def all_of(model: Any) -> Any:
    return model._base_manager.all()


def links() -> list[str]:
    """The links that were mailed, in order."""
    return [
        _LINK.findall(mail.text)[0] for mail in OutgoingMail.objects.order_by("pk") if _LINK.search(mail.text)
    ]


def stored() -> list[Any]:
    return [
        list(model._base_manager.order_by("pk").values())
        for model in (Experience, ExperienceSender, OutgoingMail)
    ]


def text_of(response: Any) -> str:
    return unescape(response.content.decode())


# The form ----------------------------------------------------------------------------------------------------


def test_a_visitor_tells_what_was_tried_confirms_it_and_finds_it_on_the_page(
    practice: Practice, anonymous: Client, editor: Client
) -> None:
    assert FORM in text_of(anonymous.get(PAGE))
    form = text_of(anonymous.get(FORM))
    assert "Soepmoment" in form
    sent = anonymous.post(FORM, typed())
    assert "probeerder@example.org" in text_of(sent)
    (mail,) = OutgoingMail.objects.all()
    assert mail.to == ["probeerder@example.org"]
    assert mail.is_secret
    assert "thee" not in mail.text + mail.html  # a stranger's words are mailed to nobody
    (link,) = links()
    shown = text_of(anonymous.get(link))
    assert "Is dit jouw verhaal?" in shown
    assert "thee in plaats van soep" in shown
    assert not editor.get(listing(Experience)).context["cl"].result_count
    confirmed = text_of(anonymous.post(link, follow=True))
    assert "De redactie leest het na" in confirmed
    assert "thee" not in text_of(anonymous.get(PAGE))

    note = all_of(Experience).get()
    change(editor, note).press(decision="opnemen")
    page = text_of(Client().get(PAGE))
    assert "Consultatiebureau in Ronse" in page
    assert "thee in plaats van soep" in page
    assert "probeerder@example.org" not in page
    published = OutgoingMail.objects.latest("pk")
    assert "staat bij ‘Soepmoment’" in published.subject
    assert PAGE in published.text
    assert "Je verhaal staat bij" in text_of(anonymous.get(link))


def test_nothing_typed_is_lost_on_an_error(practice: Practice, anonymous: Client) -> None:
    given = typed(context="Te kort.", email="geen adres", author="Coördinator")
    response = anonymous.post(FORM, given)
    page = text_of(response)
    assert response.status_code == 422
    assert "minstens 50 tekens, nu zijn het er 8" in page
    for name in ("context", "changed", "learned", "place", "author", "email", "start_key"):
        assert given[name] in page, name
    assert not all_of(Experience).exists()
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("context", "x" * 1501),
        ("learned", ""),
        ("changed", "a\x00" + "b" * 60),
        ("place", "x" * 121),
        ("author", "x" * 81),
        ("email", ""),
        ("email", "a@b"),
        ("email", f"{'x' * 250}@example.org"),
        ("website", "https://spam.example.org"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_message(
    practice: Practice, anonymous: Client, name: str, value: str
) -> None:
    response = anonymous.post(FORM, typed(**{name: value}))
    assert response.status_code == 422
    assert "error-summary" in text_of(response)
    assert not all_of(Experience).exists()


def test_line_ends_count_once_as_in_the_browser(practice: Practice, anonymous: Client) -> None:
    long = "Een regel.\r\n" * 136  # 1632 characters as sent, 1496 as counted by a browser
    assert anonymous.post(FORM, typed(context=long)).status_code == 200
    assert "\r" not in all_of(Experience).get().context


def test_a_double_click_leaves_one_note_and_one_mail(practice: Practice, anonymous: Client) -> None:
    given = typed()
    for _ in range(3):
        assert anonymous.post(FORM, given).status_code == 200
    assert all_of(Experience).count() == 1
    assert len(links()) == 1


@pytest.mark.django_db(transaction=True)
def test_four_clicks_at_once_leave_one_note_and_one_mail(practice: Practice) -> None:
    given = typed()
    ready = threading.Barrier(4)
    statuses: list[int] = []

    def post() -> None:
        try:
            ready.wait(60)
            statuses.append(Client().post(FORM, given).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 4
    assert all_of(Experience).count() == 1
    assert len(links()) == 1


@pytest.mark.parametrize("key", ["", "x", "a\x00"])
def test_a_form_whose_key_was_lost_is_still_a_form(practice: Practice, anonymous: Client, key: str) -> None:
    response = anonymous.post(FORM, typed(start_key=key))
    if response.status_code == 422:
        again = re.search(r'name="start_key" value="([\w-]+)"', text_of(response))
        assert again
        response = anonymous.post(FORM, typed(start_key=again[1]))
    assert response.status_code == 200
    assert all_of(Experience).count() == 1


def test_a_corrected_address_gets_the_link_and_the_first_link_leads_nowhere(
    practice: Practice, anonymous: Client
) -> None:
    given = typed(email="tikfout@example.org")
    anonymous.post(FORM, given)
    anonymous.post(FORM, given | {"email": "juist@example.org", "author": "Onthaal"})
    first, second = links()
    assert anonymous.get(first).status_code == 404
    assert "Onthaal" in text_of(anonymous.get(second))
    assert all_of(ExperienceSender).get().email == "juist@example.org"


def test_a_form_sent_again_after_confirming_changes_nothing(practice: Practice, anonymous: Client) -> None:
    given = typed()
    anonymous.post(FORM, given)
    anonymous.post(links()[0])
    before = stored()
    anonymous.post(
        FORM, given | {"context": "Iets helemaal anders dan wat er stond, en lang genoeg om te tellen."}
    )
    assert stored() == before


def test_one_address_gets_a_few_mails_a_day_and_the_sixth_story_is_kept_in_the_form(
    practice: Practice, anonymous: Client
) -> None:
    statuses = [anonymous.post(FORM, typed()).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    response = anonymous.post(FORM, typed(author="Onthaal"))
    assert "Alles staat er nog" in text_of(response)
    assert 'value="Onthaal"' in text_of(response)
    assert len(links()) == 5


def hidden(state: str) -> Practice:
    return factories.practice(
        slug="soepmoment",
        **{
            "draft": {"state": PublicationState.DRAFT},
            "scheduled": {"publish_at": timezone.now() + timedelta(hours=1)},
            "members": {"audience": Audience.MEMBERS},
            "staff": {"audience": Audience.STAFF},
        }[state],
    )


@pytest.mark.parametrize("state", ["draft", "scheduled", "members", "staff"])
@pytest.mark.parametrize("role", [Role.ANONYMOUS, Role.MEMBER, Role.EDITOR])
def test_the_form_of_a_hidden_practice_is_nothing_whoever_asks(state: str, role: Role) -> None:
    hidden(state)
    client = client_of(person(role, factories.group()))
    nothing = client.get("/praktijken/bestaat-niet/geprobeerd/")
    for method in ("get", "post"):
        response = getattr(client, method)(FORM, typed())
        assert (response.status_code, response.content) == (404, nothing.content)
    assert not all_of(Experience).exists()


def test_an_old_address_leads_to_the_form_of_today(practice: Practice, anonymous: Client) -> None:
    factories.former_slug(practice=practice, slug="soepuur")
    assert anonymous.get("/praktijken/soepuur/geprobeerd/").headers["Location"] == FORM


# The link ----------------------------------------------------------------------------------------------------


def sent_in(**fields: Any) -> Sent:
    note = factories.experience(email="probeerder@example.org", **({"state": UNCONFIRMED} | fields))
    return Sent(note, "probeerder@example.org")


def path_of(sent: Sent) -> str:
    return f"/praktijken/geprobeerd/{experiences.token_of(sent)}/"


def test_looking_at_the_link_changes_nothing(anonymous: Client) -> None:
    sent = sent_in()
    before = stored()
    for method in ("get", "head", "get", "options", "put"):
        getattr(anonymous, method)(path_of(sent))
    assert stored() == before


def test_confirming_twice_is_confirming_once(anonymous: Client) -> None:
    sent = sent_in()
    anonymous.post(path_of(sent))
    before = stored()
    anonymous.post(path_of(sent))
    assert stored() == before
    assert all_of(Experience).get().state == SUBMITTED


def test_a_link_cannot_be_guessed_nor_made_from_another(anonymous: Client) -> None:
    mine, other = sent_in(), sent_in()
    token, others = experiences.token_of(mine), experiences.token_of(other)
    note = mine.experience
    nothing = anonymous.get("/praktijken/geprobeerd/bestaat-niet/")
    wrong = [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token[:32] + others[32:],
        token[:32],
        token.upper(),
        f"{token}A",
        "x",
        note.uuid.hex + sign("experience", note.uuid, "ander@example.org"),
        note.uuid.hex + sign("confirm", note.uuid, "probeerder@example.org"),
    ]
    before = stored()
    for guess in wrong:
        for method in ("get", "post"):
            response = getattr(anonymous, method)(f"/praktijken/geprobeerd/{guess}/")
            assert (response.status_code, response.content) == (404, nothing.content), guess
    assert stored() == before


def test_a_link_that_waited_a_month_confirms_nothing(anonymous: Client) -> None:
    sent = sent_in()
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        response = anonymous.post(path_of(sent), follow=True)
        assert "Deze link is verlopen" in text_of(response)
    assert all_of(Experience).get().state == UNCONFIRMED


# The editors -------------------------------------------------------------------------------------------------


def test_an_editor_shortens_the_words_and_finds_the_former_ones_in_the_versions(editor: Client) -> None:
    note = factories.experience(state=SUBMITTED)
    before = note.context
    shorter = "Elke woensdag zitten er een achttal gezinnen in onze wachtruimte."
    change(editor, note).press(context=shorter)
    note.refresh_from_db()
    assert (note.context, note.state) == (shorter, SUBMITTED)
    assert before in [version.context for version in note.history.all()]


def test_an_editor_puts_back_the_words_of_a_version_and_the_note_stays_where_it_is(editor: Client) -> None:
    note = factories.experience()
    before = note.context
    change(editor, note).press(context="Elke woensdag zitten er een achttal gezinnen in onze wachtruimte.")
    first = note.history.last()
    page = address(note, "simple_history", first.pk)
    assert before in text_of(editor.get(page))
    assert "achttal" in text_of(editor.get(address(note, "history")))
    editor.post(page)
    note.refresh_from_db()
    assert (note.context, note.state) == (before, APPROVED)


def test_an_editor_declines_with_a_reason_that_the_sender_reads(editor: Client) -> None:
    note = factories.experience(state=SUBMITTED, email="probeerder@example.org")
    form = change(editor, note)
    refused = form.press(decision="niet-opnemen")
    assert "Schrijf erbij waarom" in text_of(refused)
    form.press(decision="niet-opnemen", reason="Er staat een naam van een kind in.")
    note.refresh_from_db()
    assert note.state == DECLINED
    mail = OutgoingMail.objects.latest("pk")
    assert mail.to == ["probeerder@example.org"]
    assert "naam van een kind" in mail.text
    change(editor, note).press(decision="opnemen")
    note.refresh_from_db()
    assert (note.state, note.reason) == (APPROVED, "")


def test_what_is_taken_off_leaves_the_page_at_once(
    practice: Practice, anonymous: Client, editor: Client
) -> None:
    note = factories.experience(practice=practice, place="Bibliotheek in Geel")
    assert "Bibliotheek in Geel" in text_of(anonymous.get(PAGE))
    change(editor, note).press(decision="niet-opnemen", reason="Op vraag van de inzender.")
    assert "Bibliotheek in Geel" not in text_of(anonymous.get(PAGE))


def test_the_queue_begins_with_what_waits_longest(editor: Client) -> None:
    hour = timedelta(hours=1)
    factories.experience(place="staat er al")
    factories.experience(state=SUBMITTED, place="tweede", confirmed_at=timezone.now() - hour)
    factories.experience(state=SUBMITTED, place="eerste", confirmed_at=timezone.now() - 2 * hour)
    factories.experience(state=UNCONFIRMED, place="nooit")
    rows = editor.get(listing(Experience)).context["cl"].result_list
    assert [note.place for note in rows] == ["eerste", "tweede", "staat er al"]
    assert "2 ervaringen wachten op de redactie" in text_of(editor.get("/beheer/"))


def test_an_unconfirmed_note_is_nothing_in_the_admin(editor: Client) -> None:
    note = factories.experience(state=UNCONFIRMED, place="Bibliotheek in Geel", email="niemand@example.org")
    pages = [address(note, page) for page in ("change", "delete", "history")]
    pages += [address(note, "simple_history", note.history.get().pk), address(note.practice, "delete")]
    pages += [listing(Experience), f"{listing(Experience)}?q=Geel"]
    for page in pages:
        text = text_of(editor.get(page, follow=True))
        assert "Bibliotheek in Geel" not in text, page
        assert "niemand@example.org" not in text, page


def test_deleting_a_note_deletes_its_versions_and_address(editor: Client) -> None:
    note = factories.experience()
    Form(editor, address(note, "delete"))
    editor.post(address(note, "delete"), {"post": "yes"})
    assert not all_of(Experience).exists()
    assert not all_of(ExperienceSender).exists()
    assert not Experience.history.exists()


# The page ----------------------------------------------------------------------------------------------------


def test_the_page_shows_three_notes_newest_first_and_folds_the_others(
    practice: Practice, anonymous: Client
) -> None:
    now = timezone.now()
    for number in range(5):
        factories.experience(
            practice=practice, place=f"Plek {number}", approved_at=now - timedelta(days=number)
        )
    page = text_of(anonymous.get(PAGE))
    assert [int(found) for found in re.findall(r">Plek (\d)<", page)] == [0, 1, 2, 3, 4]
    before, _, folded = page.partition("Toon alle 5 verhalen")
    assert "Plek 2" in before
    assert "Plek 3" not in before
    assert "Plek 4" in folded


@pytest.mark.parametrize("state", [UNCONFIRMED, SUBMITTED, DECLINED])
def test_what_is_not_approved_is_on_no_page(
    practice: Practice, editor: Client, state: ExperienceState
) -> None:
    factories.experience(practice=practice, state=state, place="Bibliotheek in Geel")
    for client in (Client(), editor):
        for path in (
            PAGE,
            f"/beheer/practices/practice/{practice.pk}/voorbeeld/",
            "/praktijken/",
            "/sitemap.xml",
        ):
            assert "Bibliotheek in Geel" not in text_of(client.get(path, follow=True))


def test_only_approved_notes_of_practices_that_somebody_sees_can_be_read_by_them(practice: Practice) -> None:
    shown = factories.experience(practice=practice)
    for state in (UNCONFIRMED, SUBMITTED, DECLINED):
        factories.experience(practice=practice, state=state)
    factories.experience(practice=factories.practice(state=PublicationState.DRAFT))
    members = factories.experience(practice=factories.practice(audience=Audience.MEMBERS))
    assert set(Experience.objects.public()) == {shown}
    member = person(Role.MEMBER, factories.group())
    assert set(Experience.objects.visible_to(member)) == {shown, members}
    assert not ExperienceSender.objects.visible_to(member).exists()
    assert not ExperienceSender.objects.public().exists()


def test_notes_stay_off_the_printed_sheet(practice: Practice, anonymous: Client) -> None:
    factories.experience(practice=practice, place="Bibliotheek in Geel")
    assert "Bibliotheek in Geel" not in text_of(anonymous.get(f"{PAGE}afdrukken/"))
    page = text_of(anonymous.get(PAGE))
    assert re.search(r'<section class="[^"]*no-print[^"]*" aria-labelledby="geprobeerd">', page)


def test_words_of_a_stranger_are_words_and_no_code(practice: Practice, anonymous: Client) -> None:
    factories.experience(
        practice=practice, place="<b>vet</b>", context=f"<script>alert(1)</script>{'x' * 60}"
    )
    page = anonymous.get(PAGE).content.decode()
    assert "<b>vet" not in page
    assert "<script>alert" not in page


# The database and the jobs -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        {"state": "misschien"},
        {"state": APPROVED, "approved_at": None},
        {"state": SUBMITTED},
        {"state": SUBMITTED, "approved_at": None, "confirmed_at": None},
        {"state": UNCONFIRMED, "approved_at": None},
        {"state": DECLINED, "approved_at": None, "reason": ""},
        {"context": "Te kort."},
        {"changed": "x" * 49},
        {"learned": ""},
    ],
)
def test_the_database_refuses_what_makes_no_sense(fault: dict[str, Any]) -> None:
    note = factories.experience()
    with pytest.raises(IntegrityError), transaction.atomic():
        Experience._base_manager.filter(pk=note.pk).update(**fault)


def test_what_nobody_confirmed_goes_after_a_month_and_addresses_after_a_year() -> None:
    now = timezone.now()
    factories.experience(state=UNCONFIRMED, place="te laat", created=now - timedelta(days=31))
    factories.experience(state=UNCONFIRMED, place="nog tijd", created=now - timedelta(days=29))
    old = factories.experience(place="oud")
    ExperienceSender._base_manager.filter(experience=old).update(created=now - timedelta(days=366))
    refused = factories.experience(state=DECLINED, place="geweigerd")
    Experience._base_manager.filter(pk=refused.pk).update(updated=now - timedelta(days=366))
    for _ in range(2):
        jobs.tidy_up_experiences(0)
    assert set(all_of(Experience).values_list("place", flat=True)) == {"nog tijd", "oud"}
    assert not ExperienceSender._base_manager.filter(experience=old).exists()
    assert not Experience.history.filter(place="te laat").exists()
    sent = Sent(old, "probeerder@example.org")
    assert Client().get(path_of(sent)).status_code == 404


def test_an_address_goes_before_its_note_is_decided_and_nothing_breaks(editor: Client) -> None:
    note = factories.experience(state=SUBMITTED)
    ExperienceSender._base_manager.all().delete()
    assert "gewist" in change(editor, note).text
    change(editor, note).press(decision="opnemen")
    note.refresh_from_db()
    assert note.state == APPROVED
    assert not OutgoingMail.objects.exists()
