"""Words that mean the same: who searches for one of them finds the others too. Staff keep the groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from .analysis import stem, words
from .dutch import STOPWORDS

MAX_CHARACTERS = 60
MAX_WORDS = 5
MAX_MEMBERS = 12
MAX_KEY = 200


def members_of(text: str) -> list[str]:
    """The words and phrases of a group, which stand between commas."""
    return [" ".join(member.split()) for member in text.split(",") if member.strip()]


def key_of(member: str) -> str:
    """What makes two spellings the same word for search; empty when there is nothing to search for."""
    found = words(member)
    if all(word.folded in STOPWORDS for word in found):
        return ""
    return " ".join(stem(word.folded) for word in found)


class SynonymGroup(models.Model):
    """Words and phrases that mean the same to whoever searches. Open: holds words, and tells nothing of content."""

    words = models.CharField(
        "woorden die hetzelfde betekenen",
        max_length=400,
        help_text="Met een komma ertussen, bijvoorbeeld: ruilwinkel, ruilhuis. Enkelvoud volstaat.",
    )
    note = models.CharField("toelichting", max_length=200, blank=True, help_text="Alleen voor de redactie.")

    class Meta:
        verbose_name = "groep zoekwoorden"
        verbose_name_plural = "zoekwoorden"
        ordering = ["words"]

    def __str__(self) -> str:
        return self.words

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the words one by one as well: the database sees to it that each stands in one group."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            self.members.all().delete()
            SynonymWord.objects.bulk_create(self.as_words())

    def as_words(self) -> list[SynonymWord]:
        """The words of the group as rows of their own, not yet saved."""
        return [SynonymWord(group=self, word=member, key=key_of(member)) for member in members_of(self.words)]

    def clean(self) -> None:
        members = members_of(self.words)
        problems = list(_problems(members))
        keys = [key_of(member) for member in members]
        taken = SynonymWord.objects.filter(key__in=keys).exclude(group=self.pk).select_related("group")
        problems += [f"“{other.word}” staat al in een andere groep: {other.group}." for other in taken]
        if problems:
            raise ValidationError({"words": problems})
        self.words = ", ".join(members)


def _problems(members: list[str]) -> Iterator[str]:
    """What is wrong with the words of a group, leaving other groups aside."""
    if len(members) < 2:
        yield "Geef minstens twee woorden, met een komma ertussen."
    if len(members) > MAX_MEMBERS:
        yield f"Geef hoogstens {MAX_MEMBERS} woorden."
    seen: dict[str, str] = {}
    for member in members:
        key = key_of(member)
        if len(member) > MAX_CHARACTERS or len(words(member)) > MAX_WORDS or len(key) > MAX_KEY:
            yield f"“{member[:MAX_CHARACTERS]}” is te lang: hoogstens {MAX_CHARACTERS} tekens en {MAX_WORDS} woorden."
        elif not key:
            yield f"Op “{member}” kan niemand zoeken."
        elif key in seen:
            yield f"“{seen[key]}” en “{member}” zijn voor het zoeken al hetzelfde woord."
        seen.setdefault(key, member)


class SynonymWord(models.Model):
    """One word or phrase of a group, kept by the group. Open as the group is."""

    group = models.ForeignKey(SynonymGroup, on_delete=models.CASCADE, related_name="members")
    word = models.CharField("woord", max_length=MAX_CHARACTERS)
    key = models.CharField("voor het zoeken", max_length=MAX_KEY, unique=True)

    class Meta:
        verbose_name = "synoniem"
        verbose_name_plural = "synoniemen"
        constraints = [models.CheckConstraint(condition=~models.Q(key=""), name="portal_synonymword_key")]

    def __str__(self) -> str:
        return self.word


def add_unknown(groups_by_note: Mapping[str, Iterable[str]]) -> int:
    """Make the groups of which no word stands in a group yet; returns how many. What editors wrote stays theirs."""
    taken = set(SynonymWord.objects.values_list("key", flat=True))
    made = []
    for note, texts in groups_by_note.items():
        for text in texts:
            members = members_of(text)
            if problems := list(_problems(members)):
                raise ValidationError({"words": problems})
            if taken.isdisjoint(keys := {key_of(member) for member in members}):
                made.append(SynonymGroup(words=", ".join(members), note=note))
                taken |= keys
    with transaction.atomic():
        SynonymGroup.objects.bulk_create(made)
        SynonymWord.objects.bulk_create(word for group in made for word in group.as_words())
    return len(made)


def groups() -> list[list[str]]:
    """All groups, as the lexicon takes them."""
    return [members_of(text) for text in SynonymGroup.objects.values_list("words", flat=True)]
