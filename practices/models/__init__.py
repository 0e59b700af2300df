"""The catalogue: facets and their values, practices and what belongs to them, and their search entries."""

from .confirmation import Answer, ConfirmationRequest
from .dossier import Dossier, DossierFile, DossierImage, DossierStep
from .entry import PracticeEntry
from .experience import Experience, ExperienceSender, ExperienceState
from .facets import Facet, FacetValue, FormerValue
from .import_run import ImportRow, ImportRun, RowOutcome, RunState
from .parts import FormerSlug, PracticeContact, PracticeFile, PracticeImage, PracticeLink, PracticeSource
from .practice import BasedOn, Practice, PracticeKind
from .sentence import PracticeSentence, SentenceField

__all__ = [
    "Answer",
    "BasedOn",
    "ConfirmationRequest",
    "Dossier",
    "DossierFile",
    "DossierImage",
    "DossierStep",
    "Experience",
    "ExperienceSender",
    "ExperienceState",
    "Facet",
    "FacetValue",
    "FormerSlug",
    "FormerValue",
    "ImportRow",
    "ImportRun",
    "Practice",
    "PracticeContact",
    "PracticeEntry",
    "PracticeFile",
    "PracticeImage",
    "PracticeKind",
    "PracticeLink",
    "PracticeSentence",
    "PracticeSource",
    "RowOutcome",
    "RunState",
    "SentenceField",
]
