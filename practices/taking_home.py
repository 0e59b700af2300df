"""What a visitor takes home: the team sheet."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from expoo_portal.page_cache import public_page

from . import team_sheet
from .catalogue import catalogue_for
from .detail import Detail
from .models import Practice
from .views import find_practice, moved

# Characters of the two long parts of a team sheet: together with the longest other texts they fit one A4.
_PART_LENGTH = 420


def _team_sheet(request: HttpRequest, practice: Practice) -> dict[str, Any]:
    """What the templates of a team sheet need."""
    detail = Detail(practice, catalogue_for(request.user))
    return {
        "practice": practice,
        "detail": detail,
        "address": f"{settings.SITE_URL}{practice.get_absolute_url()}".partition("//")[2],
        "strengths": team_sheet.in_brief(practice.strengths, _PART_LENGTH),
        "challenges": team_sheet.in_brief(practice.challenges, _PART_LENGTH),
        "questions": team_sheet.questions(
            practice.discussion_questions, [topic.discussion_questions for topic in detail.topics]
        ),
    }


@require_safe
@public_page
def practice_team_sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """One practice on one A4, to talk about in a team."""
    practice = find_practice(request, slug)
    if practice is None:
        return moved(request, slug, "practice_team_sheet")
    return render(request, "practices/team_sheet.html", _team_sheet(request, practice))
