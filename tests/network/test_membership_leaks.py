"""A word nobody else has in everything that coming in and going out holds: who reads it, and who never does."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from network import private_links
from network.models import Group, Invitation, MembershipRequest, MembershipRole, RequestState
from tests import factories
from tests.guards.routes import ask, body
from tests.roles import INSIDERS, STAFF, Role, client_of, person

pytestmark = pytest.mark.django_db

EVERYBODY = frozenset(Role)
LEADING = frozenset({Role.FACILITATOR})
OWN = INSIDERS | {Role.GUEST}
# Word -> who may read it on the site: in what a group tells everybody, in its rooms, in its facilitators' queue.
WORDS: Mapping[str, frozenset[Role]] = {
    "zqintro": EVERYBODY,
    "zqoffer": EVERYBODY,
    "zqrhythm": EVERYBODY,
    "zqrules": EVERYBODY,
    "zqformer": frozenset(),  # house rules of before
    "zqquietgroup": INSIDERS | STAFF | {Role.GUEST},  # a group that is not announced
    "zqquietrules": INSIDERS | STAFF | {Role.GUEST},
    "zqasker": LEADING,
    "zqwhy": LEADING,
    "zqorganisation": LEADING,
    "zqtown": LEADING,
    "zqmail": LEADING,
    "zqquestion": LEADING,
    "zqanswer": LEADING,
    "zqunconfirmed": frozenset(),
    "zqinvited": LEADING,
    "zqinvitedmail": LEADING,
    "zqelsewhere": frozenset(),  # a request and an invitation of another group
}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def ask_with(group: Group, word: str, **fields: object) -> MembershipRequest:
    """A request with this word in everything that is not named."""
    texts = dict.fromkeys(("name", "organisation", "municipality", "why"), word)
    return factories.membership_request(group=group, **(texts | {"email": f"{word}@example.org"} | fields))


@pytest.fixture
def group() -> Group:
    """A group that nobody announced, beside one that introduces itself, and people who want to come in."""
    announced = factories.group(slug="samen", intro="zqintro", offer="<p>zqoffer</p>", rhythm="zqrhythm")
    factories.house_rules(group=announced, version=1, text="<p>zqformer</p>")
    factories.house_rules(group=announced, version=2, text="<p>zqrules</p>")
    quiet = factories.group(slug="stil", is_announced=False, intro="zqquietgroup")
    factories.house_rules(group=quiet, text="<p>zqquietrules</p>")
    ask_with(
        quiet,
        "zqasker",
        why="zqwhy",
        organisation="zqorganisation",
        municipality="zqtown",
        email="zqmail@example.org",
        state=RequestState.ASKED,
        message="zqquestion",
        answer="zqanswer",
    )
    ask_with(quiet, "zqunconfirmed", state=RequestState.UNCONFIRMED)
    Invitation.objects.create(group=quiet, email="zqinvitedmail@example.org", name="zqinvited")
    elsewhere = factories.group()
    ask_with(elsewhere, "zqelsewhere")
    Invitation.objects.create(group=elsewhere, email="zqelsewhere@example.org", name="zqelsewhere")
    return quiet


def addresses() -> list[str]:
    """Each page of coming in and going out, of each group and with each request; the sitemap and the front page."""
    found = ["/", "/sitemap.xml", "/zoeken/?q=zqintro", "/zoeken/?q=zqasker", reverse("groups")]
    requests = list(MembershipRequest.objects.unrestricted().values_list("pk", flat=True))
    for slug in Group.objects.unrestricted().values_list("slug", flat=True):
        for route in ("group", "request_membership", "my_membership"):
            found.append(reverse(route, args=[slug]))
        found += [
            reverse("facilitation_requests", args=[slug]),
            reverse("facilitation_invitations", args=[slug]),
        ]
        # Each request under each group: what does not belong together is not there.
        found += [reverse("facilitation_request", args=[slug, pk]) for pk in requests]
    return found


def read(client: Client) -> set[str]:
    """The words that this client reads anywhere, in bodies and headers."""
    seen: set[str] = set()
    for address in addresses():
        for method in ("GET", "POST"):
            response = ask(client, method, address)
            text = body(response).decode() + str(dict(response.items()))
            # An address that was asked for says what was asked.
            text = text.replace(address.partition("?q=")[2] or "\0", "")
            seen |= {word for word in WORDS if word in text}
    return seen


@pytest.mark.parametrize("role", Role)
def test_each_reads_what_is_for_them_and_nothing_else(group: Group, role: Role) -> None:
    seen = read(client_of(person(role, group)))
    assert seen == {word for word, readers in WORDS.items() if role in readers}


@pytest.mark.parametrize("role", [Role.ANONYMOUS, Role.MEMBER])
def test_a_private_page_holds_its_own_request_or_invitation_and_no_other(group: Group, role: Role) -> None:
    client = client_of(person(role, group))
    asked = MembershipRequest.objects.unrestricted().get(name="zqasker")
    own = ask(
        client, "GET", reverse("membership_request", args=[private_links.token_of("network-request", asked)])
    )
    text = own.content.decode()
    assert {word for word in WORDS if word in text} == {
        *("zqasker", "zqwhy", "zqorganisation", "zqtown", "zqquestion")
    }
    invited = Invitation.objects.unrestricted().get(name="zqinvited")
    page = reverse("invitation", args=[private_links.token_of("network-invitation", invited)])
    text = ask(client, "GET", page).content.decode()
    assert {word for word in WORDS if word in text} == {"zqquietgroup", "zqquietrules"}


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ANONYMOUS} - OWN))
def test_a_group_that_is_closed_to_somebody_answers_like_one_that_does_not_exist(
    group: Group, role: Role
) -> None:
    client = client_of(person(role, group))
    number = MembershipRequest.objects.unrestricted().get(name="zqasker").pk
    rooms = ["my_membership", "facilitation_requests", "facilitation_invitations"]
    pairs = [(reverse(room, args=[group.slug]), reverse(room, args=["weg"])) for room in rooms]
    pairs.append(
        (
            reverse("facilitation_request", args=[group.slug, number]),
            reverse("facilitation_request", args=["weg", 1]),
        )
    )
    if role not in STAFF:
        pairs += [
            (reverse(room, args=[group.slug]), reverse(room, args=["weg"]))
            for room in ("group", "request_membership")
        ]
    for hidden, nothing in pairs:
        for method in ("GET", "HEAD", "POST"):
            one, other = ask(client, method, hidden), ask(client, method, nothing)
            assert (one.status_code, one.content) == (other.status_code, other.content), hidden
            assert dict(one.items()) == dict(other.items()), hidden
            assert one.status_code in (404, 405), hidden


def test_a_guest_past_the_end_finds_nothing(group: Group) -> None:
    guest = factories.membership(
        group=group, role=MembershipRole.GUEST, ends_at=timezone.now() + timedelta(seconds=30)
    )
    client = client_of(guest.user)
    page = reverse("my_membership", args=[group.slug])
    assert client.get(page).status_code == 200
    type(guest).objects.unrestricted().filter(pk=guest.pk).update(ends_at=timezone.now())
    assert client.get(page).content == client.get(reverse("my_membership", args=["weg"])).content
