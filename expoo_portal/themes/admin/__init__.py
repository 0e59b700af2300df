"""The admin of themes and of all that hangs under them."""

from .agreements import AgreementGroupAdmin
from .broadcasts import BroadcastAdmin
from .contacts import ContactPersonAdmin
from .documents import DocumentAdmin
from .events import EventAdmin
from .theme import ThemeAdmin, ThemeSectionAdmin
from .tips import TipAdmin
from .topics import TopicAdmin

__all__ = [
    "AgreementGroupAdmin",
    "BroadcastAdmin",
    "ContactPersonAdmin",
    "DocumentAdmin",
    "EventAdmin",
    "ThemeAdmin",
    "ThemeSectionAdmin",
    "TipAdmin",
    "TopicAdmin",
]
