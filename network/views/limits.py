"""How many posts one member makes: more than anybody types, few enough for everybody's mailbox."""

from __future__ import annotations

from django.http import HttpRequest

from expoo_portal.rate_limits import is_allowed
from expoo_portal.visibility import viewer_of

from .. import drafts
from ..discussion_forms import WritingForm
from ..writing import NotPossible

POSTS = "40/h/key"
TOO_MANY = (
    "Je plaatste het laatste uur al heel wat berichten. Je tekst staat hieronder nog. "
    "Wacht even en druk dan opnieuw op de knop."
)


def count_post(request: HttpRequest, form: WritingForm) -> None:
    """Count one more post of who asks; NotPossible when it is one too many. What was posted already counts once."""
    if drafts.is_posted(viewer_of(request.user), form.start_key):
        return
    if not is_allowed(request, "post", POSTS, str(request.user.pk)):
        raise NotPossible(TOO_MANY)
