"""System checks: every model of ours declares its wall, and the migrations have written the walls that the models declare today."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, Tags, register

from coordination.walls.declaration import wall_of
from coordination.walls.written import unwritten

OUR_APPS = (
    "coordination",
    "consent",
    "intake",
    "isolation",
    "follow_up",
    "referrals",
    "release_planning",
    "recovery_units",
    "cooperation",
)


@register(Tags.models)
def every_model_has_a_wall(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a model of ours that declares no wall."""
    return [
        Error(
            f"{model._meta.label} declares no wall",
            hint="Add a `wall` attribute (coordination.walls.declaration).",
            id="walls.E001",
            obj=model,
        )
        for model in apps.get_models()
        if model._meta.app_label in OUR_APPS and wall_of(model) is None and not model._meta.auto_created
    ]


@register(Tags.database)
def every_wall_is_written(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse a declared wall that no migration has written. Only where databases are checked: making migrations comes before."""
    if not databases:
        return []
    return [
        Error(f"The wall of {table} is not written", hint="Run manage.py makewalls.", id="walls.E002")
        for table in unwritten()
    ]
