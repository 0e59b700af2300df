"""Where a post stands: on which page of its thread, and at which address. Pure."""

from __future__ import annotations

from django.urls import reverse

from .models import Group

# What is read at one go on a phone, and made in time: each post comes with who reacted and what a reader may do.
POSTS_PER_PAGE = 25


def page_of(number: int) -> int:
    """The page of the post with this number; numbers stay, so a post stays on its page."""
    return max(0, number - 1) // POSTS_PER_PAGE + 1


def address_of(group: Group, thread_id: int, number: int = 1) -> str:
    """The address of a thread, or of the post with this number."""
    address = reverse("thread", args=[group.slug, thread_id])
    if number <= 1:
        return address
    page = page_of(number)
    return f"{address}{f'?pagina={page}' if page > 1 else ''}#bericht-{number}"
