"""The site search: everything that this visitor may see, in groups, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from expoo_portal import content_version
from expoo_portal.search import kinds, words
from expoo_portal.search.row_signals import row_kinds, written_once
from expoo_portal.search.rows import SearchRow, write_all
from expoo_portal.themes.models import Topic
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_of_now(settings: Any) -> None:
    settings.CONTENT_VERSION_SECONDS = 0


def page(client: Client, text: str, **more: str) -> str:
    response = client.get("/zoeken/", {"q": text, **more})
    assert response.status_code == 200
    return response.content.decode()


def total(html: str) -> int:
    return int(re.search(r'data-total="(\d+)"', html).group(1))  # type: ignore[union-attr]


def suggested(client: Client, text: str) -> dict[str, int]:
    found = client.get("/zoeken/aanvullen/", {"q": text}).json()["suggestions"]
    return {each["text"]: each["total"] for each in found}


# Something of each kind with a word of its own in its title or text, and the slug of its kind.
MAKE: dict[str, Callable[[str], Any]] = {
    "praktijken": lambda word: factories.practice(name=word),
    "tips": lambda word: factories.tip(question=f"Wat doet {word}?"),
    "uitzendingen": lambda word: factories.broadcast(title=word),
    "fragmenten": lambda word: factories.transcript_line(text=f"Toen kwam {word} binnen."),
    "documenten": lambda word: factories.document(body=f"<p>Over {word}.</p>"),
    "activiteiten": lambda word: factories.event(summary=f"Met {word}."),
    "themas": lambda word: factories.theme(title=word),
    "onderdelen": lambda word: factories.theme_section(body=f"<p>{word}</p>"),
    "paginas": lambda word: factories.page(intro=f"Dit is {word}."),
}


@pytest.mark.parametrize("kind", MAKE)
def test_a_visitor_finds_each_kind_by_a_word_of_it(client: Client, kind: str) -> None:
    MAKE[kind]("kwibus")
    MAKE[kind]("anders")
    html = page(client, "kwibus")
    assert total(html) == 1
    assert f'id="soort-{kind}"' in html
    assert "<mark>kwibus</mark>" in html


def owner(made: Any) -> Any:
    """The publishable thing that decides who sees `made`."""
    for path in ("chapter", "broadcast"):
        made = getattr(made, path, made)
    return made if hasattr(made, "audience") else made.theme


@pytest.mark.parametrize("kind", MAKE)
@pytest.mark.parametrize("change", [{"state": "draft"}, {"audience": "members"}, {"audience": "staff"}])
def test_a_visitor_cannot_tell_that_something_of_others_exists(
    client: Client, kind: str, change: dict[str, str]
) -> None:
    made = owner(MAKE[kind]("kwibus"))
    for name, value in change.items():
        setattr(made, name, value)
    made.save()
    words.rebuild_words()
    words.forget()
    assert total(page(client, "kwibus")) == 0
    assert "did-you-mean" not in page(client, "kwibux")
    assert not suggested(client, "kwib")


def test_what_belongs_to_a_hidden_theme_is_hidden(client: Client) -> None:
    tip = factories.tip(title="kwibus")
    assert total(page(client, "kwibus")) == 1
    tip.theme.state = "draft"
    tip.theme.save()
    assert total(page(client, "kwibus")) == 0


def test_a_member_finds_what_is_for_members(member: Client, client: Client) -> None:
    factories.tip(title="kwibus", audience="members")
    assert total(page(member, "kwibus")) == 1
    assert suggested(member, "kwib") == {"kwibus": 1}
    assert total(page(client, "kwibus")) == 0
    assert suggested(client, "kwib") == {}


def test_a_chapter_leads_to_the_moment(client: Client) -> None:
    line = factories.transcript_line(start=125, text="Hier zegt iemand kwibus.")
    address = line.chapter.broadcast.get_absolute_url()
    assert f'href="{address}#t=2:05"' in page(client, "kwibus")


def test_what_a_theme_page_folds_is_found_and_opens(client: Client) -> None:
    seen = f"<p>Zonnebloem. {'Kom binnen en blijf even. ' * 12}</p>"
    folded = f"<p>Kwibus. {'Kom binnen en blijf even. ' * 12}</p>"
    part = factories.theme_section(slug="welkom", body=seen + folded)
    address = part.theme.get_absolute_url()
    assert f'href="{address}#welkom"' in page(client, "zonnebloem")
    assert f'href="{address}#welkom.verder"' in page(client, "kwibus")
    assert 'id="welkom.verder"' in client.get(address).content.decode()


def test_the_words_of_a_change_are_found_at_once(client: Client) -> None:
    tip = factories.tip(title="kwibus")
    tip.title = "knorrepot"
    tip.save()
    assert total(page(client, "kwibus")) == 0
    assert total(page(client, "knorrepot")) == 1
    tip.delete()
    assert total(page(client, "knorrepot")) == 0
    assert not SearchRow.objects.filter(kind="tips").exists()


def test_a_renamed_topic_is_found(client: Client) -> None:
    topic = factories.topic(label="Onthaal")
    factories.tip(topic=topic)
    factories.document(topics=[topic])
    topic.label = "Kwibus"
    topic.save()
    assert total(page(client, "kwibus")) == 2


def test_a_sentence_that_goes_is_not_found(client: Client) -> None:
    line = factories.transcript_line(text="Een kwibus.")
    line.delete()
    assert total(page(client, "kwibus")) == 0


def test_many_sentences_write_their_chapter_once(django_assert_max_num_queries: Any) -> None:
    chapter = factories.chapter()
    with django_assert_max_num_queries(40), written_once():
        for _ in range(12):
            factories.transcript_line(chapter=chapter, text="Een kwibus.")
    assert SearchRow.objects.get(kind="fragmenten").words.count("kwibus") == 1


def test_rows_written_anew_are_the_same_rows() -> None:
    for make in MAKE.values():
        make("kwibus")

    def rows() -> list[tuple[Any, ...]]:
        return list(SearchRow.objects.order_by("pk").values_list("kind", "object_id", "brief", "full"))

    before = rows()
    SearchRow.objects.create(kind="tips", object_id=987654)
    write_all(row_kinds().values())
    assert rows() == before


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kinderen", 2),
        ("kind koffie", 1),
        ("kind -koffie", 1),
        ('"samen koken"', 1),
        ('"koken samen"', 0),
        ("vader", 1),
        ("-koffie", 0),
        ("", 0),
    ],
)
def test_a_visitor_searches_as_dutch_is_written(client: Client, text: str, expected: int) -> None:
    factories.synonym_group(words="papa, vader")
    factories.tip(title="Kind", text="Samen koken met papa's.", explanation="")
    factories.tip(title="Kinderen", text="Koffie voor wie wacht.", explanation="")
    assert total(page(client, text)) == expected


def test_who_only_excludes_reads_what_to_do(client: Client) -> None:
    assert "Zet er een woord bij" in page(client, "-koffie")


def test_a_misspelled_word_leads_to_what_was_meant(client: Client) -> None:
    factories.tip(title="Voorleesuurtje")
    words.rebuild_words()
    words.forget()
    assert "<strong>voorleesuurtje</strong>" in page(client, "voorlesuurtje")


def test_who_finds_nothing_gets_the_words_that_do_and_a_way_on(client: Client) -> None:
    factories.topic(label="Ruimte")
    factories.tip(title="Kwibus in de ruimte")
    html = page(client, "kwibus onvindbaar")
    assert "Wel gevonden met één van je woorden" in html
    assert 'href="/zoeken/?q=kwibus"' in html
    assert 'href="/zoeken/?q=Ruimte"' in html


def test_each_kind_shows_its_best_and_leads_to_all(client: Client) -> None:
    theme, topic = factories.theme(), factories.topic()
    for _ in range(25):
        factories.tip(theme=theme, topic=topic, text="Een kwibus.")
    factories.page(intro="Een kwibus.")
    html = page(client, "kwibus")
    assert html.count('class="search-hit"') == 5
    assert "Alle 25 tips" in html
    first, second = (page(client, "kwibus", soort="tips", pagina=number) for number in ("1", "2"))
    assert first.count('class="search-hit"') == 20
    assert second.count('class="search-hit"') == 5
    assert page(client, "kwibus", soort="tips", pagina="99").count('class="search-hit"') == 5


@pytest.mark.parametrize(
    "more", [{"soort": "onzin"}, {"pagina": "-1"}, {"pagina": "²"}, {"soort": "documenten"}]
)
def test_an_address_that_asks_for_what_is_not_there_still_answers(
    client: Client, more: dict[str, str]
) -> None:
    factories.tip(title="kwibus")
    assert total(page(client, "kwibus", **more)) == 1


@pytest.mark.parametrize("text", ["'", "\\", ":*", "a & | !", "\0", "(" * 300, "<b>x</b>", "é" * 500])
def test_any_text_can_be_searched_for(client: Client, text: str) -> None:
    page(client, text)
    suggested(client, text)


def test_a_very_long_search_is_cut_between_words(client: Client) -> None:
    factories.tip(title="kwibus")
    assert total(page(client, "kwibus " * 90)) == 1


@pytest.mark.parametrize("text", ["de het een", "!?", "😀", '""', "-"])
def test_who_types_nothing_to_search_for_reads_what_to_type(client: Client, text: str) -> None:
    factories.tip(title="kwibus")
    assert "Typ een woord dat zegt waarover het gaat" in page(client, text)


def test_the_page_of_one_kind_says_what_it_holds_and_keeps_the_words(client: Client) -> None:
    theme, topic = factories.theme(), factories.topic()
    for _ in range(21):
        factories.tip(theme=theme, topic=topic, text="Een kwibus & co.")
    factories.page(intro="Een kwibus & co.")
    html = page(client, "kwibus & co", soort="tips")
    assert "<title>“kwibus &amp; co” · Tips · Zoeken" in html
    assert re.search(r"<strong>21</strong> tips voor\s+<strong[^>]*>kwibus &amp; co</strong>", html)
    assert "pagina 1 van 2" in html
    assert 'href="/zoeken/?q=kwibus+%26+co&amp;soort=tips&amp;pagina=2"' in html
    assert re.search(r'<a href="/zoeken/\?q=kwibus\+%26\+co">Terug naar alles', html)
    assert "pagina 2 van 2" in page(client, "kwibus & co", soort="tips", pagina="2")
    assert "Niets van deze soort" in page(client, "kwibus & co", soort="documenten")


@pytest.mark.parametrize("text", ["kwibus", "onvindbaar", ""])
def test_every_search_leads_on_to_a_person(client: Client, text: str) -> None:
    theme = factories.theme(title="Kwibus")
    assert f'href="/themas/{theme.slug}/contact/"' in page(client, text)


def test_staff_pin_an_answer_above_the_rest(client: Client) -> None:
    factories.pinned_answer(searches="kwibus", title="Begin hier", url="/praktijken/")
    assert "Begin hier" in page(client, "kwibus")
    assert "Begin hier" not in page(client, "anders")


def test_badges_say_what_is_an_example_and_what_stopped(client: Client) -> None:
    factories.broadcast(title="Kwibus", is_example=True)
    factories.practice(name="Knorrepot", archived_on=date(2020, 5, 1))
    assert "Voorbeeld" in page(client, "kwibus")
    assert "Archief" in page(client, "knorrepot")


def test_suggestions_complete_titles_topics_and_words_and_say_what_they_find(client: Client) -> None:
    theme = factories.theme(title="Ontmoeten")
    factories.tip(theme=theme, title="Het grote kookboek", text="Koken verbindt.", explanation="")
    factories.tip(theme=theme, title="Samen koken", text="In de keuken.", explanation="")
    words.rebuild_words()
    assert suggested(client, "kook") == {"kookboek": 1, "Het grote kookboek": 1}
    assert suggested(client, "samen ko")["Samen koken"] == 1
    assert suggested(client, "kok")["koken"] == 2
    assert suggested(client, "k") == {}


def test_of_a_word_in_several_forms_the_most_used_one_is_suggested(client: Client) -> None:
    factories.tip(title="Aan tafel", text="Kwibussen, en nog kwibussen.", explanation="Een kwibus.")
    factories.tip(title="Aan de deur", text="Kwibussen.", explanation="")
    words.rebuild_words()
    assert suggested(client, "kwib") == {"kwibussen": 2}


def test_every_suggestion_finds_as_much_as_it_says(client: Client) -> None:
    topic: Topic = factories.topic(label="Onthaal")
    for make in MAKE.values():
        make("ontmoetingsplaats")
    factories.tip(topic=topic, title="Ontmoeten aan tafel")
    words.rebuild_words()
    found = suggested(client, "ont")
    assert len(found) >= 3
    for text, count in found.items():
        assert total(page(client, text)) == count, text


@pytest.mark.parametrize("hidden", [0, 9])
def test_a_suggestion_says_when_it_finds_more_than_was_counted(
    client: Client, monkeypatch: pytest.MonkeyPatch, hidden: int
) -> None:
    """Those that the visitor may not see do not count, however many of them come first."""
    monkeypatch.setattr("practices.site_search.MAX_COUNTED", 2)
    monkeypatch.setattr(kinds, "MAX_COUNTED", 2)
    for _ in range(hidden):
        factories.practice(name="Kwibus", state="draft")
    factories.practice(name="Kwibus")
    answer = client.get("/zoeken/aanvullen/", {"q": "kwib"}).json()["suggestions"]
    assert answer == [{"text": "Kwibus", "total": 1, "more": False}]
    for _ in range(2):
        factories.practice(name="Kwibus")
    answer = client.get("/zoeken/aanvullen/", {"q": "kwib"}).json()["suggestions"]
    assert answer == [{"text": "Kwibus", "total": 2, "more": True}]
    assert "2+" in page(client, "kwibus knorrepot")


def test_suggestions_follow_the_content(client: Client) -> None:
    tip = factories.tip(title="Kwibus")
    assert suggested(client, "kwi") == {"Kwibus": 1}
    tip.delete()
    content_version.forget()
    assert suggested(client, "kwi") == {}
