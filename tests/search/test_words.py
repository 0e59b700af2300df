"""The words for "Bedoelde je ...?" follow the public content, and only that."""

import pytest

from expoo_portal import content_version, jobs
from expoo_portal.search import words
from expoo_portal.search.words import SearchWord, suggestion
from expoo_portal.visibility import Audience, PublicationState
from practices.models import Practice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter")]


def practice(**fields):
    return Practice.objects.create(
        slug="p",
        summary="Een zandbakkencafé voor iedereen.",
        name="Zandbakkencafé",
        organisation="o",
        municipality="m",
        **fields,
    )


def test_a_new_public_word_is_suggested_after_the_job():
    practice(audience=Audience.PUBLIC, state=PublicationState.PUBLISHED)
    jobs.count_search_words.func(timestamp=0)
    words.forget()
    assert suggestion("zandbakkencafee") == "zandbakkencafe"


@pytest.mark.parametrize(
    "fields",
    [
        {"audience": Audience.MEMBERS, "state": PublicationState.PUBLISHED},
        {"audience": Audience.PUBLIC, "state": PublicationState.DRAFT},
    ],
)
def test_a_word_that_only_others_see_is_never_suggested(fields):
    practice(**fields)
    jobs.count_search_words.func(timestamp=0)
    words.forget()
    assert not SearchWord.objects.filter(word__startswith="zandbakken").exists()
    assert suggestion("zandbakkencafee") != "zandbakkencafe"


def test_a_visitor_gets_a_new_suggestion_on_a_page_that_was_kept_before_the_job(client):
    practice(audience=Audience.PUBLIC, state=PublicationState.PUBLISHED)
    search = {"q": "zandbakkencafee"}
    assert "did-you-mean" not in client.get("/praktijken/", search).content.decode()
    jobs.count_search_words.func(timestamp=0)
    assert "<strong>zandbakkencafe</strong>" in client.get("/praktijken/", search).content.decode()


def test_counting_the_same_words_again_leaves_the_content_version_alone():
    words.rebuild_words()
    before = content_version.current()
    words.rebuild_words()
    assert content_version.current() == before


def test_the_job_does_nothing_while_nothing_changes(django_assert_max_num_queries):
    jobs.count_search_words.func(timestamp=0)
    with django_assert_max_num_queries(6):
        jobs.count_search_words.func(timestamp=0)
