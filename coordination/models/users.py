"""Logins: names, password hashes, second factors and attempts. Readable by the login's own database role only."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from coordination.ids import uuid7
from coordination.models.agencies import Membership
from coordination.walls.declaration import Kind, Wall


class UserManager(BaseUserManager["User"]):
    """Makes users; there are no superusers, because a flag must open nothing."""


class User(AbstractBaseUser):
    """One human being who logs in. Work and reading rights are on memberships, never here."""

    wall = Wall(kind=Kind.LOGIN)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(max_length=150, unique=True)
    full_name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    totp_secret = models.CharField(max_length=200, blank=True, help_text="encrypted; empty until enrolled")
    must_change_password = models.BooleanField(default=False)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"

    def __str__(self) -> str:
        return self.username


class LoginAttempt(models.Model):
    """A failed login. Counted per name and address, so a stranger cannot lock out a colleague, nor one typist a whole prison."""

    wall = Wall(kind=Kind.LOGIN)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(max_length=150)
    address = models.GenericIPAddressField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["username", "address", "at"], name="login_attempt_recent")]

    def __str__(self) -> str:
        return f"{self.username} {self.at}"


class UsedCode(models.Model):
    """A time-based code already used: each opens one login only."""

    wall = Wall(kind=Kind.LOGIN)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    step = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "step"], name="used_code_once")]

    def __str__(self) -> str:
        return str(self.step)


class ConfidentialityAcceptance(models.Model):
    """That a membership has read and accepted a statement of confidentiality, in one version. Only added (obligation R6.2-c)."""

    wall = Wall(kind=Kind.LOGIN)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField()
    accepted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["membership", "code", "version"], name="confidentiality_once")
        ]

    def __str__(self) -> str:
        return f"{self.code}@{self.version}"
