"""The catalogue as a visitor sees it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from expoo_portal.visibility import Audience, PublicationState
from practices.models import FacetValue, FormerSlug, Practice, PracticeContact

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter")]


def slugs(html):
    return re.findall(r'data-slug="([^"]+)"', html)


def total(html):
    return int(re.search(r'data-total="(\d+)"', html)[1])


def count(html, facet, value):
    return int(re.search(rf'data-facet="{facet}" data-value="{value}" data-count="(\d+)"', html)[1])


def get(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_a_visitor_sees_all_practices_in_order_of_name(client):
    html = get(client, "/praktijken/")
    assert total(html) == 42
    assert len(slugs(html)) == 24
    second = get(client, "/praktijken/?pagina=2")
    assert len(slugs(second)) == 18
    assert not set(slugs(html)) & set(slugs(second))
    assert 'rel="next"' in html
    assert 'rel="prev"' in second
    assert 'rel="next"' not in second


def test_a_visitor_combines_facets(client):
    html = get(client, "/praktijken/?type-organisatie=ruilwinkel&type-organisatie=spelotheek")
    assert total(html) == 8
    html = get(
        client,
        "/praktijken/?type-organisatie=ruilwinkel&type-organisatie=spelotheek&begeleiding=vrijwilligers",
    )
    assert total(html) == len(slugs(html)) == 5


def test_the_counts_follow_the_other_choices_but_not_their_own_facet(client):
    html = get(client, "/praktijken/?type-organisatie=ruilwinkel")
    assert count(html, "type-organisatie", "ruilwinkel") == 5
    assert count(html, "type-organisatie", "spelotheek") == 3
    assert count(html, "provincie", "west-vlaanderen") == 1
    assert count(html, "ruimte", "online") == 0


@pytest.mark.parametrize("facet", ["type-organisatie", "ruimte", "doelgroepen", "provincie", "thema"])
def test_each_count_is_what_a_click_finds(client, facet):
    html = get(client, "/praktijken/?opdracht=nevenactiviteit")
    for value in FacetValue.objects.filter(facet__slug=facet):
        found = get(client, f"/praktijken/?opdracht=nevenactiviteit&{facet}={value.slug}")
        assert total(found) == count(html, facet, value.slug)


def test_a_value_without_results_is_shown_but_cannot_be_chosen(client):
    html = get(client, "/praktijken/?ruimte=online")
    assert re.search(r'data-value="inloopteam" data-count="0"><input[^>]* disabled>', html)


def test_a_visitor_takes_a_chip_away(client):
    html = get(client, "/praktijken/?ruimte=buiten&ruimte=mobiel&q=spelen")
    chips = re.findall(r'class="chip" href="([^"]+)"', html)
    assert [chip.replace("&amp;", "&") for chip in chips] == [
        "?q=spelen&ruimte=mobiel",
        "?q=spelen&ruimte=buiten",
    ]


def test_a_visitor_searches_in_dutch(client):
    html = get(client, "/praktijken/?q=vader")
    assert slugs(html)[0] == "vaders-om-vier-uur-voorbeeld" or slugs(html)[0] == "vaderklap"
    assert "<mark>Vader" in html or "<mark>vader" in html
    assert total(get(client, "/praktijken/?q=koffie")) >= 4


def test_a_visitor_with_a_typing_error_is_helped(client):
    html = get(client, "/praktijken/?q=spelotheekk")
    assert total(html) == 0
    assert "Bedoelde je" in html
    assert re.search(r'<a href="\?q=spelotheek">', html)


def test_a_visitor_is_told_of_unknown_values(client):
    html = get(client, "/praktijken/?ruimte=maan&kleur=rood&pagina=99")
    assert "ruimte" in html
    assert "kleur" in html
    assert "Pagina 99 bestaat niet" in html
    assert total(html) == 42


def test_a_visitor_sorts(client):
    by_place = get(client, "/praktijken/?sorteer=gemeente")
    order = list(
        Practice.objects.public()
        .order_by("municipality_key", "name_key", "id")
        .values_list("slug", flat=True)
    )
    assert slugs(by_place) == order[:24]


def test_a_visitor_sees_the_map(client):
    html = get(client, "/praktijken/?weergave=kaart&ruimte=buiten")
    assert "province-map" in html
    assert "provincie=limburg" in html


def test_a_visitor_is_surprised_within_the_choice(client):
    for _ in range(5):
        response = client.get("/praktijken/verras-me/?type-organisatie=bibliotheek")
        assert response.headers["Location"] == "/praktijken/babybib-oostende/"


def test_a_visitor_reads_a_practice(client):
    html = get(client, "/praktijken/baboes/")
    assert "Peildatum: 2017" in html
    assert "te bevestigen" in html
    assert "Niet bevestigd" in html
    assert 'href="https://expoo.be/spel-en-ontmoeting-baboes-brussel"' in html
    assert 'href="/praktijken/?ruimte=mobiel"' in html
    assert "Hoe werkt het?" not in html
    assert "Sterktes" not in html


def test_a_visitor_sees_that_an_example_is_one(client):
    for address in (
        "/praktijken/winterpleintje-voorbeeld/",
        "/praktijken/winterpleintje-voorbeeld/afdrukken/",
    ):
        assert "Voorbeeld" in get(client, address)
    html = get(client, "/praktijken/?q=winterpleintje")
    assert "badge-example" in html


def test_an_old_address_leads_to_the_new_one(client):
    practice = Practice.objects.public().get(slug="baboes")
    practice.slug = "baboes-brussel"
    practice.save()
    response = client.get("/praktijken/baboes/")
    assert (response.status_code, response.headers["Location"]) == (301, "/praktijken/baboes-brussel/")
    practice.slug = "baboes"
    practice.save()
    assert client.get("/praktijken/baboes/").status_code == 200
    assert client.get("/praktijken/baboes-brussel/").status_code == 301
    assert FormerSlug.objects.public().count() == 1


def test_an_old_address_of_a_hidden_practice_tells_nothing(client):
    practice = Practice.objects.public().get(slug="baboes")
    practice.slug = "baboes-brussel"
    practice.state = PublicationState.DRAFT
    practice.save()
    assert client.get("/praktijken/baboes/").content == client.get("/praktijken/bestaat-niet/").content


def test_only_members_see_the_contact(client, django_user_model):
    from network.models import Group, Membership, MembershipState

    practice = Practice.objects.public().get(slug="baboes")
    PracticeContact.objects.create(practice=practice, role="Onthaal", email="onthaal@voorbeeld.invalid")
    assert "onthaal@voorbeeld.invalid" not in get(client, "/praktijken/baboes/")
    user = django_user_model.objects.create_user("lid@voorbeeld.invalid")
    membership = Membership.objects.unrestricted().create(
        group=Group.objects.create(slug="g", title="G"), user=user, state=MembershipState.ACTIVE
    )
    client.force_login(user)
    assert "onthaal@voorbeeld.invalid" in get(client, "/praktijken/baboes/")
    membership.state = MembershipState.ENDED
    membership.save()
    assert "onthaal@voorbeeld.invalid" not in get(client, "/praktijken/baboes/")


def test_a_planned_practice_appears_at_its_moment_and_leaves(client, time_machine):
    now = timezone.now()
    Practice.objects.unrestricted().filter(slug="baboes").update(
        publish_at=now + timedelta(hours=1), expires_at=now + timedelta(hours=2)
    )
    expected = [(0, 404, 41), (61, 200, 42), (121, 404, 41)]
    for minutes, status, number in expected:
        time_machine.move_to(now + timedelta(minutes=minutes))
        assert client.get("/praktijken/baboes/").status_code == status
        assert total(get(client, "/praktijken/")) == number
        assert ("/praktijken/baboes/" in get(client, "/sitemap.xml")) == (status == 200)


def test_a_members_only_practice_is_counted_for_members_only(client, django_user_model):
    from network.models import Group, Membership, MembershipState

    Practice.objects.unrestricted().filter(slug="baboes").update(audience=Audience.MEMBERS)
    assert total(get(client, "/praktijken/")) == 41
    user = django_user_model.objects.create_user("lid@voorbeeld.invalid")
    Membership.objects.unrestricted().create(
        group=Group.objects.create(slug="g", title="G"), user=user, state=MembershipState.ACTIVE
    )
    client.force_login(user)
    assert total(get(client, "/praktijken/")) == 42
    client.logout()
    assert total(get(client, "/praktijken/")) == 41


def test_a_practice_is_no_longer_found_by_a_label_that_is_gone(client):
    assert total(get(client, "/praktijken/?q=leeszaalwerking")) == 0
    value = FacetValue.objects.get(facet__slug="type-organisatie", slug="bibliotheek")
    value.label = "Leeszaalwerking"
    value.save()
    assert total(get(client, "/praktijken/?q=leeszaalwerking")) == 1
    value.delete()
    assert total(get(client, "/praktijken/?q=leeszaalwerking")) == 0


def test_an_editor_decides_which_pages_stand_in_the_footer(client):
    from expoo_portal.pages import Page

    assert 'href="/privacy/"' in get(client, "/praktijken/")
    page = Page.objects.public().get(slug="privacy")
    page.slug = "jouw-gegevens"
    page.save()
    assert 'href="/jouw-gegevens/"' in get(client, "/praktijken/")
    page.state = PublicationState.DRAFT
    page.save()
    assert "jouw-gegevens" not in get(client, "/praktijken/")
