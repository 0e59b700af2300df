"""Contact: whom to ask about a theme, and the letter that the form writes. Nothing typed is kept but that letter."""

from __future__ import annotations

import hashlib
from email.utils import parseaddr

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from expoo_portal.letters import send_letter
from expoo_portal.rate_limits import is_allowed

from .contact_form import ContactForm
from .models import ContactAddress, ContactPerson, Theme
from .trail import trail_to

# A whole organisation may sit behind one network address.
_RATES = "30/h/ip,10/d/key"
# The same form sent again within this time is one letter.
_SAME_FORM_SECONDS = 24 * 3600
_BUSY = "Je verstuurde net al een paar berichten. Alles staat er nog: probeer het later opnieuw."


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@csrf_exempt
def theme_contact(request: HttpRequest, slug: str) -> HttpResponse:
    """The people of a theme, and a form that writes to one of them.

    Without a CSRF token, and so without a cookie: sending needs no rights that another site could misuse, and the
    limits hold for everybody.
    """
    theme = get_object_or_404(Theme.objects.visible_to(request.user), slug=slug)
    people = list(ContactPerson.objects.visible_to(request.user).filter(theme=theme))
    context = {"theme": theme, "people": people, "trail": trail_to(theme)}
    is_sent = request.method == "POST"
    form = ContactForm(people, request.POST if is_sent else None)
    status = 422 if is_sent else 200
    if is_sent and form.is_valid():
        if is_allowed(request, "contact", _RATES, key=form.cleaned_data["email"]):
            send(theme, form)
            return render(request, "themes/contact_sent.html", context | {"person": form.person})
        form.add_error(None, _BUSY)
        status = 429
    return render(request, "themes/contact.html", context | {"form": form}, status=status)


def render_person(request: HttpRequest, person: ContactPerson) -> HttpResponse:
    """The form with this person to choose, for an editor, published or not; its caller has checked the right.

    It cannot be sent.
    """
    theme = person.theme
    others = ContactPerson.objects.visible_to(request.user).filter(theme=theme).exclude(pk=person.pk)
    people = sorted([*others, person], key=lambda one: (one.order, one.pk))
    context = {"theme": theme, "people": people, "trail": trail_to(theme), "form": ContactForm(people)}
    return render(request, "themes/contact.html", context | {"preview": person})


def send(theme: Theme, form: ContactForm) -> None:
    """Put the letter in the outbox, once for the same form with the same content."""
    found = form.cleaned_data
    with transaction.atomic():
        # In the database, so in this transaction: a second request waits for the first, and then finds the key.
        if not cache.add(f"contact:{_fingerprint(form)}", 1, _SAME_FORM_SECONDS):
            return
        context = {
            "theme": theme,
            "from": found["name"],
            "email": found["email"],
            "message": found["message"],
        }
        to = _address_of(form.person)
        send_letter(to, "themes/contact", context, is_secret=True, reply_to=found["email"])


def _fingerprint(form: ContactForm) -> str:
    found = form.cleaned_data
    parts = (str(found["start_key"]), found["to"], found["name"], found["email"], found["message"])
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _address_of(person: ContactPerson | None) -> str:
    """Where a letter for this person goes; for the team, and for who has no address, the one in the settings."""
    rows = ContactAddress.objects.unrestricted().filter(person=person) if person else None
    address = rows.first() if rows is not None else None
    return address.email if address else parseaddr(settings.CONTACT_EMAIL)[1]
