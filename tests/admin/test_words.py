"""Our own Dutch words for Django's admin: said with "je", compiled, and about texts that exist."""

import gettext
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin

FOLDER = Path(settings.LOCALE_PATHS[0]) / "nl" / "LC_MESSAGES"
DOMAINS = ("django", "djangojs")


def compiled(path):
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)._catalog


def singular(key):
    """The text itself of a catalog's key, which numbers the forms of a plural."""
    return key if isinstance(key, str) else key[0]


def written(domain):
    """The pairs in the text file."""
    text = (FOLDER / f"{domain}.po").read_text()
    pairs = re.findall(r'^msgid "(.+)"\n(?:msgid_plural ".+"\n)?msgstr(?:\[0\])? "(.+)"', text, re.M)
    return {key.replace('\\"', '"'): words.replace('\\"', '"') for key, words in pairs}


@pytest.mark.parametrize("domain", DOMAINS)
def test_what_is_compiled_is_what_is_written(domain):
    found = {
        (key if isinstance(key, str) else key[0]): words
        for key, words in compiled(FOLDER / f"{domain}.mo").items()
    }
    found.pop("")
    assert found == written(domain)


@pytest.mark.parametrize("domain", DOMAINS)
def test_editors_are_addressed_as_je(domain):
    assert not [words for words in written(domain).values() if re.search(r"\b(u|uw)\b", words, re.I)]


def test_each_word_of_django_still_exists_there():
    folder = Path(admin.__file__).parent / "locale" / "nl" / "LC_MESSAGES"
    libraries = {key for key in written("django") if key.startswith("Move selected")}
    known = {singular(key) for key in compiled(folder / "django.mo")}
    assert set(written("django")) - known - libraries == set()


def test_an_editor_reads_our_words(editor):
    assert "Je kunt hieronder verder werken" in str(admin.options._("You may edit it again below."))
    catalog = editor.get("/beheer/jsi18n/").content.decode()
    assert "je klok loopt %s uur voor" in catalog
    assert '"Bullets": "Opsomming"' in catalog
