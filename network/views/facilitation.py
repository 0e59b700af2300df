"""The facilitators' pages: what waits, reported posts, nudges, starters, and the group seen from outside."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from expoo_portal.visibility import viewer_of

from .. import helping, starters
from ..access import facilitators_only
from ..facilitation import handle, overview_of
from ..models import Group, PostReport, ReportState, StarterProposal, Thread
from ..names import active_people
from ..outsider import outside_of
from ..paging import address_of
from ..texts import excerpt

_DONE_SHOWN = 20
_OPEN_SHOWN = 100


def _key(typed: str) -> int:
    """A key from a form; 0, which no row has, for anything else."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 18 else 0


@require_safe
@facilitators_only
def facilitation(request: HttpRequest, group: Group) -> HttpResponse:
    """What waits for the facilitators, and how the group does."""
    overview = overview_of(viewer_of(request.user), group)
    return render(request, "network/facilitation/overview.html", {"group": group, "overview": overview})


def _address_of(group: Group, report: PostReport) -> str:
    """Where the post stands; empty when its whole thread was deleted."""
    thread = report.post.thread
    return "" if thread.deleted_at else address_of(group, thread.pk, report.post.number)


@require_http_methods(["GET", "HEAD", "POST"])
@facilitators_only
def facilitation_reports(request: HttpRequest, group: Group) -> HttpResponse:
    """The reported posts; a POST says that one was looked at."""
    viewer = viewer_of(request.user)
    reports = PostReport.objects.visible_to(viewer).filter(group=group)
    if request.method == "POST":
        asked = request.POST.get("melding", "")
        found = reports.filter(pk=_key(asked)).first()
        if found is None:
            raise Http404
        handle(viewer, found)
        messages.success(request, "De melding is afgehandeld.")
        return redirect("facilitation_reports", group.slug)
    rows = reports.select_related("post__thread")
    waiting = list(rows.filter(state=ReportState.OPEN)[:_OPEN_SHOWN])
    done = list(rows.filter(state=ReportState.DONE).order_by("-handled_at", "-pk")[:_DONE_SHOWN])
    wanted = [pk for report in waiting for pk in (report.post.author_id, report.reporter_id)]
    people = active_people(viewer, group, [*wanted, *(report.handled_by_id for report in done)])
    context = {
        "group": group,
        "waiting": [
            {
                "report": report,
                "address": _address_of(group, report),
                "author": people.get(report.post.author_id or 0),
                "reporter": people.get(report.reporter_id or 0),
                "lines": excerpt(report.post.body),
            }
            for report in waiting
        ],
        "done": [(report, people.get(report.handled_by_id or 0)) for report in done],
    }
    return render(request, "network/facilitation/reports.html", context)


@require_POST
@facilitators_only
def facilitation_nudge(request: HttpRequest, group: Group, thread: int) -> HttpResponse:
    """Ask one member, by mail, to look at a question that waits."""
    viewer = viewer_of(request.user)
    found = Thread.objects.visible_to(viewer).filter(group=group, pk=thread).first()
    asked = request.POST.get("lid", "")
    if found is None:
        raise Http404
    name = helping.nudge(viewer, group, found, _key(asked))
    if name:
        messages.success(request, f"{name} krijgt een vriendelijke mail over deze vraag.")
    else:
        messages.info(
            request, "Dat is niet meer nodig: de vraag is beantwoord, of dit lid kreeg net een mail."
        )
    return redirect("facilitation", group.slug)


@require_POST
@facilitators_only
def facilitation_starter(request: HttpRequest, group: Group, starter: int) -> HttpResponse:
    """Take up a conversation starter as one's own draft, or put it away."""
    viewer = viewer_of(request.user)
    found = StarterProposal.objects.visible_to(viewer).filter(group=group, pk=starter).first()
    if found is None:
        raise Http404
    if request.POST.get("keuze") == "gebruik":
        if starters.take_up(viewer, group, found):
            messages.success(request, "Het voorstel staat klaar als jouw concept. Pas het aan zoals je wilt.")
        else:
            messages.info(request, "Je was al een gesprek aan het schrijven. Plaats of wis dat eerst.")
        return redirect("thread_new", group.slug)
    starters.dismiss(viewer, found)
    messages.success(request, "Het voorstel is weggelegd.")
    return redirect("facilitation", group.slug)


@require_safe
@facilitators_only
def outsider_view(request: HttpRequest, group: Group) -> HttpResponse:
    """Everything that the world can learn about the group."""
    outside = outside_of(viewer_of(request.user), group)
    return render(request, "network/facilitation/outside.html", {"group": group, "outside": outside})
