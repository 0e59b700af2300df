"""The person who signs in, by e-mail address, and what they were told about not doing so."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    """Makes users from an e-mail address."""

    use_in_migrations = True

    def _create(self, email: str, password: str | None, **fields: Any) -> User:
        if not email:
            raise ValueError("a user needs an e-mail address")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person without rights; without a password they sign in by code."""
        return self._create(email, password, **fields)

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person with all rights."""
        return self._create(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractUser):
    """A person who can sign in. Signs in by e-mail, stored in lower case; there is no user name."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(
        "e-mailadres", unique=True, error_messages={"unique": "Dit e-mailadres is al in gebruik."}
    )
    name = models.CharField("naam", max_length=120, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "gebruiker"
        verbose_name_plural = "gebruikers"
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_ci"),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="accounts_user_email_lower"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.lower()
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class InactivityNotice(models.Model):
    """A mail that said that an account is about to be erased because nobody signs in, so that it goes out once.

    `quiet_since` is the sign-in after which it was quiet: a new one makes the notices of before count for nothing.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", verbose_name="gebruiker")
    quiet_since = models.DateTimeField("laatst aangemeld")
    number = models.PositiveSmallIntegerField("nummer")
    sent_at = models.DateTimeField("verstuurd", default=timezone.now)

    class Meta:
        verbose_name = "verwittiging"
        verbose_name_plural = "verwittigingen"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "quiet_since", "number"], name="accounts_inactivity_notice_once"
            ),
            models.CheckConstraint(
                condition=models.Q(number__in=[1, 2]), name="accounts_inactivity_notice_number"
            ),
        ]

    def __str__(self) -> str:
        return f"Verwittiging {self.number}"
