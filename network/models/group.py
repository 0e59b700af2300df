"""A closed group around a theme, its public introduction, and the versions of its house rules."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from expoo_portal.richtext import RichTextField
from expoo_portal.visibility import Level, Restricted, Viewer


class Group(Restricted):
    """A closed group. Once announced, its introduction is public; what is inside never is.

    A group that is not announced yet is known to its members and to staff only.
    """

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
    is_announced = models.BooleanField(
        "openbaar voorgesteld",
        default=True,
        db_default=True,
        help_text="De voorstelling van de groep staat op de site. Wat in de groep gebeurt, blijft altijd besloten.",
    )
    takes_requests = models.BooleanField(
        "neemt aanvragen aan", default=True, db_default=True, help_text="Wie wil, kan lidmaatschap aanvragen."
    )
    intro = models.CharField(
        "waarvoor de groep er is",
        max_length=400,
        blank=True,
        default="",
        db_default="",
        help_text="Twee of drie zinnen.",
    )
    offer = RichTextField("wat je eraan hebt", default="", db_default="")
    rhythm = models.CharField(
        "ritme van de bijeenkomsten", max_length=300, blank=True, default="", db_default=""
    )
    may_excerpt = models.BooleanField(
        "stukjes tekst in mails",
        default=False,
        db_default=False,
        help_text="Zonder dit staat in mails alleen wie iets schreef en de titel van het gesprek.",
    )
    created = models.DateTimeField("gemaakt", auto_now_add=True, null=True)
    members: models.ManyToManyField = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Membership", verbose_name="leden", related_name="network_groups"
    )

    class Meta:
        verbose_name = "groep"
        verbose_name_plural = "groepen"
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def visibility(cls, viewer: Viewer) -> Q:
        """That it exists, and how it introduces itself."""
        if viewer.level >= Level.STAFF:
            return Q()
        return Q(is_announced=True) | Q(pk__in=viewer.group_ids)


class GroupContent(Restricted):
    """What is inside a group: only its active members see it, whatever else they are. Staff are not members."""

    seen_with = frozenset({"group"})

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+", verbose_name="groep")

    class Meta:
        abstract = True

    @classmethod
    def visibility(cls, viewer: Viewer) -> Q:
        return Q(group__in=viewer.group_ids)


class HouseRules(Restricted):
    """One version of a group's house rules, kept as it was agreed to; a change makes a new version."""

    audience_path = "group"

    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, related_name="house_rules", verbose_name="groep"
    )
    version = models.PositiveSmallIntegerField("versie", default=1)
    text = RichTextField("huisregels", blank=False)
    since = models.DateTimeField("geldig sinds", auto_now_add=True)

    class Meta:
        verbose_name = "huisregels"
        verbose_name_plural = "huisregels"
        ordering = ["group", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["group", "version"], name="network_houserules_version"),
        ]

    def __str__(self) -> str:
        return f"Huisregels, versie {self.version}"
