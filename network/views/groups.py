"""The groups, and how each of them introduces itself to everybody."""

from __future__ import annotations

from email.utils import parseaddr

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from expoo_portal.page_cache import public_page

from ..announced import announced_groups
from ..introduction import groups_of, introduction_of, own_membership
from ..models import Group, MembershipRole


@require_safe
@public_page
def groups(request: HttpRequest) -> HttpResponse:
    """The groups that introduce themselves, and one's own."""
    mine = groups_of(request.user)
    known = {each.group.pk for each in mine}
    announced = [group for group in announced_groups() if group.pk not in known]
    return render(request, "network/groups/list.html", {"mine": mine, "announced": announced})


@require_safe
@public_page
def group(request: HttpRequest, slug: str) -> HttpResponse:
    """What a group is for, its house rules, how many people, its rhythm, and how to join. Nothing of what is inside."""
    found = get_object_or_404(Group.objects.visible_to(request.user), slug=slug)
    membership = own_membership(request.user, found)
    context = {
        "group": found,
        "about": introduction_of(found, request.user),
        # For who prefers a mail; a theme has a page of its own for that.
        "contact": parseaddr(settings.CONTACT_EMAIL)[1],
        "membership": membership,
        "is_guest": membership is not None and membership.role == MembershipRole.GUEST,
    }
    return render(request, "network/groups/introduction.html", context)
