"""Who may come in, and for whom."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    PermissionsMixin,
)
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from surveys.models.organisation import Organisation
from surveys.workflow import Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Logs in with an e-mail address, which is kept in lower case."""

    email = models.EmailField("e-mailadres", unique=True)
    name = models.CharField("naam", max_length=120)
    is_active = models.BooleanField("actief", default=True)
    is_staff = models.BooleanField("technisch beheerder", default=False)
    date_joined = models.DateTimeField("toegevoegd op", default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = "gebruiker"
        verbose_name_plural = "gebruikers"
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="user_email_any_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name


class Membership(models.Model):
    """For whom a user acts: a library, a POI, or the KB (without organisation)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name="gebruiker")
    role = models.CharField("rol", max_length=10, choices=[(r.value, r.value) for r in Role])
    organisation = models.ForeignKey(
        Organisation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name="organisatie",
    )
    questionnaires = models.CharField(
        "vragenlijsten",
        max_length=200,
        blank=True,
        help_text="Codes van de vragenlijsten die deze persoon mag invullen, met een spatie ertussen; leeg is alle.",
    )

    class Meta:
        verbose_name = "lidmaatschap"
        verbose_name_plural = "lidmaatschappen"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(role=Role.KB.value, organisation=None)
                | models.Q(
                    role__in=[Role.LIBRARY.value, Role.POI.value],
                    organisation__isnull=False,
                ),
                name="membership_role_has_organisation",
            ),
            models.UniqueConstraint(fields=["user", "role", "organisation"], name="membership_once"),
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=models.Q(organisation=None),
                name="membership_kb_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role} · {self.organisation or 'KB'}"
