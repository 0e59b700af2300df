"""Putting together what several open pages typed."""

from __future__ import annotations

from typing import Any

import pytest

from practices.sharing.parts import UNKNOWN, base_after, base_of, merge, put, refuse, shown

CONTENT: dict[str, Any] = {
    "name": "Soep",
    "summary": "Kort",
    "approach": "<p>Hoe <strong>het</strong> gaat</p>",
    "facets": {"ruimte": ["buiten"]},
    "unknown": ["prijs"],
    "links": [{"title": "Site", "url": "https://x.example"}],
    "contact": {"email": "a@example.org"},
}


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("name", "Soep"),
        ("approach", "Hoe het gaat"),
        ("facet-ruimte", ["buiten"]),
        ("facet-prijs", [UNKNOWN]),
        ("facet-ritme", []),
        ("contact-email", "a@example.org"),
        ("contact-phone", ""),
        ("links", [["Site", "https://x.example"]]),
        ("reference_year", ""),
    ],
)
def test_the_form_shows_what_is_stored(part: str, value: Any):
    assert shown(CONTENT, part) == value


@pytest.mark.parametrize(
    "part", ["name", "approach", "facet-ruimte", "facet-prijs", "contact-email", "links"]
)
def test_putting_back_what_is_shown_changes_nothing(part: str):
    content = {**CONTENT, "facets": dict(CONTENT["facets"]), "contact": dict(CONTENT["contact"])}
    put(content, part, shown(content, part))
    assert shown(content, part) == shown(CONTENT, part)
    assert content["approach"] == CONTENT["approach"]


def test_a_choice_is_more_than_not_knowing():
    content: dict[str, Any] = {}
    put(content, "facet-prijs", [UNKNOWN])
    assert (content["facets"], content["unknown"]) == ({"prijs": []}, ["prijs"])
    put(content, "facet-prijs", ["gratis", UNKNOWN])
    assert (content["facets"], content["unknown"]) == ({"prijs": ["gratis"]}, [])


def test_what_cannot_be_used_stands_there_again_until_it_is_put_right():
    content: dict[str, Any] = {"reference_year": 2024}
    refuse(content, "reference_year", "vorig jaar")
    assert (shown(content, "reference_year"), content["reference_year"]) == ("vorig jaar", 2024)
    put(content, "reference_year", "2025")
    assert content == {"reference_year": 2025}


def test_a_page_changes_what_was_typed_in_it():
    base = base_of(CONTENT, ["name", "summary"])
    assert merge(CONTENT, {"name": "Soep!", "summary": "Kort"}, base) == ({"name": "Soep!"}, [])


def test_an_older_page_does_not_undo_what_was_changed_elsewhere():
    base = base_of(CONTENT, ["name", "summary"])
    newer = CONTENT | {"summary": "Nieuwer"}
    assert merge(newer, {"name": "Soep!", "summary": "Kort"}, base) == ({"name": "Soep!"}, [])


def test_two_pages_that_change_the_same_part_are_a_conflict():
    base = base_of(CONTENT, ["name"])
    newer = CONTENT | {"name": "Van ginder"}
    assert merge(newer, {"name": "Van hier"}, base) == ({}, ["name"])
    assert merge(newer, {"name": "Van ginder"}, base) == ({}, [])


def test_a_page_has_no_conflict_with_what_it_wrote_itself():
    newer = CONTENT | {"name": "Van hier, half"}
    assert merge(newer, {"name": "Van hier"}, base_of(CONTENT, ["name"]), own={"name"}) == (
        {"name": "Van hier"},
        [],
    )


def test_a_page_that_goes_on_never_takes_over_what_it_does_not_show():
    base = base_of(CONTENT, ["name", "summary"])
    newer = CONTENT | {"summary": "Nieuwer"}
    typed = {"name": "Soep!", "summary": "Kort"}
    changed, conflicts = merge(newer, typed, base)
    after = newer | changed
    again = base_after(after, typed, conflicts)
    assert merge(after, typed | {"name": "Soep!!"}, again) == ({"name": "Soep!!"}, [])


def test_after_being_told_of_a_conflict_the_typed_text_counts():
    newer = CONTENT | {"name": "Van ginder"}
    typed = {"name": "Van hier"}
    _changed, conflicts = merge(newer, typed, base_of(CONTENT, ["name"]))
    assert merge(newer, typed, base_after(newer, typed, conflicts)) == ({"name": "Van hier"}, [])


@pytest.mark.parametrize("base", ["", "onzin", "name=", "=x", "name=abc name=def"])
def test_a_page_without_a_readable_base_overwrites_nothing(base: str):
    assert merge(CONTENT, {"name": "Van hier"}, base) == ({}, ["name"])
    assert merge({}, {"name": "Van hier"}, "") == ({"name": "Van hier"}, [])
