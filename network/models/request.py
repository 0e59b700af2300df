"""How somebody comes in: a request that facilitators answer, or an invitation by staff or facilitators."""

from __future__ import annotations

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from expoo_portal.visibility import Restricted, Viewer

from ..moments import last_day
from .group import Group
from .membership import MembershipRole, facilitated_group_ids


class RequestState(models.TextChoices):
    UNCONFIRMED = "unconfirmed", "Wacht op bevestiging van het e-mailadres"
    PENDING = "pending", "Wacht op antwoord"
    ASKED = "asked", "Vraag gesteld"
    ACCEPTED = "accepted", "Aanvaard"
    REFUSED = "refused", "Geweigerd"
    WITHDRAWN = "withdrawn", "Ingetrokken"


OPEN_STATES = (RequestState.UNCONFIRMED, RequestState.PENDING, RequestState.ASKED)


class ForFacilitators(Restricted):
    """What only the facilitators of the group see."""

    seen_with = frozenset({"group"})

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+", verbose_name="groep")

    class Meta:
        abstract = True

    @classmethod
    def visibility(cls, viewer: Viewer) -> Q:
        return Q(group__in=facilitated_group_ids(viewer))


class MembershipRequest(ForFacilitators):
    """Somebody asks to become a member. Its sender reaches it by a private link; facilitators see the queue.

    The state changes only through `network/requests.py`, which writes a `RequestStep` for each change.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Made with the empty form, so that a double click starts one request.
    start_key = models.UUIDField(unique=True, editable=False)
    name = models.CharField("naam", max_length=120)
    email = models.EmailField("e-mailadres")
    organisation = models.CharField("organisatie", max_length=160)
    type_of_work = models.ForeignKey(
        "practices.FacetValue",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="soort werk",
    )
    municipality = models.CharField("gemeente", max_length=80)
    why = models.TextField("waarom je lid wilt worden", max_length=2000)
    rules_version = models.PositiveSmallIntegerField("aanvaarde versie van de huisregels")
    state = models.CharField(
        "status",
        max_length=12,
        choices=RequestState.choices,
        default=RequestState.UNCONFIRMED,
        editable=False,
    )
    created = models.DateTimeField("ingestuurd", default=timezone.now)
    confirmed_at = models.DateTimeField("e-mailadres bevestigd", null=True, blank=True)
    # From this moment the five working days count: confirmed, or a question was answered.
    waiting_since = models.DateTimeField("wacht sinds", null=True, blank=True)
    reminded_at = models.DateTimeField("begeleiders herinnerd", null=True, blank=True)
    decided_at = models.DateTimeField("beslist op", null=True, blank=True)
    # What the facilitators asked or gave as reason, and what the asker answered.
    message = models.TextField("vraag of reden", max_length=2000, blank=True)
    answer = models.TextField("antwoord", max_length=2000, blank=True)
    membership = models.ForeignKey(
        "Membership",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="lidmaatschap",
    )

    class Meta:
        verbose_name = "aanvraag"
        verbose_name_plural = "aanvragen"
        ordering = ["created", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RequestState.values), name="network_request_state"),
            models.CheckConstraint(
                condition=Q(state=RequestState.UNCONFIRMED)
                | Q(state=RequestState.WITHDRAWN)
                | Q(confirmed_at__isnull=False),
                name="network_request_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=False)
                | ~Q(state__in=[RequestState.ACCEPTED, RequestState.REFUSED, RequestState.WITHDRAWN]),
                name="network_request_decided",
            ),
            models.UniqueConstraint(
                fields=["group", "email"],
                condition=Q(state__in=[RequestState.PENDING, RequestState.ASKED]),
                name="network_request_one_open",
            ),
        ]
        indexes = [
            models.Index(fields=["group", "state", "waiting_since"], name="network_request_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.organisation})"


class RequestStep(Restricted):
    """What happened to a request: when, by whom, from which state to which."""

    audience_path = "request"

    request = models.ForeignKey(
        MembershipRequest, on_delete=models.CASCADE, related_name="steps", verbose_name="aanvraag"
    )
    at = models.DateTimeField("wanneer", default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="door",
    )
    from_state = models.CharField("van", max_length=12, choices=RequestState.choices, blank=True)
    to_state = models.CharField("naar", max_length=12, choices=RequestState.choices)

    class Meta:
        verbose_name = "stap van een aanvraag"
        verbose_name_plural = "stappen van aanvragen"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.get_to_state_display()} op {self.at:%d/%m/%Y}"


class Invitation(ForFacilitators):
    """An invitation by mail; whoever opens its private link and agrees to the house rules becomes a member or guest."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("naam", max_length=120, blank=True)
    email = models.EmailField("e-mailadres")
    role = models.CharField(
        "rol", max_length=12, choices=MembershipRole.choices, default=MembershipRole.MEMBER
    )
    ends_at = models.DateTimeField("toegang tot", null=True, blank=True)
    note = models.TextField("persoonlijk woord", max_length=1000, blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="uitgenodigd door",
    )
    created = models.DateTimeField("verstuurd", default=timezone.now)
    accepted_at = models.DateTimeField("aanvaard", null=True, blank=True)
    revoked_at = models.DateTimeField("ingetrokken", null=True, blank=True)

    class Meta:
        verbose_name = "uitnodiging"
        verbose_name_plural = "uitnodigingen"
        ordering = ["-created", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(role=MembershipRole.GUEST) | Q(ends_at__isnull=False),
                name="network_invitation_guest_until",
                violation_error_message="Een gast heeft een einddatum nodig.",
            ),
            models.UniqueConstraint(
                fields=["group", "email"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="network_invitation_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"Uitnodiging voor {self.email}"

    @property
    def last_day(self) -> date | None:
        """The last day on which a guest has access."""
        return last_day(self.ends_at) if self.ends_at else None
