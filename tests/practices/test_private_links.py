"""A private link opens one dossier, for who holds it, until it is revoked; it cannot be guessed or reused elsewhere."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practices import private_links
from practices.models import Dossier
from tests.dossiers import dossier


@pytest.mark.django_db
def test_the_link_opens_its_own_dossier() -> None:
    first, second = dossier(), dossier()
    assert private_links.find(private_links.token_of(first)) == first
    assert private_links.find(private_links.token_of(second)) == second


@pytest.mark.django_db
def test_nothing_else_opens_it() -> None:
    first, second = dossier(), dossier()
    token = private_links.token_of(first)
    others = [
        "",
        "x",
        token[:-1],
        token + "A",
        token.upper(),
        " " + token,
        str(first.uuid) + token[32:],
        first.uuid.hex,
        first.uuid.hex + private_links.token_of(second)[32:],
        first.uuid.hex + private_links.sign("confirm", first.uuid, first.link_number),
        uuid.uuid4().hex + token[32:],
        token[:32] + "é" * 22,
        token[:32] + "\x00" * 22,
    ]
    assert [other for other in others if private_links.find(other)] == []


@pytest.mark.django_db
@given(st.text(max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    assert private_links.find(text) is None


@pytest.mark.django_db
def test_a_revoked_link_opens_nothing_and_a_new_one_does() -> None:
    made = dossier()
    old = private_links.token_of(made)
    made.link_number += 1
    made.save()
    assert private_links.find(old) is None
    assert private_links.find(private_links.token_of(made)) == made


@pytest.mark.django_db
def test_a_link_survives_a_new_secret_key(settings: Any) -> None:
    made = dossier()
    old = private_links.token_of(made)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a-new-key-of-the-portal-that-is-long-enough-to-be-one"  # noqa: S105
    assert private_links.find(old) == made
    settings.SECRET_KEY_FALLBACKS = []
    assert private_links.find(old) is None


@pytest.mark.django_db
def test_the_database_holds_nothing_that_makes_a_link() -> None:
    made = dossier()
    signature = private_links.token_of(made)[32:]
    row = Dossier.objects.unrestricted().filter(pk=made.pk).values().get()
    assert signature not in str(row)


def test_a_signature_is_for_one_purpose_and_one_thing() -> None:
    parts = [("a", 1), ("a", 2), ("b", 1), ("a1",), ("a", 1, "")]
    made = {private_links.sign(purpose, *values) for purpose in ("x", "y") for values in parts}
    assert len(made) == 10
    assert all(len(signature) == 22 for signature in made)
