"""The pages of discussions: the list, a new thread, a thread, following it, and what a member missed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from expoo_portal.paging import page_links
from expoo_portal.richtext import allow_editor, media_with_nonce
from expoo_portal.visibility import viewer_of

from .. import drafts, managing, posting, reactions, reading
from ..access import members_only
from ..discussion_forms import ReplyForm, ThreadForm, WritingForm
from ..missed import Missed
from ..models import FollowState, Group, Thread
from ..paging import address_of
from ..thread_page import ThreadPage, find
from ..threads import ThreadList
from ..writing import NotPossible
from .limits import count_post
from .uploads import attach_files


def find_thread(request: HttpRequest, group: Group, pk: int) -> Thread:
    """The thread of this group, merged ones too; Http404 when this viewer sees none."""
    found = Thread.objects.visible_to(request.user).filter(group=group, pk=pk).first()
    if found is None:
        raise Http404
    return found


def open_thread(request: HttpRequest, group: Group, pk: int) -> Thread:
    """The same with what its page shows of it to who asks."""
    found = find(viewer_of(request.user), group, pk)
    if found is None:
        raise Http404
    return found


def standing_thread(request: HttpRequest, group: Group, pk: int) -> Thread:
    """The same, and of one that was merged the thread where its posts went: there goes what is typed meanwhile."""
    found = find_thread(request, group, pk)
    return find_thread(request, group, found.merged_into_id) if found.merged_into_id else found


def with_editor(
    request: HttpRequest, template: str, form: WritingForm, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page with the rich text editor in it."""
    media = media_with_nonce(request, form.media)
    response = render(request, template, context | {"form": form, "editor_media": media}, status=status)
    return allow_editor(response)


def posted(request: HttpRequest, text: str) -> None:
    """Say that something was posted."""
    messages.success(request, text)


@require_safe
@members_only
def threads(request: HttpRequest, group: Group) -> HttpResponse:
    """The threads of a group: pinned ones first, then the latest."""
    viewer = viewer_of(request.user)
    page = ThreadList(viewer, group, request.GET)
    return render(request, "network/discussions/threads.html", {"group": group, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def thread_new(request: HttpRequest, group: Group) -> HttpResponseBase:
    """Start a thread."""
    viewer = viewer_of(request.user)
    if request.method != "POST":
        return _new_page(request, group, ThreadForm(viewer, group, draft=drafts.find(viewer, group, None)))
    form = ThreadForm(viewer, group, request.POST)
    is_valid = form.is_valid()
    problems = attach_files(request, group, None, form.typed())
    if not is_valid or problems:
        return _new_page(request, group, form, problems, status=422)
    try:
        count_post(request, form)
    except NotPossible as problem:
        form.add_error(None, str(problem))
        return _new_page(request, group, form, status=422)
    thread = posting.start_thread(
        viewer,
        group,
        form.chosen_kind,
        form.cleaned_data["title"],
        form.cleaned_data["topics"],
        form.written(),
    )
    posted(request, "Je gesprek staat erop. Je volgt het: je ziet wie antwoordt.")
    return redirect(address_of(group, thread.pk))


def _new_page(
    request: HttpRequest, group: Group, form: ThreadForm, problems: list[str] | None = None, status: int = 200
) -> HttpResponse:
    viewer = viewer_of(request.user)
    draft = drafts.find(viewer, group, None)
    context = {
        "group": group,
        "draft": draft,
        "draft_files": drafts.files_of(viewer, draft),
        "file_problems": problems or [],
        "max_files": drafts.MAX_FILES,
    }
    return with_editor(request, "network/discussions/thread_new.html", form, context, status)


@require_safe
@members_only
def thread(request: HttpRequest, group: Group, thread: int) -> HttpResponseBase:
    """One thread. Reading it writes a mark only when something on the page is read for the first time."""
    found = open_thread(request, group, thread)
    if found.merged_into_id:
        target = find_thread(request, group, found.merged_into_id)
        return redirect(address_of(group, target.pk))
    given = request.GET.get("pagina", "1")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 1
    page = ThreadPage(viewer_of(request.user), group, found, number)
    response = thread_response(request, page, ReplyForm.of(page.viewer, group, page.draft))
    if request.method == "GET":
        reading.mark_read(page.viewer, found, page.read_until, page.read_before)
    return response


def thread_response(
    request: HttpRequest,
    page: ThreadPage,
    form: ReplyForm,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """A page of a thread, with the form to answer."""
    context = {
        "group": page.group,
        "page": page,
        "thread": page.thread,
        "draft": page.draft,
        "draft_files": page.draft_files,
        "file_problems": problems or [],
        "max_files": drafts.MAX_FILES,
    }
    return with_editor(request, "network/discussions/thread.html", form, context, status)


@require_POST
@members_only
def thread_follow(request: HttpRequest, group: Group, thread: int) -> HttpResponse:
    """Follow or mute a thread."""
    asked = request.POST.get("volgen", "")
    state = FollowState(asked) if asked in FollowState.values else None
    reactions.follow(viewer_of(request.user), group, thread, state)
    told = {
        FollowState.FOLLOWING: "Je volgt dit gesprek.",
        FollowState.MUTED: "Dit gesprek is gedempt: je krijgt er geen mail over.",
        None: "Je volgt dit gesprek niet meer.",
    }
    messages.success(request, told[state])
    return redirect(address_of(group, thread))


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def thread_manage(request: HttpRequest, group: Group, thread: int) -> HttpResponseBase:
    """What facilitators do with a thread; for other members this page does not exist."""
    viewer = viewer_of(request.user)
    if group.pk not in managing.facilitated_group_ids(viewer):
        raise Http404
    found = find_thread(request, group, thread)
    if found.merged_into_id:
        return redirect(address_of(group, found.merged_into_id))  # A second click.
    if request.method == "POST":
        try:
            return _manage(request, group, found)
        except NotPossible as problem:
            messages.error(request, str(problem))
            return redirect("thread_manage", group.slug, found.pk)
    context = {
        "group": group,
        "thread": found,
        "groups": managing.other_groups(viewer, group),
        "others": managing.merge_targets(viewer, group, found, request.GET.get("q", "")),
        "query": request.GET.get("q", "")[:80],
    }
    return render(request, "network/discussions/manage.html", context)


def _manage(request: HttpRequest, group: Group, found: Thread) -> HttpResponse:
    """Do what the pressed button says."""
    viewer, what = viewer_of(request.user), request.POST.get("doe", "")
    here = address_of(group, found.pk)
    if what in ("vastzetten", "losmaken"):
        managing.pin(viewer, group, found.pk, what == "vastzetten")
        told = "Het gesprek staat bovenaan." if what == "vastzetten" else "Het gesprek staat niet meer vast."
    elif what in ("sluiten", "heropenen"):
        managing.close(viewer, group, found.pk, what == "sluiten")
        told = "Het gesprek is gesloten." if what == "sluiten" else "Het gesprek is weer open."
    elif what == "verplaatsen":
        target = _chosen(request, "groep")
        groups = {other.pk: other for other in managing.other_groups(viewer, group)}
        if target not in groups:
            raise NotPossible("Kies een andere groep die je begeleidt.")
        managing.move(viewer, group, found.pk, groups[target])
        told, here = f"Het gesprek staat nu in {groups[target]}.", address_of(groups[target], found.pk)
    elif what == "samenvoegen":
        target = _chosen(request, "gesprek")
        if not target:
            raise NotPossible("Kies een gesprek om mee samen te voegen.")
        merged = managing.merge(viewer, group, found.pk, target)
        told, here = f"De berichten staan nu bij “{merged.title}”.", address_of(group, merged.pk)
    else:
        raise NotPossible("Kies wat je met dit gesprek wilt doen.")
    messages.success(request, told)
    return redirect(here)


def _chosen(request: HttpRequest, name: str) -> int:
    """A key out of a form; 0 when there is none."""
    given = request.POST.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def missed(request: HttpRequest, group: Group) -> HttpResponseBase:
    """ "Wat miste ik": the first new post of each thread. POST says that everything shown counts as read."""
    viewer = viewer_of(request.user)
    if request.method == "POST":
        reading.catch_up(viewer, group, _moment(request.POST.get("tot", "")))
        messages.success(request, "Je bent weer bij. Nieuwe berichten verschijnen hier.")
        return redirect("missed", group.slug)
    now = timezone.now()
    missed_here = Missed(viewer, group)
    paginator = Paginator(missed_here.waiting, missed_here.PER_PAGE)
    shown = paginator.get_page(request.GET.get("pagina"))
    base = reverse("missed", args=[group.slug])
    context = {
        "group": group,
        "sections": missed_here.sections(list(shown.object_list)),
        "total": paginator.count,
        "up_to": now.isoformat(),
        "pages": page_links(
            shown.number, paginator.num_pages, lambda page: f"{base}?pagina={page}" if page > 1 else base
        ),
    }
    return render(request, "network/discussions/missed.html", context)


def _moment(given: str) -> datetime:
    """The moment at which the list was made; now, when the form does not say."""
    try:
        found = parse_datetime(given)
    except ValueError:
        found = None
    if found is None or timezone.is_naive(found) or not 2000 <= found.year <= 9000:
        return timezone.now()
    return found.astimezone(UTC)
