"""The admin of what the portal itself holds, and the classes that the apps' admins build on."""

from .history import HistoryAdmin
from .mail import OutgoingMailAdmin
from .pages import PageAdmin
from .publishing import PUBLICATION_FIELDSET, PublishableAdmin
from .restricted import AttachmentInline, OrderedInline, RestrictedAdmin, RestrictedInline, everything
from .synonyms import SynonymGroupAdmin

__all__ = [
    "PUBLICATION_FIELDSET",
    "AttachmentInline",
    "HistoryAdmin",
    "OrderedInline",
    "OutgoingMailAdmin",
    "PageAdmin",
    "PublishableAdmin",
    "RestrictedAdmin",
    "RestrictedInline",
    "SynonymGroupAdmin",
    "everything",
]
