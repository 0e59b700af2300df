"""Searching by challenge: who found a way with what is hard here, and who knows the same."""

import html as entities
import re
from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from expoo_portal import content_version, page_cache
from expoo_portal.visibility import Audience, PublicationState
from practices import catalogue
from practices.indexing import index_all
from practices.models import Practice, PracticeSentence, SentenceField
from practices.sentence_search import _COUNTS, _MATCHING, MAX_READ
from tests import factories

pytestmark = pytest.mark.django_db

PAGE = "/praktijken/uitdagingen/"


def get(client, address=PAGE):
    response = client.get(address)
    assert response.status_code == 200
    return entities.unescape(response.content.decode())


def answers(html):
    """The names of the practices that know a way, in order."""
    found = re.search(r'<section class="stack" aria-labelledby="antwoorden".*?</section>', html, re.S)
    return re.findall(r'#sterktes">([^<]*)</a>', found[0]) if found else []


def companions(html):
    found = re.search(r'<section class="stack" aria-labelledby="lotgenoten".*?</section>', html, re.S)
    return re.findall(r'#uitdagingen">([^<]*)</a>', found[0]) if found else []


def total(html):
    return int(re.search(r'data-total="(\d+)"', html)[1])


def key_of(text):
    return PracticeSentence.objects.public().get(field=SentenceField.CHALLENGES, text__startswith=text).key


def topic_value(slug, label):
    return factories.facet_value(slug=slug, label=label, topic=factories.topic(slug=slug, label=label))


def items(*sentences):
    return f"<ul>{''.join(f'<li>{sentence}</li>' for sentence in sentences)}</ul>"


def test_a_visitor_chooses_from_topics_and_from_challenges_of_colleagues(client, starter):
    html = get(client)
    for slug in ("vaders", "taal", "armoede", "visie"):
        assert f'href="{PAGE}?onderwerp={slug}"' in html
    key = key_of("Vaders van baby's bereiken we nauwelijks")
    assert f'href="?uitdaging={key}">Vaders van baby\'s bereiken we nauwelijks' in html
    # Whatever was invented says so.
    assert html.count("(voorbeeld)</span>") == html.count("?uitdaging=") > 20
    assert not answers(html)


def test_a_visitor_finds_who_answers_a_challenge_with_the_sentence_that_says_so(client, starter):
    html = get(client, f"{PAGE}?uitdaging={key_of('Gezinnen met een baby haken af zodra het vriest')}")
    assert answers(html)[0] == "Ommetje voor twee (voorbeeld)"
    assert (
        "een <mark>baby</mark> in de wagen of in een draagdoek lukt ook als het <mark>vriest</mark>" in html
    )
    assert "Over: baby, vriest" in html
    assert "/praktijken/ommetje-voor-twee-voorbeeld/#sterktes" in html
    # The practice that asks is named as such, and does not answer itself.
    assert "/praktijken/winterpleintje-voorbeeld/#uitdagingen" in html
    assert "Winterpleintje (voorbeeld)" not in answers(html)


def test_an_invented_answer_says_that_it_is_invented(client, starter):
    html = get(client, f"{PAGE}?q=vrijwilligers")
    found = re.findall(r'<li class="panel">.*?</li>', html, re.S)
    assert len(found) == total(html) > 2
    assert all("Voorbeeld</span>" in answer for answer in found)


def test_a_visitor_chooses_a_topic_and_finds_companions(client, starter):
    html = get(client, f"{PAGE}?onderwerp=vaders")
    assert set(answers(html)) >= {"Soep om vijf uur (voorbeeld)", "Vaders om vier uur (voorbeeld)"}
    assert "Bakfiets met thee (voorbeeld)" in companions(html)
    assert "<mark>Vaders</mark> wachten wel aan de bushalte" in html


def test_a_topic_that_no_sentence_names_is_answered_by_the_practices_about_it(client, starter):
    html = get(client, f"{PAGE}?onderwerp=armoede")
    assert set(answers(html)) == {"De gulle kast (voorbeeld)", "Bakfiets met thee (voorbeeld)"}
    assert "Onderwerp: Armoede en uitsluiting" in html


def test_a_visitor_asks_in_own_words(client, starter):
    html = get(client, f"{PAGE}?q=Onze+wachtruimte+is+stil")
    assert answers(html)[0] == "Wachten wordt babbelen (voorbeeld)"
    assert 'value="Onze wachtruimte is stil"' in html
    assert 'content="noindex' in html


def test_a_visitor_who_finds_nothing_is_shown_other_ways(client, starter):
    html = get(client, f"{PAGE}?q=onderzeeboot")
    assert total(html) == 0
    assert "Hier weet nog niemand raad mee" in html
    assert f'href="{PAGE}?onderwerp=vaders"' in html
    assert "Bedoelde je" in get(client, f"{PAGE}?q=vrijwilligerz")


@pytest.mark.parametrize(
    "query", ["", "q=", "q=%00", "onderwerp=", "pagina=9", "uitdaging=&onderwerp=&q=+", "kleur=rood"]
)
def test_an_address_that_asks_nothing_shows_what_can_be_chosen(client, starter, query):
    html = get(client, f"{PAGE}?{query}")
    assert "Of herken je dit?" in html
    assert not answers(html)


@pytest.mark.parametrize(
    "key", ["1", "zzzz", "0123456789abcdef", "0123456789abcdef%0a", "%27%20or%201=1", "a" * 9000]
)
def test_a_challenge_that_is_not_there_shows_what_can_be_chosen(client, starter, key):
    html = get(client, f"{PAGE}?uitdaging={key}")
    assert "Deze uitdaging vinden we niet meer" in html
    assert "Of herken je dit?" in html
    assert "Dit onderwerp kennen we niet" in get(client, f"{PAGE}?onderwerp={key}")


@pytest.mark.parametrize(
    "hidden",
    [{"audience": Audience.MEMBERS}, {"audience": Audience.STAFF}, {"state": PublicationState.DRAFT}],
)
def test_a_hidden_challenge_is_as_absent_as_one_that_never_was(client, hidden):
    practice = factories.practice(challenges=items("De bakfiets rijdt lek."), **hidden)
    factories.practice(strengths=items("Onze bakfiets rijdt nooit lek."))
    key = PracticeSentence.objects.unrestricted().get(practice=practice).key
    page = get(client, f"{PAGE}?uitdaging={key}")
    assert page == get(client, f"{PAGE}?uitdaging=0123456789abcdef")
    assert "bakfiets" not in page


@pytest.mark.parametrize(
    "hidden",
    [{"audience": Audience.MEMBERS}, {"audience": Audience.STAFF}, {"state": PublicationState.DRAFT}],
)
def test_a_hidden_strength_answers_nobody_outside(client, hidden):
    factories.practice(name="Geheim", strengths=items("Onze bakfiets rijdt nooit lek."), **hidden)
    factories.practice(name="Open", strengths=items("Met de bakfiets naar het park."))
    html = get(client, f"{PAGE}?q=bakfiets")
    assert answers(html) == ["Open"]
    assert "lek" not in html


def test_a_member_finds_what_is_for_members(member):
    factories.practice(
        name="Onder ons", strengths=items("Onze bakfiets rijdt nooit lek."), audience=Audience.MEMBERS
    )
    assert answers(get(member, f"{PAGE}?q=bakfiets")) == ["Onder ons"]


def test_a_practice_that_stopped_comes_after_those_that_go_on(client):
    factories.practice(
        name="Voorbij", archived_on=date(2024, 5, 1), strengths=items("De bakfiets van de buurtbibliotheek.")
    )
    factories.practice(name="Levend", strengths=items("Onze bakfiets."))
    html = get(client, f"{PAGE}?q=bakfiets+bibliotheek")
    assert answers(html) == ["Levend", "Voorbij"]
    assert "bestaat niet meer sinds 1 mei 2024" in html


def test_many_answers_come_in_pages_of_which_the_address_says_which(client):
    for number in range(30):
        factories.practice(name=f"Nummer {number:02}", strengths=items("De bakfiets."))
    first, last = get(client, f"{PAGE}?q=bakfiets"), get(client, f"{PAGE}?q=bakfiets&pagina=3")
    assert total(first) == 30
    assert len(answers(first)) == 12
    assert answers(last) == [f"Nummer {number}" for number in range(24, 30)]
    assert 'href="?q=bakfiets&pagina=2"' in first
    assert answers(get(client, f"{PAGE}?q=bakfiets&pagina=99")) == answers(last)


def test_the_best_answer_shares_most_words_then_the_topic(client):
    winter = topic_value("buiten", "Buiten")
    asking = factories.practice(values=[winter], challenges=items("De bakfiets blijft in de sneeuw steken."))
    factories.practice(name="Een woord", strengths=items("De sneeuw ruimen we zelf."))
    factories.practice(name="Zelfde onderwerp", values=[winter], strengths=items("De sneeuw ruimen we zelf."))
    factories.practice(name="Alles", strengths=items("Koffie.", "De bakfiets rijdt door sneeuw."))
    (key,) = PracticeSentence.objects.public().filter(practice=asking).values_list("key", flat=True)
    assert answers(get(client, f"{PAGE}?uitdaging={key}")) == ["Alles", "Zelfde onderwerp", "Een woord"]


def test_an_editor_who_changes_the_strengths_changes_the_answers(client):
    practice = factories.practice(name="Ons", strengths=items("De bakfiets.", "De tent."))
    assert answers(get(client, f"{PAGE}?q=tent")) == ["Ons"]
    practice.strengths = items("De bakfiets.")
    practice.save()
    assert answers(get(client, f"{PAGE}?q=tent")) == []
    assert answers(get(client, f"{PAGE}?q=bakfiets")) == ["Ons"]
    practice.delete()
    assert answers(get(client, f"{PAGE}?q=bakfiets")) == []


def test_sentences_that_stay_as_they_are_keep_their_row():
    practice = factories.practice(strengths=items("De bakfiets.", "De tent."), challenges=items("De regen."))
    rows = PracticeSentence.objects.unrestricted().filter(practice=practice)
    before = {row.text: (row.pk, row.key) for row in rows}
    assert set(before) == {"De bakfiets.", "De tent.", "De regen."}

    def versions():
        with connection.cursor() as cursor:
            cursor.execute("SELECT text, ctid::text FROM practices_practicesentence")
            return dict(cursor.fetchall())

    untouched = versions()
    index_all()
    assert versions() == untouched
    practice.strengths = items("De bakfiets.", "De grote tent.")
    practice.save()
    assert {row.text: row.pk for row in rows.all()} == {
        "De bakfiets.": before["De bakfiets."][0],
        "De grote tent.": before["De tent."][0],
        "De regen.": before["De regen."][0],
    }
    assert versions()["De bakfiets."] == untouched["De bakfiets."]


def test_the_page_of_a_practice_leads_to_who_may_know_a_way(client, starter):
    html = get(client, "/praktijken/winterpleintje-voorbeeld/")
    key = key_of("Gezinnen met een baby haken af")
    assert "Wie weet hier raad mee?" in html
    assert f'href="{PAGE}?uitdaging={key}"' in html
    assert "Wie weet hier raad mee?" not in get(client, "/praktijken/baboes/")
    assert f'href="{PAGE}"' in get(client, "/praktijken/")


def test_the_database_finds_a_word_by_its_index():
    texts = [
        f"Woord{number % 400} en {'koffie' if number % 2 else 'thee'} {number}" for number in range(3_000)
    ]
    practice = factories.practice()
    PracticeSentence.objects.unrestricted().filter(practice=practice).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO practices_practicesentence (practice_id, field, position, text, key, terms) "
            "SELECT %s, 'strengths', n, t, 'k', string_to_array(lower(t), ' ') "
            "FROM unnest(%s::text[]) WITH ORDINALITY AS given (t, n)",
            [practice.pk, texts],
        )
        cursor.execute("ANALYZE practices_practicesentence")
        cursor.execute("SET LOCAL enable_seqscan = off")
        for sql, terms in (
            (_COUNTS.format("strengths", MAX_READ + 1), ["woord7", "koffie"]),
            (_MATCHING.format("strengths", MAX_READ).split(";")[1], ["woord7"]),
        ):
            cursor.execute(f"EXPLAIN {sql}", [terms])
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "practices_sentence_strengths" in plan, plan
            assert "Seq Scan" not in plan, plan


def test_the_search_asks_the_database_the_same_few_times_whatever_there_is(client, settings):
    settings.CONTENT_VERSION_SECONDS = 1_000.0
    value = topic_value("fietsen", "Fietsen")

    def add(number):
        for _ in range(number):
            factories.practice(
                values=[value], strengths=items("De fiets."), challenges=items("De fiets lekt.")
            )

    def cold(address):
        content_version.forget()
        page_cache.clear()
        catalogue._catalogues.clear()
        content_version.current()
        catalogue.catalogue_for(None)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    add(3)
    key = PracticeSentence.objects.public().filter(field="challenges").values_list("key", flat=True)[0]
    addresses = [PAGE, f"{PAGE}?q=fiets", f"{PAGE}?onderwerp=fietsen", f"{PAGE}?uitdaging={key}"]
    few = [cold(address) for address in addresses]
    add(60)
    assert [cold(address) for address in addresses] == few
    assert max(few) <= 12


def test_a_practice_from_before_the_table_gets_its_sentences():
    practice = factories.practice(strengths=items("De bakfiets."), challenges="<p>De regen. De wind.</p>")
    rows = PracticeSentence.objects.unrestricted().filter(practice=practice)
    expected = list(rows.values_list("field", "position", "text", "key"))
    assert len(expected) == 3
    rows.delete()
    import_module("practices.migrations.0012_fill_practice_sentences").fill(apps, None)
    assert list(rows.all().values_list("field", "position", "text", "key")) == expected
    assert Practice.objects.public().count() == 1
