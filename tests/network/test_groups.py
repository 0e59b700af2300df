"""How a group introduces itself, and the content that the network starts with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from network.house_rules import change_rules, current_rules
from network.models import Group, HouseRules, Membership, MembershipRole, MembershipState
from network.requests import accept
from tests import factories
from tests.roles import INSIDERS, Role, client_of, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> Group:
    """A group with a theme, house rules, three members of two organisations, a guest and an ex-member."""
    theme = factories.theme(slug="ontmoeten", title="Ontmoeten")
    made = factories.group(
        slug="samen", title="Samen", theme=theme, intro="Voor wie gezinnen ontvangt.", rhythm="Elk seizoen."
    )
    factories.house_rules(group=made, version=1, text="<p>Vroegere regel.</p>")
    factories.house_rules(group=made, version=2, text="<p>Wat hier staat, blijft hier.</p>")
    for organisation in ("Huis A", "huis a ", "Huis B"):
        member = factories.membership(group=made, user=factories.user(name="Geheim Lid"))
        factories.member_profile(user=member.user, organisation=organisation)
    for fields in (
        {"role": MembershipRole.GUEST, "ends_at": timezone.now() + timedelta(days=1)},
        {"state": MembershipState.ENDED},
    ):
        other = factories.membership(group=made, **fields)
        factories.member_profile(user=other.user, organisation="Huis C")
    factories.thread(group=made, author=member.user, title="Geheim gesprek", body="<p>Geheim bericht.</p>")
    return made


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_visitor_reads_what_a_group_is_for_and_nothing_of_what_is_inside(group: Group) -> None:
    client = Client()
    shown = text(client, "/netwerk/samen/")
    for words in ("Voor wie gezinnen ontvangt.", "Elk seizoen.", "blijft hier.", "Binnen vijf werkdagen"):
        assert words in shown
    assert "3 leden uit 2 organisaties" in shown
    assert reverse("request_membership", args=["samen"]) in shown
    assert reverse("theme_contact", args=["ontmoeten"]) in shown
    for words in ("Geheim", "Huis A", "Huis C", "Vroegere regel", "@"):
        assert words not in shown.split("<main")[1]
    assert not client.cookies


def test_a_group_without_a_theme_offers_the_address_of_the_settings(group: Group, settings: Any) -> None:
    settings.CONTACT_EMAIL = "EXPOO <team@example.org>"
    assert "team@example.org" not in text(Client(), "/netwerk/samen/")
    group.theme = None
    group.save()
    assert 'href="mailto:team@example.org"' in text(Client(), "/netwerk/samen/")


def test_the_number_of_members_follows_who_comes_in(group: Group) -> None:
    assert "3 leden" in text(Client(), "/netwerk/samen/")
    accept(factories.membership_request(group=group), None)
    assert "4 leden" in text(Client(), "/netwerk/samen/")


@pytest.mark.parametrize("role", Role)
def test_each_finds_their_own_way_on(group: Group, role: Role) -> None:
    shown = text(client_of(person(role, group)), "/netwerk/samen/")
    assert (reverse("threads", args=["samen"]) in shown) == (role in INSIDERS)
    assert (reverse("request_membership", args=["samen"]) in shown) == (role not in INSIDERS | {Role.GUEST})
    assert (f"{reverse('account_login')}?next=" in shown) == (role is Role.ANONYMOUS)
    assert ("Mijn toegang als gast" in shown) == (role is Role.GUEST)


@pytest.mark.parametrize("role", Role)
def test_a_group_that_is_not_announced_is_known_to_members_and_staff(group: Group, role: Role) -> None:
    Group.objects.unrestricted().update(is_announced=False)
    client = client_of(person(role, group))
    knows = role in INSIDERS | {Role.EDITOR, Role.SUPERUSER}
    assert client.get("/netwerk/samen/").status_code == (200 if knows else 404)
    # A guest finds the own page through the list of groups.
    assert ("Samen" in text(client, "/netwerk/")) == (role in INSIDERS | {Role.GUEST})


def test_the_list_of_groups_shows_ones_own_first(group: Group) -> None:
    other = factories.group(title="Andere groep")
    shown = text(client_of(person(Role.MEMBER, group)), "/netwerk/")
    assert shown.index("Mijn groepen") < shown.index("Samen") < shown.index("Andere groepen")
    assert reverse("group", args=[other.slug]) in shown
    assert "Mijn groepen" not in text(Client(), "/netwerk/")


def test_a_portal_without_groups_says_so() -> None:
    assert "Nog geen groepen" in text(Client(), "/netwerk/")
    assert "/netwerk/" not in text(Client(), "/sitemap.xml")


def test_a_theme_the_menu_and_the_sitemap_lead_to_the_group(group: Group) -> None:
    factories.theme_section(theme=group.theme, kind="doe-mee")
    factories.group(theme=group.theme, title="Nog stil", is_announced=False)
    shown = text(Client(), group.theme.get_absolute_url())
    assert 'href="/netwerk/samen/"' in shown
    assert "Nog stil" not in shown
    assert 'href="/netwerk/"' in shown
    places = text(Client(), "/sitemap.xml")
    assert "/netwerk/samen/</loc>" in places
    assert "/netwerk/</loc>" in places


# House rules --------------------------------------------------------------------------------------------------


def test_changing_the_house_rules_makes_a_version_and_keeps_the_earlier_ones(group: Group) -> None:
    assert change_rules(group, "<p>Wat hier staat, blijft hier.</p>").version == 2
    made = change_rules(group, "<p>Nieuw.</p><script>x</script>")
    assert (made.version, made.text) == (3, "<p>Nieuw.</p>")
    texts = HouseRules.objects.unrestricted().filter(group=group).order_by("version")
    assert [rules.text for rules in texts][:2] == [
        "<p>Vroegere regel.</p>",
        "<p>Wat hier staat, blijft hier.</p>",
    ]
    assert change_rules(group, "  ").version == 3


# What the network starts with ---------------------------------------------------------------------------------


def test_the_network_starts_with_the_group_of_its_theme() -> None:
    theme = factories.theme(slug="ontmoeting")
    call_command("load_network", verbosity=0)
    group = Group.objects.public().get(slug="ontmoeting")
    assert group.theme == theme
    assert "Vier bijeenkomsten" in group.rhythm
    assert "Meelezen" in group.offer
    rules = current_rules(group)
    assert (rules.version, "onherkenbaar" in rules.text) == (1, True)
    assert not Membership.objects.unrestricted().exists()


def test_loading_again_changes_nothing_that_staff_changed() -> None:
    call_command("load_network", verbosity=0)
    Group.objects.unrestricted().update(title="Onze groep", intro="Onze woorden.", rhythm="")
    change_rules(Group.objects.unrestricted().get(), "<p>Onze regels.</p>")
    call_command("load_network", verbosity=0)
    group = Group.objects.unrestricted().get()
    assert (group.title, group.intro, group.rhythm) == ("Onze groep", "Onze woorden.", "")
    assert current_rules(group).text == "<p>Onze regels.</p>"


def test_a_group_that_has_no_more_than_a_name_gets_its_introduction() -> None:
    factories.group(slug="ontmoeting", title="Ontmoeting")
    call_command("load_network", verbosity=0)
    group = Group.objects.unrestricted().get()
    assert group.intro
    assert current_rules(group)


def test_a_broken_file_changes_nothing(tmp_path: Any) -> None:
    (tmp_path / "a.json").write_text(
        '{"slug": "a", "title": "A", "intro": "", "offer": "", "rhythm": "", '
        '"theme": "", "house_rules": "<p>x</p>"}'
    )
    (tmp_path / "b.json").write_text("{")
    with pytest.raises(CommandError):
        call_command("load_network", folder=tmp_path)
    assert not Group.objects.unrestricted().exists()
