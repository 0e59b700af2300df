"""Who belongs to a group, as what, and until when."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from expoo_portal.prepared import Prepared
from expoo_portal.visibility import Restricted, RestrictedQuerySet, Viewer

from .group import Group


class MembershipState(models.TextChoices):
    ACTIVE = "active", "Lid"
    ENDED = "ended", "Oud-lid"


class MembershipRole(models.TextChoices):
    MEMBER = "member", "Lid"
    FACILITATOR = "facilitator", "Begeleider"
    GUEST = "guest", "Gast"


class MailRhythm(models.TextChoices):
    AT_ONCE = "at_once", "Meteen, voor wat ik volg"
    DAILY = "daily", "Hoogstens een keer per dag"
    WEEKLY = "weekly", "Hoogstens een keer per week"
    NEVER = "never", "Nooit"


class MembershipQuerySet(RestrictedQuerySet):
    def current(self, at: datetime | None = None) -> MembershipQuerySet:
        """Everybody who has access to something of the group at this moment (now), guests included."""
        now = at or timezone.now()
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), state=MembershipState.ACTIVE)

    def active(self, at: datetime | None = None) -> MembershipQuerySet:
        """Memberships that open the group at this moment. A guest comes for a meeting and sees no more than that."""
        return self.current(at).exclude(role=MembershipRole.GUEST)


class Membership(Restricted):
    """One person in one group, known to the active members of that group and to themselves."""

    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, verbose_name="groep", related_name="memberships"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        verbose_name="gebruiker",
        related_name="memberships",
    )
    state = models.CharField(
        "status", max_length=10, choices=MembershipState.choices, default=MembershipState.ACTIVE
    )
    role = models.CharField(
        "rol", max_length=12, choices=MembershipRole.choices, default=MembershipRole.MEMBER
    )
    since = models.DateTimeField("sinds", default=timezone.now)
    ends_at = models.DateTimeField(
        "toegang tot", null=True, blank=True, help_text="Voor een gast: het einde van de toegang."
    )
    ended_at = models.DateTimeField("beëindigd op", null=True, blank=True)
    rules_version = models.PositiveSmallIntegerField(
        "aanvaarde versie van de huisregels", null=True, blank=True
    )
    mail_rhythm = models.CharField(
        "mail",
        max_length=8,
        choices=MailRhythm.choices,
        default=MailRhythm.WEEKLY,
        db_default=MailRhythm.WEEKLY,
    )
    # Raising it revokes every link that mails of this membership carry.
    link_number = models.PositiveSmallIntegerField(default=1, db_default=1, editable=False)
    # Everything up to this moment counts as read.
    caught_up_at = models.DateTimeField("bijgelezen tot", null=True, blank=True, editable=False)

    objects: ClassVar[Any] = models.Manager.from_queryset(MembershipQuerySet)()

    class Meta:
        verbose_name = "lidmaatschap"
        verbose_name_plural = "lidmaatschappen"
        ordering = ["group", "user"]
        constraints = [
            models.UniqueConstraint(fields=["group", "user"], name="network_membership_once"),
            models.CheckConstraint(
                condition=Q(state__in=MembershipState.values), name="network_membership_state"
            ),
            models.CheckConstraint(
                condition=Q(role__in=MembershipRole.values), name="network_membership_role"
            ),
            models.CheckConstraint(
                condition=Q(mail_rhythm__in=MailRhythm.values), name="network_membership_mail"
            ),
            models.CheckConstraint(
                condition=~Q(role=MembershipRole.GUEST) | Q(ends_at__isnull=False),
                name="network_membership_guest_until",
                violation_error_message="Een gast heeft een einddatum nodig.",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "group"], name="network_membership_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.group}"

    @classmethod
    def visibility(cls, viewer: Viewer) -> Q:
        if not viewer.is_active:
            return Q(pk__in=[])
        return Q(group__in=viewer.group_ids) | Q(user_id=viewer.user.pk)


class Standing(NamedTuple):
    """A group of an active member, what they are in it, and up to when everything there counts as read."""

    group: Group
    role: str
    floor: datetime


def _standings(*, user: int, now: datetime) -> models.QuerySet[Membership]:
    # With the group itself, which each page inside it needs.
    rows = Membership.objects.unrestricted().active(now).filter(user_id=user)
    return rows.select_related("group").order_by()


_STANDINGS = Prepared(_standings)


def standings_of(user: Any) -> dict[int, Standing]:
    """By group in which this user is active now; read once per request, whose own user object this is."""
    found = getattr(user, "_standings", None)
    if found is None:
        rows = _STANDINGS.ask(None, user=user.pk, now=timezone.now())
        found = user._standings = {
            row.group_id: Standing(row.group, row.role, row.caught_up_at or row.since) for row in rows
        }
    return found


def active_group_ids(user: Any) -> list[int]:
    """Ids of the groups in which this user is an active member now (the rule of visibility asks this)."""
    return list(standings_of(user))


def facilitated_group_ids(viewer: Viewer) -> frozenset[int]:
    """Ids of the groups that this viewer facilitates now."""
    if not viewer.group_ids:
        return frozenset()
    found = standings_of(viewer.user)
    return frozenset(
        pk for pk in viewer.group_ids if pk in found and found[pk].role == MembershipRole.FACILITATOR
    )


def is_facilitator(user: Any) -> bool:
    """Whether this user facilitates a group now; facilitators need a second factor."""
    return any(standing.role == MembershipRole.FACILITATOR for standing in standings_of(user).values())
