"""The outbox in the admin: what left, what waits, what went wrong. Never the texts: they are not ours to read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from expoo_portal.mail import queue
from expoo_portal.outbox import MailState, OutgoingMail


@admin.register(OutgoingMail)
class OutgoingMailAdmin(admin.ModelAdmin):
    """Outgoing mails, for a beheerder only, to look at and to try again."""

    list_display = ("subject", "to", "state", "attempts", "created", "finished_at")
    list_filter = ("state",)
    search_fields = ("to", "subject")
    date_hierarchy = "created"
    fields = readonly_fields = (
        "to",
        "from_email",
        "subject",
        "state",
        "attempts",
        "created",
        "finished_at",
        "last_error",
        "is_secret",
        "wiped",
    )
    actions = ("try_again",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a beheerder."""
        return bool(request.user.is_superuser)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Mails come from the portal itself."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was sent stays as it was."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The portal itself forgets mails after three months."""
        return False

    @admin.action(description="Opnieuw proberen", permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[OutgoingMail]) -> None:
        """Queue failed mails again, as far as their text is still there."""
        with transaction.atomic():
            failed = list(queryset.select_for_update().filter(state=MailState.FAILED, wiped=False))
            for mail in failed:
                mail.state, mail.attempts, mail.finished_at = MailState.QUEUED, 0, None
                mail.save()
                queue(mail)
        left = queryset.count() - len(failed)
        if failed:
            messages.success(request, f"{len(failed)} mail(s) worden opnieuw geprobeerd.")
        if left:
            messages.warning(request, f"{left} mail(s) niet: niet mislukt, of de tekst is al gewist.")
