"""The admin of what the portal itself holds, and the classes that the apps' admins build on."""

from .history import HistoryAdmin
from .insight import SearchCountAdmin
from .mail import OutgoingMailAdmin
from .pages import PageAdmin
from .pins import PinnedAnswerAdmin
from .publishing import PUBLICATION_FIELDSET, PublishableAdmin
from .restricted import (
    AttachmentInline,
    CountedDeletion,
    OrderedInline,
    OrderedStackedInline,
    RestrictedAdmin,
    RestrictedInline,
    everything,
)
from .synonyms import SynonymGroupAdmin

__all__ = [
    "PUBLICATION_FIELDSET",
    "AttachmentInline",
    "CountedDeletion",
    "HistoryAdmin",
    "OrderedInline",
    "OrderedStackedInline",
    "OutgoingMailAdmin",
    "PageAdmin",
    "PinnedAnswerAdmin",
    "PublishableAdmin",
    "RestrictedAdmin",
    "RestrictedInline",
    "SearchCountAdmin",
    "SynonymGroupAdmin",
    "everything",
]
