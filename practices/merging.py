"""Two answers of a facet become one, and no link to either is lost.

The practices keep their history: each gets a version that says what happened, and the one before it shows which
value it had, so that a merge can be undone by hand.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from expoo_portal import content_version

from .models import FacetValue, FormerValue, Practice
from .versions import keep_versions

_ties = Practice.values.through.objects


class Effect(NamedTuple):
    """What a merge does: how many practices get the value, and how many of these had both."""

    practices: int
    with_both: int


class MergeForm(forms.Form):
    """Into which value of the same facet a value goes."""

    target = forms.ModelChoiceField(
        FacetValue.objects.none(), label="Voeg samen met", empty_label="Kies een waarde"
    )

    def __init__(self, source: FacetValue, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = (
            FacetValue.objects.filter(facet=source.facet_id).exclude(pk=source.pk).order_by("order", "id")
        )
        self.fields["target"].queryset = others  # type: ignore[attr-defined]


def effect_of(source: FacetValue, target: FacetValue) -> Effect:
    """What merging `source` into `target` would do now."""
    having = _ties.filter(facetvalue=source)
    both = having.filter(practice__in=_ties.filter(facetvalue=target).values("practice"))
    return Effect(having.count(), both.count())


@content_version.raised_once()
def merge(source: FacetValue, target: FacetValue, user: Any) -> int:
    """Give all practices of `source` the value `target`, let its slug lead there, and delete it; returns how many.

    Raises ValidationError when either is gone or they answer different questions.
    """
    # Locked, so that nobody gives a practice a value that is about to go.
    values = FacetValue.objects.select_for_update().order_by("pk")
    found = {value.pk: value for value in values.filter(pk__in=[source.pk, target.pk])}
    if len(found) < 2 or source.facet_id != target.facet_id:
        raise ValidationError("Deze twee waarden zijn niet (meer) samen te voegen.")
    source, target = found[source.pk], found[target.pk]

    everything = Practice.objects.unrestricted()
    having = _ties.filter(facetvalue=source).values("practice")
    ids = list(
        everything.filter(pk__in=having).order_by("pk").select_for_update().values_list("pk", flat=True)
    )
    with_both = _ties.filter(facetvalue=target, practice__in=ids).values("practice")
    _ties.filter(facetvalue=source, practice__in=with_both).delete()
    _ties.filter(facetvalue=source).update(facetvalue=target)
    everything.filter(pk__in=ids).update(updated=timezone.now())
    reason = f"Facetwaarde ‘{source.label}’ samengevoegd met ‘{target.label}’"
    keep_versions(ids, "~", user, reason)

    FormerValue.objects.filter(value=source).update(value=target)
    FormerValue.objects.create(facet_id=source.facet_id, slug=source.slug, value=target)
    target.topic = target.topic or source.topic
    target.synonyms = _joined_words(target, source)
    source.delete()
    # Last, for saving a value writes the search rows of all who have it.
    target.save()
    return len(ids)


def _joined_words(target: FacetValue, source: FacetValue) -> str:
    """The other words of both and the label that goes, for visitors may still search for it; as many as fit."""
    words = [
        word.strip() for text in (target.synonyms, source.label, source.synonyms) for word in text.split(",")
    ]
    known = {target.label.casefold()}
    kept: list[str] = []
    for word in words:
        if word and word.casefold() not in known and len(", ".join([*kept, word])) <= _MAX_SYNONYMS:
            known.add(word.casefold())
            kept.append(word)
    return ", ".join(kept)


_MAX_SYNONYMS: int = FacetValue._meta.get_field("synonyms").max_length  # type: ignore[assignment]
