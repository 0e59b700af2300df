"""What members tell each other about themselves."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from expoo_portal.files import Attachment
from expoo_portal.uploads import Kind
from expoo_portal.visibility import Restricted, Viewer

from .membership import Membership


class MemberProfile(Restricted):
    """One person's profile, for the members of the groups in which they are an active member, and themselves."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name="gebruiker",
    )
    organisation = models.CharField("organisatie", max_length=160, blank=True)
    type_of_work = models.ForeignKey(
        "practices.FacetValue",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="soort werk",
    )
    municipality = models.CharField("gemeente", max_length=80, blank=True)
    province = models.ForeignKey(
        "practices.FacetValue",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="provincie",
    )
    about = models.TextField("over mijn werk", max_length=600, blank=True)
    can_help: models.ManyToManyField = models.ManyToManyField(
        "themes.Topic", blank=True, related_name="+", verbose_name="hier kan ik bij helpen"
    )
    seeks_help: models.ManyToManyField = models.ManyToManyField(
        "themes.Topic", blank=True, related_name="+", verbose_name="hier zoek ik hulp bij"
    )
    shows_email = models.BooleanField("mijn e-mailadres tonen aan leden", default=False)
    updated = models.DateTimeField("gewijzigd", auto_now=True)

    class Meta:
        verbose_name = "profiel"
        verbose_name_plural = "profielen"
        ordering = ["user__name", "user_id"]

    def __str__(self) -> str:
        return str(self.user)

    @classmethod
    def visibility(cls, viewer: Viewer) -> Q:
        if not viewer.is_active:
            return Q(pk__in=[])
        colleagues = (
            Membership.objects.visible_to(viewer)
            .active()
            .filter(group__in=viewer.group_ids)
            .values("user_id")
        )
        return Q(user_id=viewer.user.pk) | Q(user__in=colleagues)


class MemberPhoto(Attachment):
    """The picture of a member, for whoever sees the profile."""

    family = "ledenfoto"
    kinds = frozenset({Kind.IMAGE})
    audience_path = "profile"

    profile = models.OneToOneField(
        MemberProfile, on_delete=models.CASCADE, related_name="photo", verbose_name="profiel"
    )

    class Meta:
        verbose_name = "foto van een lid"
        verbose_name_plural = "foto's van leden"
