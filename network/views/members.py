"""The directory, a member's page, a message to them, and one's own profile."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from expoo_portal.paging import page_links
from expoo_portal.rate_limits import is_allowed
from expoo_portal.visibility import viewer_of

from ..access import members_only
from ..directory import Choice, Directory, kinds_of_work, photo_of
from ..messages_to_members import write_to
from ..models import Group, MemberProfile, Membership, Thread
from ..names import NAMELESS
from ..profile_form import MessageForm, ProfileForm

_RATES = "30/d/key"
_BUSY = "Je verstuurde vandaag al veel berichten. Alles staat er nog: probeer het morgen opnieuw."
_LAST_THREADS = 5


@require_safe
@members_only
def members(request: HttpRequest, group: Group) -> HttpResponse:
    """The members of the group, with filters and a map of the provinces."""
    viewer = viewer_of(request.user)
    choice = Choice.of(request.GET)
    directory = Directory(viewer, group, choice)
    asked = request.GET.get("pagina", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    if not 1 <= page <= directory.pages:
        return redirect(choice.address(group))
    context = {
        "group": group,
        "choice": choice,
        "entries": directory.entries(page),
        "total": len(directory.members),
        "pages": page_links(page, directory.pages, lambda number: choice.address(group, number)),
        "provinces": directory.provinces(),
        "helps": directory.topics_in_use("can_help"),
        "seeks": directory.topics_in_use("seeks_help"),
        "work": kinds_of_work(),
    }
    return render(request, "network/members/list.html", context)


def _member_of(request: HttpRequest, group: Group, pk: int) -> Membership:
    """An active member of the group; Http404 for anybody else."""
    rows = Membership.objects.visible_to(request.user).active().filter(group=group, pk=pk)
    found = rows.select_related("user").first()
    if found is None:
        raise Http404
    return found


@require_safe
@members_only
def member(request: HttpRequest, group: Group, member: int) -> HttpResponse:
    """What a member tells of themselves, and what they started lately."""
    found = _member_of(request, group, member)
    profiles = MemberProfile.objects.visible_to(request.user).filter(user=found.user_id)
    profile = profiles.select_related("province", "type_of_work", "photo").first()
    started = Thread.objects.visible_to(request.user).filter(group=group, author=found.user_id)
    context = {
        "group": group,
        "membership": found,
        "name": found.user.name or NAMELESS,
        "profile": profile,
        "photo": photo_of(profile),
        "is_me": found.user_id == request.user.pk,
        "threads": started.filter(merged_into__isnull=True).order_by("-created")[:_LAST_THREADS],
    }
    return render(request, "network/members/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def member_contact(request: HttpRequest, group: Group, member: int) -> HttpResponse:
    """Write to a member: they get a mail, and see the sender's address to answer."""
    reader, sender = _member_of(request, group, member), None
    if reader.user_id != request.user.pk:
        own = (
            Membership.objects.visible_to(request.user).active().filter(group=group, user_id=request.user.pk)
        )
        sender = own.select_related("user").first()
    if sender is None:
        raise Http404
    form = MessageForm(request.POST if request.method == "POST" else None)
    name = reader.user.name or NAMELESS
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            if is_allowed(request, "member_message", _RATES, key=str(request.user.pk)):
                write_to(group, sender, reader, form.cleaned_data["message"], form.cleaned_data["start_key"])
                messages.success(
                    request, f"Je bericht aan {name} is verstuurd. Een antwoord komt in je mailbox."
                )
                return redirect("member", group.slug, reader.pk)
            form.add_error(None, _BUSY)
            status = 429
    context = {"group": group, "membership": reader, "name": name, "form": form}
    return render(request, "network/members/contact.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def my_profile(request: HttpRequest) -> HttpResponse:
    """One's own profile, for whoever is an active member of some group; it counts for all their groups."""
    me = viewer_of(request.user).user
    own = Membership.objects.visible_to(me).active().filter(user=me)
    memberships = list(own.select_related("group").order_by("group__title"))
    if not memberships:
        raise Http404
    profile = MemberProfile.objects.visible_to(me).filter(user=me).first() or MemberProfile(user=me)
    form = ProfileForm(profile, *([request.POST, request.FILES] if request.method == "POST" else []))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Je profiel is bewaard.")
        return redirect("member", memberships[0].group.slug, memberships[0].pk)
    context = {"form": form, "memberships": memberships, "photo": form.photo_now}
    status = 422 if request.method == "POST" else 200
    return render(request, "network/members/profile.html", context, status=status)
