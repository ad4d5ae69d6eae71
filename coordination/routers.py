"""Which database login serves which table. Logins' tables go to the login's own role; everything else through the walls."""

from typing import Any

from django.db.models import Model

LOGIN_APPS = {"sessions"}
LOGIN_MODELS = {"user", "loginattempt", "usedcode"}


class LoginRouter:
    """Routes passwords, attempts and sessions to `auth`; only `owner` migrates."""

    def _login(self, model: type[Model]) -> bool:
        meta = model._meta
        return meta.app_label in LOGIN_APPS or (meta.app_label == "coordination" and meta.model_name in LOGIN_MODELS)

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        """Return the alias that reads and writes a model. Never None: Django would then follow a related object to the owner."""
        return "auth" if self._login(model) else "default"

    db_for_write = db_for_read

    def allow_relation(self, obj1: Model, obj2: Model, **hints: Any) -> bool:
        """Return True: the aliases are logins to one and the same database."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Return whether an alias may migrate: the owner's only."""
        return db == "owner"
