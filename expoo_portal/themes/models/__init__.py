"""Themes, the topics they share, and all that hangs under a theme."""

from .agreement import AgreementGroup, AgreementLine
from .broadcast import Broadcast, BroadcastAudio, Chapter, TranscriptLine
from .contact import ContactAddress, ContactPerson
from .document import Document, DocumentFile
from .event import DatePrecision, Event, EventFile, EventImage, EventLink
from .item import ThemeItem
from .theme import SectionKind, SectionLink, Theme, ThemeSection
from .tip import Tip, TipFor
from .topic import Topic

__all__ = [
    "AgreementGroup",
    "AgreementLine",
    "Broadcast",
    "BroadcastAudio",
    "Chapter",
    "ContactAddress",
    "ContactPerson",
    "DatePrecision",
    "Document",
    "DocumentFile",
    "Event",
    "EventFile",
    "EventImage",
    "EventLink",
    "SectionKind",
    "SectionLink",
    "Theme",
    "ThemeItem",
    "ThemeSection",
    "Tip",
    "TipFor",
    "Topic",
    "TranscriptLine",
]
