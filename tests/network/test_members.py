"""The directory, a member's page, one's profile, and messages between members."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from expoo_portal.mail import deliver
from expoo_portal.outbox import MailState, OutgoingMail
from network.models import Group, MemberPhoto, MemberProfile, Membership, MembershipRole, MembershipState
from tests import factories
from tests.roles import INSIDERS, Role, client_of, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def outbox(settings: Any) -> None:
    """Mails go into the outbox, as they do in the portal itself."""
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"


@pytest.fixture
def group() -> Group:
    return factories.group(slug="ontmoeting")


@pytest.fixture
def me(group: Group) -> Membership:
    return factories.membership(group=group, user=factories.user(name="Ada Peeters"))


@pytest.fixture
def client(me: Membership) -> Client:
    return client_of(me.user)


def colleague(group: Group, name: str, **profile: Any) -> Membership:
    membership = factories.membership(group=group, user=factories.user(name=name))
    topics = profile.pop("can_help", [])
    made = factories.member_profile(user=membership.user, **profile)
    made.can_help.set(topics)
    return membership


def names(response: Any) -> list[str]:
    return [entry.name for entry in response.context["entries"]]


def test_a_member_finds_colleagues_by_name_accents_or_not(client: Client, group: Group) -> None:
    colleague(group, "Zoë Claes", organisation="Spelotheek De Tol")
    colleague(group, "Émile Bex", municipality="Genk")
    assert names(client.get("/netwerk/ontmoeting/leden/")) == ["Ada Peeters", "Émile Bex", "Zoë Claes"]
    for words, found in (("zoe", ["Zoë Claes"]), ("tol spelotheek", ["Zoë Claes"]), ("GENK", ["Émile Bex"])):
        assert names(client.get("/netwerk/ontmoeting/leden/", {"q": words})) == found
    empty = client.get("/netwerk/ontmoeting/leden/", {"q": "niemand zo"})
    assert "Niemand gevonden" in empty.content.decode()


def test_filters_narrow_the_directory_and_the_map_counts_along(client: Client, group: Group) -> None:
    topic = factories.topic(slug="onthaal", label="Onthaal")
    province = factories.facet(slug="provincie")
    limburg, antwerp = (factories.facet_value(facet=province, slug=slug) for slug in ("limburg", "antwerpen"))
    colleague(group, "Bo", province=limburg, can_help=[topic])
    colleague(group, "Cem", province=antwerp, can_help=[topic])
    colleague(group, "Dia", province=limburg)
    page = client.get("/netwerk/ontmoeting/leden/", {"helpt": "onthaal"})
    assert names(page) == ["Bo", "Cem"]
    assert {row["slug"]: row["count"] for row in page.context["provinces"]} == {"limburg": 1, "antwerpen": 1}
    assert names(client.get("/netwerk/ontmoeting/leden/", {"helpt": "onthaal", "provincie": "limburg"})) == [
        "Bo"
    ]


def test_a_page_that_does_not_exist_leads_to_the_first(client: Client) -> None:
    for page in ("0", "2", "x", "9" * 30):
        response = client.get("/netwerk/ontmoeting/leden/", {"pagina": page, "q": "a"})
        assert response.url == "/netwerk/ontmoeting/leden/?q=a"


def test_who_left_is_not_in_the_directory(client: Client, group: Group) -> None:
    left = colleague(group, "Weg Gegaan")
    guest = colleague(group, "Gast Hier")
    Membership.objects.unrestricted().filter(pk=left.pk).update(state=MembershipState.ENDED)
    Membership.objects.unrestricted().filter(pk=guest.pk).update(
        role=MembershipRole.GUEST, ends_at="2099-01-01T00:00Z"
    )
    assert names(client.get("/netwerk/ontmoeting/leden/")) == ["Ada Peeters"]
    for gone in (left, guest):
        assert client.get(f"/netwerk/ontmoeting/leden/{gone.pk}/").status_code == 404
        assert client.get(f"/netwerk/ontmoeting/leden/{gone.pk}/bericht/").status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ANONYMOUS])
def test_only_who_belongs_to_the_group_meets_its_members(group: Group, me: Membership, role: Role) -> None:
    visitor = client_of(person(role, group))
    nothing = visitor.get("/netwerk/bestaat-niet/leden/")
    for address in ("/netwerk/ontmoeting/leden/", f"/netwerk/ontmoeting/leden/{me.pk}/"):
        response = visitor.get(address)
        assert response.status_code == (200 if role in INSIDERS else 404)
        if role not in INSIDERS:
            assert response.content == nothing.content


def test_a_member_of_another_group_is_not_found_here(client: Client) -> None:
    elsewhere = factories.membership()
    assert client.get(f"/netwerk/ontmoeting/leden/{elsewhere.pk}/").status_code == 404


def test_an_address_stays_hidden_until_its_owner_shows_it(client: Client, group: Group) -> None:
    other = colleague(group, "Bo")
    address = f"/netwerk/ontmoeting/leden/{other.pk}/"
    assert other.user.email not in client.get(address).content.decode()
    MemberProfile.objects.unrestricted().filter(user=other.user).update(shows_email=True)
    assert other.user.email in client.get(address).content.decode()


def test_a_message_reaches_a_colleague_once_and_the_answer_goes_to_the_sender(
    client: Client, group: Group, me: Membership
) -> None:
    other = colleague(group, "Bo")
    address = f"/netwerk/ontmoeting/leden/{other.pk}/bericht/"
    form = client.get(address).context["form"]
    typed = {"message": "Dag Bo,\nmag ik eens langskomen?", "start_key": form.key}
    for _ in range(3):
        assert client.post(address, typed).status_code == 302
    mail = OutgoingMail.objects.get()
    assert mail.to == [other.user.email]
    assert mail.headers["Reply-To"] == me.user.email
    assert "mag ik eens langskomen?" in mail.text


@pytest.mark.parametrize("who", ["sender", "reader"])
def test_a_message_does_not_leave_once_one_of_both_left(
    client: Client, group: Group, me: Membership, who: str
) -> None:
    other = colleague(group, "Bo")
    client.post(f"/netwerk/ontmoeting/leden/{other.pk}/bericht/", {"message": "Dag"})
    gone = me if who == "sender" else other
    Membership.objects.unrestricted().filter(pk=gone.pk).update(state=MembershipState.ENDED)
    mail = OutgoingMail.objects.get()
    deliver(mail.pk)
    mail.refresh_from_db()
    assert mail.state == MailState.WITHDRAWN


def test_an_empty_message_keeps_the_page_and_says_what_to_do(client: Client, group: Group) -> None:
    other = colleague(group, "Bo")
    response = client.post(f"/netwerk/ontmoeting/leden/{other.pk}/bericht/", {"message": " "})
    assert response.status_code == 422
    assert "Schrijf eerst iets." in response.content.decode()
    assert not OutgoingMail.objects.exists()


def test_nobody_writes_to_themselves(client: Client, me: Membership) -> None:
    assert client.get(f"/netwerk/ontmoeting/leden/{me.pk}/bericht/").status_code == 404


def test_a_member_keeps_a_profile_with_a_picture_and_takes_it_away(client: Client, me: Membership) -> None:
    picture = SimpleUploadedFile("ik.png", factories.picture((9, 9, 9)), content_type="image/png")
    topic = factories.topic()
    typed = {
        "name": "Ada  Peeters-Bo",
        "organisation": "Huis van het Kind",
        "can_help": [topic.pk],
        "photo": picture,
    }
    response = client.post("/netwerk/profiel/", typed)
    assert response.url == f"/netwerk/ontmoeting/leden/{me.pk}/"
    page = client.get(response.url).content.decode()
    assert "Ada Peeters-Bo" in page
    assert topic.label in page
    photo = MemberPhoto.objects.unrestricted().get()
    assert photo.get_absolute_url() in page
    client.post("/netwerk/profiel/", {"name": "Ada", "remove_photo": "on"})
    assert not MemberPhoto.objects.unrestricted().exists()


def test_what_is_no_picture_is_refused_and_nothing_typed_is_lost(client: Client) -> None:
    upload = SimpleUploadedFile("ik.png", b"geen beeld", content_type="image/png")
    response = client.post("/netwerk/profiel/", {"name": "Ada", "about": "Ik werk graag.", "photo": upload})
    assert response.status_code == 422
    assert "Ik werk graag." in response.content.decode()
    assert not MemberProfile.objects.unrestricted().exists()


@pytest.mark.parametrize("role", [Role.SIGNED_IN, Role.REQUESTED, Role.ENDED, Role.GUEST, Role.EDITOR])
def test_who_is_no_member_has_no_profile(group: Group, role: Role) -> None:
    assert client_of(person(role, group)).get("/netwerk/profiel/").status_code == 404


def test_a_picture_is_for_who_sees_the_profile(client: Client, group: Group, me: Membership) -> None:
    profile = factories.member_profile(user=me.user)
    photo = MemberPhoto(profile=profile, file=SimpleUploadedFile("ik.png", factories.picture((9, 9, 9))))
    photo.save()
    assert client.get(photo.get_absolute_url()).status_code == 200
    for role in Role:
        visitor = client_of(person(role, group))
        expected = 200 if role in INSIDERS else 404
        assert visitor.get(photo.get_absolute_url()).status_code == expected
    me.state = MembershipState.ENDED
    me.save()
    assert client_of(person(Role.MEMBER, group)).get(photo.get_absolute_url()).status_code == 404
