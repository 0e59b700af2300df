"""What members do with a post: answer, change, delete, report, react, mark as helpful."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from expoo_portal.rate_limits import is_allowed
from expoo_portal.visibility import Viewer, viewer_of

from .. import posting, reactions
from ..access import members_only
from ..discussion_forms import ReplyForm, ReportForm, WritingForm
from ..models import Group, Post, PostVersion, ReactionKind, Thread
from ..names import FORMER, active_people
from ..paging import address_of, page_of
from ..thread_page import ThreadPage
from ..writing import NotPossible, find_post
from .limits import count_post
from .threads import open_thread, posted, standing_thread, thread_response, with_editor
from .uploads import attach_files

REPORTS = "20/d/key"


def _standing(viewer: Viewer, group: Group, pk: int) -> tuple[Thread, Post]:
    """A post that was not deleted, and its thread."""
    post = find_post(viewer, group, pk)
    if post.deleted_at:
        raise Http404
    thread = Thread.objects.visible_to(viewer).get(pk=post.thread_id)
    return thread, post


def _address(group: Group, post: Post) -> str:
    return address_of(group, post.thread_id, post.number)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def post_reply(request: HttpRequest, group: Group, thread: int) -> HttpResponseBase:
    """Answer in a thread; the form stands under the thread, where a GET leads to."""
    found = standing_thread(request, group, thread)
    viewer = viewer_of(request.user)
    if request.method != "POST":
        last = page_of(found.last_number)
        return redirect(f"{address_of(group, found.pk)}{f'?pagina={last}' if last > 1 else ''}#antwoord")
    form = ReplyForm(viewer, group, request.POST)
    is_valid = form.is_valid()
    problems = attach_files(request, group, found, form.typed())
    if is_valid and not problems:
        try:
            count_post(request, form)
            its_thread, post = posting.reply(viewer, group, found.pk, form.written())
        except NotPossible as problem:
            form.add_error(None, str(problem))
        else:
            posted(request, "Je antwoord staat erbij.")
            return redirect(address_of(group, its_thread.pk, post.number))
    page = ThreadPage(viewer, group, open_thread(request, group, found.pk), page_of(found.last_number))
    return thread_response(request, page, form, problems, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def post_edit(request: HttpRequest, group: Group, post: int) -> HttpResponseBase:
    """Change one's own post."""
    viewer = viewer_of(request.user)
    thread, found = _standing(viewer, group, post)
    is_sent = request.method == "POST"
    # Closed while its writer was at it, the thread still gives back what was typed.
    if found.author_id != viewer.user.pk or not (is_sent or posting.may_edit(viewer, thread, found)):
        raise Http404
    form = WritingForm(viewer, group, request.POST if is_sent else None, body=found.body)
    if is_sent and form.is_valid():
        try:
            posting.edit(viewer, group, found.pk, form.cleaned_data["body"], form.mentioned)
        except NotPossible as problem:
            form.add_error(None, str(problem))
        else:
            posted(request, "Je bericht is gewijzigd. Wat er stond, blijft bij de vorige versies te lezen.")
            return redirect(_address(group, found))
    context = {"group": group, "thread": thread, "post": found, "back": _address(group, found)}
    return with_editor(request, "network/discussions/edit.html", form, context, 422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def post_delete(request: HttpRequest, group: Group, post: int) -> HttpResponseBase:
    """Delete one's own post, as a facilitator any post; asks first and says what happens."""
    viewer = viewer_of(request.user)
    found = find_post(viewer, group, post)
    if found.deleted_at and request.method == "POST":
        return redirect(_address(group, found))  # A second click.
    if not posting.may_delete(viewer, group, found):
        raise Http404
    if request.method == "POST":
        try:
            thread = posting.delete(viewer, group, found.pk)
        except NotPossible as problem:
            messages.error(request, str(problem))
            return redirect(_address(group, found))
        if thread.deleted_at:
            messages.success(request, "Het gesprek is verwijderd.")
            return redirect("threads", group.slug)
        messages.success(request, "Het bericht is verwijderd. Op die plaats staat dat er een bericht was.")
        return redirect(_address(group, found))
    thread = Thread.objects.visible_to(viewer).get(pk=found.thread_id)
    context = {
        "group": group,
        "thread": thread,
        "post": found,
        "back": _address(group, found),
        "is_last": thread.post_count == 1,
        "is_own": found.author_id == viewer.user.pk,
    }
    return render(request, "network/discussions/delete.html", context)


@require_safe
@members_only
def post_versions(request: HttpRequest, group: Group, post: int) -> HttpResponse:
    """What a post said before it was changed."""
    viewer = viewer_of(request.user)
    thread, found = _standing(viewer, group, post)
    context = {
        "group": group,
        "thread": thread,
        "post": found,
        "author": active_people(viewer, group, [found.author_id]).get(found.author_id or 0),
        "former": FORMER,
        "versions": PostVersion.objects.visible_to(viewer).filter(post=found),
        "back": _address(group, found),
    }
    return render(request, "network/discussions/versions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def post_report(request: HttpRequest, group: Group, post: int) -> HttpResponseBase:
    """Report a post to the facilitators, with a reason."""
    viewer = viewer_of(request.user)
    thread, found = _standing(viewer, group, post)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if is_allowed(request, "post_report", REPORTS, str(request.user.pk)):
            posting.report(viewer, group, found, form.cleaned_data["reason"])
            messages.success(request, "Dank je. De begeleiders kijken ernaar.")
            return redirect(_address(group, found))
        form.add_error(None, "Je meldde vandaag al veel berichten. Spreek een begeleider aan.")
    context = {"group": group, "thread": thread, "post": found, "form": form, "back": _address(group, found)}
    status = 422 if form.is_bound else 200
    return render(request, "network/discussions/report.html", context, status=status)


@require_POST
@members_only
def post_react(request: HttpRequest, group: Group, post: int) -> HttpResponse:
    """Give or take back a quick reaction."""
    viewer = viewer_of(request.user)
    found = find_post(viewer, group, post)
    kind, _, switch = request.POST.get("keuze", "").partition("-")
    if kind in ReactionKind.values:
        try:
            reactions.react(viewer, group, found, ReactionKind(kind), switch == "aan")
        except NotPossible as problem:
            messages.error(request, str(problem))
    return redirect(_address(group, found))


@require_POST
@members_only
def post_helpful(request: HttpRequest, group: Group, post: int) -> HttpResponse:
    """Mark an answer as the one that helped."""
    viewer = viewer_of(request.user)
    found = find_post(viewer, group, post)
    wanted = request.POST.get("aan") == "1"
    try:
        reactions.mark_helpful(viewer, group, found.pk, wanted)
    except NotPossible as problem:
        messages.error(request, str(problem))
    else:
        messages.success(
            request,
            "Dit antwoord staat nu bovenaan vermeld als nuttig."
            if wanted
            else "De aanduiding is weggehaald.",
        )
    return redirect(_address(group, found))
