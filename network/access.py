"""Who comes into a group's rooms: its active members, into some only its facilitators. For others nothing is there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.cache import cache_control

from expoo_portal.visibility import Viewer, viewer_of

from .models import Group, facilitated_group_ids, standings_of

View = Callable[..., HttpResponseBase]


def group_of_member(viewer: Viewer, slug: str) -> Group:
    """The group of this address, for an active member; Http404 for anybody else."""
    if viewer.group_ids:
        for pk, standing in standings_of(viewer.user).items():
            if pk in viewer.group_ids and standing.group.slug == slug:
                return standing.group
    raise Http404


def members_only(view: View) -> View:
    """A page inside a group: the view gets the `Group` in place of its slug, as its second argument.

    Whoever is no active member at this moment, staff included, gets the page of something that does not exist.
    """

    @wraps(view)
    @cache_control(private=True, no_store=True)
    def wrapped(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        group = group_of_member(viewer_of(request.user), slug)
        return view(request, group, *args, **kwargs)

    return wrapped


def facilitators_only(view: View) -> View:
    """As `members_only`, for the facilitators of the group alone."""

    @wraps(view)
    @members_only
    def wrapped(request: HttpRequest, group: Group, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not facilitates(request, group):
            raise Http404
        return view(request, group, *args, **kwargs)

    return wrapped


def facilitates(request: HttpRequest, group: Group) -> bool:
    """Whether who asks facilitates this group now."""
    return group.pk in facilitated_group_ids(viewer_of(request.user))
