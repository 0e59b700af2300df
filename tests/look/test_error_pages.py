"""The error pages must show without database, request or context, and say what to do next."""

import pytest
from django.template.loader import get_template

PAGES = ("400", "403", "404", "500", "503")


@pytest.mark.parametrize("name", PAGES)
def test_an_error_page_needs_nothing_and_says_what_to_do(name):
    html = get_template(f"{name}.html").render()
    assert '<html lang="nl-BE">' in html
    assert html.count("<h1>") == 1
    assert f"Fout {name}" in html
    assert 'class="btn btn-primary"' in html


@pytest.mark.parametrize("name", PAGES)
def test_an_error_page_holds_nothing_that_a_strict_policy_refuses(name):
    html = get_template(f"{name}.html").render()
    assert "<script" not in html
    assert " style=" not in html
    assert "<style" not in html


def test_the_404_page_offers_search_and_sign_in():
    html = get_template("404.html").render()
    assert 'action="/praktijken/"' in html
    assert 'href="/account/login/"' in html
