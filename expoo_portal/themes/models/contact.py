"""Whom to ask about a theme. The address is apart: the form mails it, no page shows it."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords

from expoo_portal.visibility import StaffOnly

from .item import ThemeItem


class ContactPerson(ThemeItem):
    """A person of the theme, by name and role."""

    name = models.CharField("naam", max_length=120)
    role = models.CharField("rol", max_length=160, blank=True)
    order = models.PositiveSmallIntegerField("volgorde", default=0)
    history = HistoricalRecords(verbose_name="versie", app="themes")

    class Meta(ThemeItem.Meta):
        verbose_name = "contactpersoon"
        verbose_name_plural = "contactpersonen"
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The form of their theme, where visitors can choose them."""
        return reverse("theme_contact", args=[self.theme.slug])


class ContactAddress(StaffOnly):
    """Where messages for a contact person go; without one they go to the address in the settings."""

    person = models.OneToOneField(
        ContactPerson, on_delete=models.CASCADE, related_name="address+", verbose_name="contactpersoon"
    )
    email = models.EmailField("e-mailadres", help_text="Nooit zichtbaar op de site.")

    class Meta:
        verbose_name = "e-mailadres (nooit zichtbaar)"
        verbose_name_plural = "e-mailadressen (nooit zichtbaar)"

    def __str__(self) -> str:
        return self.email
