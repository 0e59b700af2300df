"""A member's whole way: asking, coming in, discussing, being mailed, turning that down, and being removed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from playwright.sync_api import Page, expect

from expoo_portal.mail import deliver
from expoo_portal.outbox import MailState, OutgoingMail
from network import digests
from network.models import Group, MailRhythm, Membership, MembershipRole
from tests import factories
from tests.accounts.conftest import app_code
from tests.browser import measuring, signing_in
from tests.browser.conftest import NewVisitor, Visitor
from tests.browser.places import GROUP
from tests.files.samples import PDF
from tests.roles import TOTP_SECRET, Role, person

ADDRESS, NAME = "nour.wandelt@example.org", "Nour Haddad"
TITLE, STORY = "Soep op de stoep", "Elke woensdag staat er soep op de stoep."


@pytest.fixture
def group(db: None, settings: Any, portal: str) -> Group:
    """The group that the portal starts with; its mails lead to this portal."""
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"
    settings.SITE_URL = portal
    return Group.objects.public().get(slug="ontmoeting")


@pytest.fixture
def leader(group: Group) -> Any:
    """Who facilitates it, with an app for the second step."""
    user = factories.user(name="Esma Yıldız")
    factories.membership(group=group, user=user, role=MembershipRole.FACILITATOR)
    TOTP.activate(user, TOTP_SECRET)
    return user


@pytest.fixture
def colleague(group: Group) -> Any:
    """Another member."""
    return factories.membership(group=group, user=factories.user(name="Bo Claes")).user


def no_findings(visitor: Visitor) -> None:
    """Nothing too wide, nothing cut off, nothing inaccessible on the page that is open."""
    before = list(visitor.watch.problems)
    assert not [*measuring.overflow(visitor.page), *measuring.accessibility(visitor.page)]
    # The measuring tool copies style sheets into the page; the policy refuses some of that.
    visitor.watch.problems[:] = before


def heading(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def last_mail(to: str, subject: str) -> OutgoingMail:
    """The newest mail to this address, which has this subject and says in its HTML what it says in its text."""
    mail = OutgoingMail.objects.filter(to=[to]).latest("pk")
    assert mail.subject == subject
    assert all(address in mail.html for address in re.findall(r"https?://\S+", mail.text))
    return mail


def links(mail: OutgoingMail) -> list[str]:
    """Where a mail leads, below the portal."""
    return [urlsplit(found).path for found in re.findall(r"https?://\S+", mail.text)]


def write(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Je bericht").click()
    page.keyboard.type(text)


def test_a_member_comes_in_takes_part_and_is_removed(
    visitor: NewVisitor, portal: str, group: Group, leader: Any, colleague: Any, tmp_path: Path
) -> None:
    # Asking, on a phone.
    phone = visitor(360)
    page = phone.go(GROUP)
    page.get_by_role("link", name="Word lid").click()
    page.get_by_label("Je naam").fill(NAME)
    page.get_by_label("Je e-mailadres").fill(ADDRESS)
    page.get_by_label("Je organisatie").fill("Spelotheek Wipneus")
    page.get_by_label("Soort werk").select_option(label="Spelotheek")
    page.get_by_label("Gemeente").fill("Ronse")
    page.get_by_label("Waarom wil je lid worden?").fill("We starten een speelplek.")
    page.get_by_label("Ik las de huisregels").check()
    no_findings(phone)
    page.get_by_role("button", name="Verstuur mijn aanvraag").click()
    heading(page, "Kijk in je mailbox")
    confirm = last_mail(ADDRESS, f"Bevestig je aanvraag voor ‘{group.title}’")
    page = phone.go(links(confirm)[0])
    page.get_by_role("button", name="Ja, dit is mijn aanvraag").click()
    expect(page.get_by_text("ligt bij de begeleiders")).to_be_visible()
    no_findings(phone)
    assert phone.context.cookies() == []

    # A facilitator comes from the mail, signs in with a second step, and accepts.
    told = last_mail(leader.email, f"{NAME} vraagt om lid te worden van ‘{group.title}’")
    desk = visitor(1280)
    signing_in.by_code(desk.page, leader.email, start=links(told)[0])
    heading(desk.page, "Tweede stap")
    desk.page.get_by_label("Code").fill(app_code(secret=TOTP_SECRET))
    desk.page.get_by_role("button", name="Meld je aan").click()
    desk.page.get_by_role("link", name=NAME).click()
    desk.page.get_by_label("Aanvaarden:").check()
    no_findings(desk)
    desk.page.get_by_role("button", name="Verstuur").click()
    expect(desk.page.get_by_text(f"{NAME} is nu lid")).to_be_visible()

    # From the welcome mail into the group, by code; the first post has a picture and a file.
    welcome = last_mail(ADDRESS, f"Welkom bij ‘{group.title}’")
    signing_in.by_code(page, ADDRESS, start=links(welcome)[1])
    heading(page, "Gesprekken")
    no_findings(phone)
    page.get_by_role("link", name="Start een gesprek").first.click()
    page.get_by_label("Ervaring").check()
    page.get_by_label("Titel").fill(TITLE)
    write(page, STORY)
    picture, leaflet = tmp_path / "soep.png", tmp_path / "draaiboek.pdf"
    picture.write_bytes(factories.picture(size=(640, 288)))
    leaflet.write_bytes(PDF)
    page.get_by_label("Kies bestanden").set_input_files([picture, leaflet])
    page.get_by_label("Wat zie je op het beeld?").fill("Een kom soep")
    expect(page.locator("[data-file-list] li")).to_have_count(2)
    no_findings(phone)
    page.get_by_role("button", name="Plaats je gesprek").click()
    heading(page, TITLE)
    expect(page.get_by_role("img", name="Een kom soep")).to_be_visible()
    no_findings(phone)
    thread = urlsplit(page.url).path
    file = page.get_by_role("link", name="draaiboek.pdf").get_attribute("href") or ""
    assert page.request.get(file).body() == PDF

    # A colleague answers, without scripts.
    other = visitor(360, java_script_enabled=False)
    signing_in.at_once(other.context, portal, colleague)
    other.page.goto(f"{GROUP}gesprekken/")
    other.page.get_by_role("link", name=TITLE).click()
    expect(other.page.get_by_text(STORY)).to_be_visible()
    other.page.get_by_role("button", name="Bedankt").click()
    other.page.get_by_label("Je bericht").fill("Dat willen wij ook.")
    other.page.get_by_role("button", name="Plaats je antwoord").click()
    expect(other.page.get_by_text("Dat willen wij ook.")).to_be_visible()

    # The digest of the week names who and what, and leads to it.
    digests.make_due()
    digests.make_due()
    digest = last_mail(ADDRESS, f"{group.title}: nieuws in één gesprek")
    assert OutgoingMail.objects.filter(to=[ADDRESS], subject=digest.subject).count() == 1
    assert TITLE in digest.text
    assert colleague.name in digest.text
    assert "willen wij ook" not in digest.text + digest.html
    page.goto(links(digest)[0])
    heading(page, TITLE)
    expect(page.get_by_role("button", name=f"Bedankt · {colleague.name}")).to_be_visible()
    expect(page.locator("#bericht-2")).to_contain_text("Dat willen wij ook.")
    no_findings(phone)

    # One click in a mail program, that has no cookie; then another choice on the page under the mail.
    membership = Membership.objects.unrestricted().get(user__email=ADDRESS)
    mail_program = visitor(360)
    unsubscribe = digest.headers["List-Unsubscribe"].strip("<>")
    assert mail_program.context.request.get(unsubscribe).ok
    membership.refresh_from_db()
    assert membership.mail_rhythm == MailRhythm.WEEKLY
    one_click = {"List-Unsubscribe": "One-Click"}
    assert mail_program.context.request.post(unsubscribe, form=one_click).ok
    membership.refresh_from_db()
    assert membership.mail_rhythm == MailRhythm.NEVER
    under = mail_program.go(links(digest)[-1])
    expect(under.get_by_label("Nooit")).to_be_checked()
    no_findings(mail_program)
    under.get_by_label("Hoogstens een keer per dag").check()
    under.get_by_role("button", name="Bewaar").click()
    expect(under.get_by_text("Je keuze is bewaard.")).to_be_visible()
    no_findings(mail_program)

    # A mail is under way when staff end the membership.
    other.page.get_by_label("Je bericht").fill("Mogen we eens komen kijken?")
    other.page.get_by_role("button", name="Plaats je antwoord").click()
    digests.make_due()
    queued = OutgoingMail.objects.filter(to=[ADDRESS]).latest("pk")
    assert queued.pk > digest.pk
    assert (queued.subject, queued.state) == (digest.subject, MailState.QUEUED)
    office = visitor(1280)
    signing_in.at_once(office.context, portal, person(Role.SUPERUSER, factories.group()))
    admin = office.go("/beheer/network/membership/")
    admin.get_by_role("row", name=NAME).get_by_role("checkbox").check()
    admin.locator("select[name=action]").select_option(
        label="Beëindig: bijdragen blijven staan als ‘oud-lid’"
    )
    admin.locator("button[name=index]").click()
    admin.get_by_role("button", name="Ja, beëindig").click()
    expect(admin.get_by_text("1 lidmaatschap is beëindigd.")).to_be_visible()

    # What was open, linked or under way is refused; what was written stays, without the name.
    phone.watch.expected_statuses = {404}
    page.get_by_role("button", name="Herkenbaar").first.click()
    heading(page, "Deze pagina vinden we niet")
    assert page.request.get(file).status == 404
    assert page.request.get(thread).status == 404
    assert mail_program.context.request.get(unsubscribe).status == 404
    deliver(queued.pk)
    queued.refresh_from_db()
    assert (queued.state, queued.text, queued.html) == (MailState.WITHDRAWN, "", "")
    other.page.goto(thread)
    expect(other.page.get_by_text(STORY)).to_be_visible()
    expect(other.page.locator("#bericht-1")).to_contain_text("oud-lid")
    expect(other.page.locator("main")).not_to_contain_text(NAME)


def test_a_member_reads_along_without_scripts(
    visitor: NewVisitor, portal: str, group: Group, leader: Any, colleague: Any
) -> None:
    thread = factories.thread(
        group=group, title="Een warme plek", author=leader, body="<p>Met een vuurkorf.</p>"
    )
    posted = factories.post_file(post=thread.posts.unrestricted().get())
    somebody = visitor(360, java_script_enabled=False)
    signing_in.at_once(somebody.context, portal, colleague)
    page = somebody.go(f"{GROUP}gemist/")
    expect(page.get_by_text("Met een vuurkorf.")).to_be_visible()
    page.get_by_role("link", name="Een warme plek").click()
    expect(page.locator(".post__body")).to_have_text("Met een vuurkorf.")
    expect(page.get_by_role("link", name=posted.name)).to_be_visible()
    page.get_by_role("link", name=leader.name).click()
    heading(page, leader.name)
    page.get_by_role("link", name="Leden", exact=True).click()
    page.get_by_label("Naam, organisatie of gemeente").fill(colleague.name)
    page.get_by_role("button", name="Zoek", exact=True).click()
    expect(page.get_by_role("heading", level=2, name=colleague.name).first).to_be_visible()
    expect(page.get_by_role("heading", level=2, name=leader.name)).to_have_count(0)
    page.get_by_role("link", name="Gesprekken", exact=True).click()
    expect(page.locator(".thread-row.is-unread")).to_have_count(0)
