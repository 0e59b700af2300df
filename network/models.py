"""Closed groups and who belongs to them. Discussions, meetings and reports build on these two."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Group(models.Model):
    """A closed group around a theme. Open as a model: that a group exists is public, what is inside is not."""

    slug = models.SlugField("adres", max_length=60, unique=True)
    title = models.CharField("naam", max_length=120)
    theme = models.ForeignKey(
        "themes.Theme",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        verbose_name="thema",
        related_name="groups",
    )
    members: models.ManyToManyField = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Membership", verbose_name="leden", related_name="network_groups"
    )

    class Meta:
        verbose_name = "groep"
        verbose_name_plural = "groepen"
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class MembershipState(models.TextChoices):
    REQUESTED = "requested", "Aangevraagd"
    ACTIVE = "active", "Lid"
    ENDED = "ended", "Oud-lid"


class MembershipRole(models.TextChoices):
    MEMBER = "member", "Lid"
    FACILITATOR = "facilitator", "Begeleider"


class MembershipQuerySet(models.QuerySet):
    def active(self) -> MembershipQuerySet:
        """Memberships that give access at this moment."""
        now = timezone.now()
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), state=MembershipState.ACTIVE)


class Membership(models.Model):
    """One person in one group. Shown to nobody by itself: only the admin and the rule of visibility read it."""

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
        "status", max_length=10, choices=MembershipState.choices, default=MembershipState.REQUESTED
    )
    role = models.CharField(
        "rol", max_length=12, choices=MembershipRole.choices, default=MembershipRole.MEMBER
    )
    since = models.DateTimeField("sinds", default=timezone.now)
    ends_at = models.DateTimeField(
        "toegang tot", null=True, blank=True, help_text="Voor een gast: het einde van de toegang."
    )

    objects = MembershipQuerySet.as_manager()

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
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.group}"


def active_group_ids(user: Any) -> list[int]:
    """Ids of the groups in which this user is an active member now (the rule of visibility asks this)."""
    return list(_active_roles(user))


def is_facilitator(user: Any) -> bool:
    """Whether this user facilitates a group now; facilitators need a second factor."""
    return MembershipRole.FACILITATOR in _active_roles(user).values()


def _active_roles(user: Any) -> dict[int, str]:
    """The role in each group in which this user is active now; read once per request, whose own user object this is."""
    roles = getattr(user, "_active_roles", None)
    if roles is None:
        roles = dict(Membership.objects.active().filter(user_id=user.pk).values_list("group_id", "role"))
        user._active_roles = roles
    return roles
