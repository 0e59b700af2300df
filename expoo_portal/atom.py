"""What the Atom feeds of the portal share."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.utils.feedgenerator import Atom1Feed

from .xml_text import clean


class CleanAtom(Atom1Feed):
    """Atom without the characters that XML cannot hold: one of them would take the whole feed away."""

    def __init__(self, title: str, link: str, description: str, **more: Any) -> None:
        super().__init__(**_cleaned({"title": title, "link": link, "description": description} | more))

    def add_item(self, title: str, link: str, description: str, **more: Any) -> None:  # type: ignore[override]
        super().add_item(**_cleaned({"title": title, "link": link, "description": description} | more))


def _cleaned(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: clean(value) if isinstance(value, str) else value for name, value in fields.items()}


class PortalFeed(Feed):
    """A feed of published content.

    Its addresses are whole, so that Django does not build them from the host that was asked: every visitor gets
    the kept answer.
    """

    feed_type = CleanAtom

    def item_link(self, item: Any) -> str:
        return f"{settings.SITE_URL}{item.get_absolute_url()}"

    def item_guid(self, item: Any) -> str:
        return self.item_link(item)

    def item_updateddate(self, item: Any) -> Any:
        return item.updated

    def item_pubdate(self, item: Any) -> Any:
        return item.publish_at
