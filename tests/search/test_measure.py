"""The command that says which share of the test set is found, on a small set and on the real one."""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from expoo_portal.search.pairs import KINDS, holds, read_pairs
from expoo_portal.search.synonyms import SynonymGroup, key_of
from expoo_portal.search.words import rebuild_words
from tests import factories


def measure(path: Path, pairs: list[tuple[str, str, str]], *options: str) -> list[str]:
    rows = [{"query": query, "should_find": target, "kind": kind} for query, target, kind in pairs]
    path.write_text(json.dumps({"pairs": rows}), encoding="utf-8")
    out = io.StringIO()
    call_command("measure_search", f"--pairs={path}", *options, stdout=out)
    return out.getvalue().splitlines()


def shown(lines: list[str], name: str) -> list[str]:
    """The numbers of a kind: pairs, found, found with "Bedoelde je", found by Postgres."""
    line = next(line for line in lines if line.split()[0] == name)
    return [part for part in line.split() if part.isdigit()]


@pytest.mark.django_db
def test_whoever_measures_reads_what_is_found_beside_what_postgres_finds(tmp_path: Path) -> None:
    factories.practice(name="Praattafel", summary="We maken trommels en koken pannenkoeken.")
    factories.practice(name="Verborgen", summary="Hier staat klarinet.", state="draft")
    factories.synonym_group(words="trommel, tamboer")
    rebuild_words()
    lines = measure(
        tmp_path / "pairs.json",
        [
            ("pannenkoek", "pannenkoeken", "inflection"),
            ("tafel", "Praattafel", "compound"),
            ("tromels", "trommels", "typo"),
            ("tamboer", "trommels", "synonym"),
            ("xylofoon", "trommels", "synonym"),
            ("klarinetten", "klarinet", "inflection"),
        ],
        "--missed",
    )
    assert "5 van 6 paren" in lines[0]
    assert "Van 1 paren" in lines[1]
    assert shown(lines, "verbuiging") == ["1", "1", "1", "1"]
    assert shown(lines, "samenstelling") == ["1", "1", "1", "0"]
    assert shown(lines, "tikfout")[:3] == ["1", "0", "1"]
    assert shown(lines, "synoniem") == ["2", "1", "1", "0"]
    assert shown(lines, "samen")[:3] == ["5", "3", "4"]
    assert lines[-1] == "niet gevonden (synonym): xylofoon → trommels"


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "[]", '{"pairs": [{"query": "a"}]}'])
def test_a_file_that_holds_no_pairs_is_said_to_be_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pairs.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=r"pairs\.json kan niet gelezen worden"):
        call_command("measure_search", f"--pairs={path}")


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("Een Kop koffie.", "kop koffie", True),
        ("koppen", "kop", False),
        ("foto's", "foto", False),
        ("koffie-uur", "uur", False),
    ],
)
def test_a_target_stands_on_its_own(text: str, target: str, expected: bool) -> None:
    assert holds(text, target) is expected


def test_the_set_is_as_large_as_was_asked_and_avoids_the_words_that_were_named() -> None:
    pairs = read_pairs()
    many = Counter(pair.kind for pair in pairs)
    assert len(pairs) >= 60
    assert all(many[kind] >= 12 for kind in KINDS)
    assert len({(pair.query.lower(), pair.target.lower()) for pair in pairs}) == len(pairs)
    for pair in pairs:
        for named in ("kind", "gezin", "huis", "huiz", "papa", "vader", "ondersteun", "café", "cafe"):
            assert named not in f"{pair.query} {pair.target}".lower()


@pytest.mark.usefixtures("starter")
def test_the_search_finds_most_of_the_starter_content_with_words_that_were_made_for_the_field() -> None:
    """A list of synonyms made for the set would hold little besides it; the command says how many pairs it holds."""
    out = io.StringIO()
    call_command("measure_search", stdout=out)
    pairs, by_search, with_suggestion, by_postgres = map(int, shown(out.getvalue().splitlines(), "samen"))
    assert pairs >= 60
    assert with_suggestion >= 0.9 * pairs
    assert by_search > 3 * by_postgres
    groups = [set(map(key_of, group.words.split(","))) for group in SynonymGroup.objects.all()]
    asked = [{key_of(pair.query), key_of(pair.target)} for pair in read_pairs() if pair.kind == "synonym"]
    in_groups = [pair for pair in asked if any(pair <= group for group in groups)]
    made_for_the_set = [group for group in groups if any(pair <= group for pair in asked)]
    assert f"{len(in_groups)} van {len(asked)} synoniemparen" in out.getvalue()
    assert len(made_for_the_set) * 10 < len(groups)
