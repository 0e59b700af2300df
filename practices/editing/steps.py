"""The steps that an editor can take with a dossier: their words, their forms, and what the sender will read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from expoo_portal.admin.concurrency import stamp
from expoo_portal.letters import Letter, write_letter
from practices import checklist
from practices.dossiers import LETTERS, letter_context
from practices.models import Dossier, DossierStep
from practices.workflow import Actor, State, Verb, possible

MOST_WORDS = 1_000
PLAN_AHEAD = timedelta(days=366)
_ASK, _WORDS = "ask_", "words_"
# Stands in a letter that is shown to an editor: the link itself is the sender's key.
LINK_PLACE = "(hier staat de persoonlijke link van de indiener)"
ADDRESS_PLACE = "(hier staat het adres van de praktijk)"


@dataclass(frozen=True)
class Words:
    """What an editor reads of a step. Without an explanation it needs no page of its own: a button will do."""

    done: str
    explanation: str = ""
    note_label: str = ""
    is_danger: bool = False
    # The letter depends on what the editor types: it is read before it goes.
    shows_letter_first: bool = False
    # Where the editor goes on: at the dossier, or at the queue.
    stays: bool = False


WORDS: Mapping[Verb, Words] = {
    Verb.TAKE_UP: Words("Je hebt ‘{}’ in behandeling.", stays=True),
    Verb.PUT_BACK: Words("‘{}’ ligt weer in de wachtrij, voor iedereen van de redactie."),
    Verb.ASK: Words(
        "De vraag om aanvulling over ‘{}’ is verstuurd.",
        "De indiener krijgt een mail met de punten die je aankruist, en kan de tekst weer aanpassen.",
        shows_letter_first=True,
    ),
    Verb.RESUME: Words(
        "Je werkt zelf verder aan ‘{}’.",
        "De indiener is misschien bezig met de aanvulling. Neem je de tekst terug, dan kan de indiener er niet meer "
        "aan verder werken.",
        stays=True,
    ),
    Verb.PUBLISH: Words(
        "‘{}’ is gepubliceerd.",
        "De tekst komt in de catalogus en de indiener krijgt een mail.",
    ),
    Verb.DECLINE: Words(
        "‘{}’ is niet opgenomen. De indiener krijgt je uitleg.",
        "De tekst komt niet in de catalogus. De indiener krijgt een mail met je uitleg en kan niets meer wijzigen.",
        note_label="Waarom nemen we deze praktijk niet op?",
        is_danger=True,
        shows_letter_first=True,
    ),
    Verb.KEEP: Words(
        "De gepubliceerde tekst van ‘{}’ blijft staan.",
        "De wijziging wordt weggegooid, met de beelden en bestanden die erbij kwamen. Wat op de site staat, blijft.",
        note_label="Waarom nemen we de wijziging niet over?",
        is_danger=True,
    ),
    Verb.FALL_DUE: Words(
        "‘{}’ moet bevestigd worden: de vraag is verstuurd.",
        "Het contact krijgt nu een mail met de vraag of de tekst nog klopt. De praktijk blijft op de site staan.",
    ),
    Verb.CONFIRM: Words(
        "‘{}’ is bevestigd.",
        "Doe dit als de werking je zelf liet weten dat de tekst nog klopt. De site toont dan vandaag als datum.",
        note_label="Wie bevestigde, en hoe? (voor de redactie)",
    ),
    Verb.STOP: Words(
        "‘{}’ staat in het archief.",
        "De praktijk bestaat niet meer. Ze blijft staan als archief, met dat label en onder de praktijken die nog "
        "bestaan. De indiener krijgt een mail.",
        note_label="Toelichting voor de indiener",
        is_danger=True,
    ),
    Verb.REOPEN: Words(
        "‘{}’ ligt weer op de redactietafel.",
        "De inzending gaat terug naar de redactie. De indiener krijgt hiervan geen mail.",
        stays=True,
    ),
    Verb.REVIVE: Words("‘{}’ staat weer tussen de levende praktijken.", "Het label ‘archief’ verdwijnt."),
}
# A note with these steps is for the sender, who reads it; one with any other step stays in the editors' log.
NOTE_FOR_SENDER = frozenset({Verb.ASK, Verb.DECLINE, Verb.KEEP, Verb.STOP})


def open_steps(dossier: Dossier) -> list[Verb]:
    """What an editor can do with this dossier now, in the order of the machine."""
    found = [
        transition.verb
        for transition in possible(dossier.state, Actor.EDITOR, has_practice=dossier.practice_id is not None)
    ]
    if dossier.email_confirmed_at is None:
        # The queue holds confirmed senders only.
        found = [verb for verb in found if verb is not Verb.PUT_BACK]
    return found


class StepForm(forms.Form):
    """One step: which state of the dossier its page showed, and a note where there is one to write."""

    seen_step = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, dossier: Dossier, verb: Verb, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dossier = dossier
        self.verb = verb
        self.initial["seen_step"] = dossier.step_count
        if label := WORDS[verb].note_label:
            self.fields["note"] = forms.CharField(
                label=label,
                max_length=4_000,
                required=verb in (Verb.DECLINE, Verb.KEEP),
                widget=forms.Textarea(attrs={"rows": 6, "class": "vLargeTextField"}),
                help_text="De indiener leest dit."
                if verb in NOTE_FOR_SENDER
                else "De indiener leest dit niet.",
            )

    @property
    def note(self) -> str:
        """What goes into the history with the step."""
        return self.cleaned_data.get("note", "").strip()

    @property
    def points(self) -> dict[str, str]:
        """The points to ask the sender about."""
        return {}


class AskForm(StepForm):
    """ "Vraag aanvulling": points of the checklist, each with the editor's own words or else the question itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ticked = checklist.known(self.dossier.checklist)
        for number, text in checklist.choices():
            self.fields[f"{_ASK}{number}"] = forms.BooleanField(
                label=text,
                required=False,
                # Who ticked some points has been through the list: what is open is to be asked.
                initial=bool(ticked) and number not in ticked,
            )
            self.fields[f"{_WORDS}{number}"] = forms.CharField(
                label=f"Eigen woorden bij punt {number}",
                max_length=MOST_WORDS,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            )
        self.fields["note"] = forms.CharField(
            label="Nog iets voor de indiener",
            max_length=MOST_WORDS,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
            help_text="Komt onder de punten in de mail.",
        )

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Each point's box with the field for own words."""
        return [(self[f"{_ASK}{number}"], self[f"{_WORDS}{number}"]) for number in checklist.POINTS]

    def clean(self) -> dict[str, Any]:
        """At least one point; own words for a point ask for that point."""
        cleaned = super().clean() or self.cleaned_data
        if not self.points:
            raise forms.ValidationError("Kruis minstens één punt aan dat de indiener moet aanvullen.")
        return cleaned

    @property
    def points(self) -> dict[str, str]:
        found = {}
        for number, question in checklist.POINTS.items():
            # One line: in the letter it is one item of a list.
            words = " ".join(self.cleaned_data.get(f"{_WORDS}{number}", "").split())
            if words or self.cleaned_data.get(f"{_ASK}{number}"):
                found[str(number)] = words or question
        return found


class PublishForm(StepForm):
    """ "Publiceer": now or later, with all points ticked or a reason why not; the text that the page was about."""

    seen_version = forms.CharField(widget=forms.HiddenInput)
    ticked = forms.MultipleChoiceField(
        label="Nagekeken",
        choices=checklist.choices(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    anyway = forms.BooleanField(label="Toch publiceren, al zijn niet alle punten aangevinkt", required=False)
    reason = forms.CharField(
        label="Waarom toch?",
        max_length=MOST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text="Blijft bij de redactie: de indiener leest dit niet.",
    )
    when = forms.ChoiceField(
        label="Wanneer?",
        choices=[("nu", "Nu meteen"), ("later", "Op een tijdstip dat ik kies")],
        initial="nu",
        widget=forms.RadioSelect,
    )
    on_date = forms.DateField(
        label="Datum", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    at_time = forms.TimeField(
        label="Uur", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["ticked"] = checklist.known(self.dossier.checklist)
        self.initial["seen_version"] = stamp(self.dossier.updated)
        if self.dossier.planned_for:
            planned = timezone.localtime(self.dossier.planned_for)
            self.initial.update(when="later", on_date=planned.date(), at_time=planned.time())

    def clean(self) -> dict[str, Any]:
        """All points, or a decision with its reason; a plan lies ahead."""
        cleaned = super().clean() or self.cleaned_data
        if self.open_points:
            if not cleaned.get("anyway"):
                numbers = ", ".join(map(str, self.open_points))
                self.add_error(
                    "anyway",
                    f"Niet aangevinkt: punt {numbers}. Vink ze aan, of kies ‘toch publiceren’ en zeg waarom.",
                )
            elif not cleaned.get("reason", "").strip():
                self.add_error("reason", "Zeg kort waarom je toch publiceert. Het blijft bij de redactie.")
        if cleaned.get("when") == "later":
            self._check_plan(cleaned)
        return cleaned

    def _check_plan(self, cleaned: Mapping[str, Any]) -> None:
        if not cleaned.get("on_date") or not cleaned.get("at_time"):
            if not {"on_date", "at_time"} & self.errors.keys():
                self.add_error("on_date", "Kies een datum en een uur.")
            return
        now = timezone.now()
        if not now < self.planned_for <= now + PLAN_AHEAD:  # type: ignore[operator]
            self.add_error("on_date", "Kies een tijdstip in de toekomst, hoogstens een jaar ver.")

    @property
    def open_points(self) -> list[int]:
        """The points without a tick."""
        return checklist.open_points(self.cleaned_data.get("ticked") or [])

    @property
    def planned_for(self) -> datetime | None:
        """The chosen moment; None for now."""
        if self.cleaned_data.get("when") != "later":
            return None
        chosen = datetime.combine(self.cleaned_data["on_date"], self.cleaned_data["at_time"])
        return timezone.make_aware(chosen)


def form_for(dossier: Dossier, verb: Verb, data: Any = None) -> StepForm:
    """The form of this step."""
    kinds: dict[Verb, type[StepForm]] = {Verb.ASK: AskForm, Verb.PUBLISH: PublishForm}
    return kinds.get(verb, StepForm)(dossier, verb, data)


def letter_for(
    dossier: Dossier, verb: Verb, note: str = "", points: Mapping[str, str] | None = None
) -> Letter | None:
    """The letter that this step will send, without the sender's own link; None when there is none."""
    name = LETTERS.get(verb)
    if name is None:
        return None
    step = DossierStep(dossier=dossier, verb=verb, actor=Actor.EDITOR, note=note, points=dict(points or {}))
    context = letter_context(dossier) | {
        "step": step,
        "points": list(step.points.values()),
        "link": LINK_PLACE,
    }
    context["address"] = context["address"] or ADDRESS_PLACE
    return write_letter(f"practices/{name}", context)


def is_planned(dossier: Dossier) -> bool:
    """Whether the portal will publish this by itself."""
    return dossier.state == State.IN_REVIEW and dossier.planned_for is not None
