"""Everything of the portal app that Django must find as a model."""

from .content_version import ContentVersion
from .outbox import MailState, OutgoingMail
from .pages import Page
from .search.insight import DailySearcher, SearchCount, SearchSalt
from .search.pins import PinnedAnswer
from .search.rows import SearchRow
from .search.synonyms import SynonymGroup, SynonymWord
from .search.words import SearchWord

__all__ = [
    "ContentVersion",
    "DailySearcher",
    "MailState",
    "OutgoingMail",
    "Page",
    "PinnedAnswer",
    "SearchCount",
    "SearchRow",
    "SearchSalt",
    "SearchWord",
    "SynonymGroup",
    "SynonymWord",
]
