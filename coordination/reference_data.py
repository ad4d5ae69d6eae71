"""Writes reference data into the database as the owner. Other floors add their loaders when they start; holds no data itself."""

from collections.abc import Callable
from dataclasses import asdict

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group
from django.contrib.contenttypes.management import create_contenttypes

from coordination import reference
from coordination.deadlines import RULES
from coordination.models import Agency, DeadlineStep, RetentionRule, Unit
from coordination.worlds import World

Loader = Callable[[], None]
LOADERS: list[Loader] = []


def loader(function: Loader) -> Loader:
    """Register a loader that `manage.py load_reference` runs after the ground's own."""
    LOADERS.append(function)
    return function


def load_all() -> None:
    """Load everything; the caller holds the transaction."""
    load_permissions()
    load_places()
    load_deadline_steps()
    load_retention_rules()
    for load in LOADERS:
        load()


def load_permissions() -> None:
    """Make sure the one permission that grants carry exists; migrations for another alias do not create it by themselves."""
    config = apps.get_app_config("coordination")
    create_contenttypes(config, using="owner", verbosity=0)
    create_permissions(config, using="owner", verbosity=0)


def load_places() -> None:
    """Regions and health trusts: facts every installation starts with. Prisons and municipal services are made by the installation."""
    agencies = Agency.objects.using("owner")
    for region in reference.regions():
        agencies.update_or_create(kind=Agency.Kind.REGION, name=region.name, defaults={"world": World.CUSTODY})
    for trust in reference.health_trusts():
        agency, _made = agencies.update_or_create(
            kind=Agency.Kind.HEALTH_TRUST,
            org_number=trust.org_number,
            defaults={"world": World.SPECIALIST_HEALTH, "name": trust.name},
        )
        make_unit(agency, "Inntak", Unit.Kind.DESK)


def make_unit(agency: Agency, name: str, kind: str, **fields: object) -> Unit:
    """Return the unit of an agency by name, made with its group when missing."""
    unit = Unit.objects.using("owner").filter(agency=agency, name=name).first()
    if unit is None:
        # Group names are unique in the whole database and shown to nobody: the unit's own key keeps them apart.
        unit = Unit(agency=agency, name=name, kind=kind, **fields)
        unit.group = Group.objects.using("owner").create(name=f"unit:{unit.pk}")
        unit.save(using="owner")
    return unit


def load_deadline_steps() -> None:
    """Write the steps of every registered rule where the sweep reads them; steps that are gone are removed."""
    steps = DeadlineStep.objects.using("owner")
    kept = []
    for rule in RULES.values():
        for number, step in enumerate(rule.steps):
            row, _made = steps.update_or_create(
                rule=rule.code,
                step=number,
                defaults={
                    "from_start": step.from_start,
                    "offset_seconds": int(step.after.total_seconds()),
                    "audience": [role.value for role in step.audience],
                    "severity": step.severity,
                },
            )
            kept.append(row.pk)
    steps.exclude(pk__in=kept).delete()


def load_retention_rules() -> None:
    """Write how long each controller keeps what, where the database reads it; rules that are gone are removed."""
    rules = RetentionRule.objects.using("owner")
    periods = reference.retention_periods()
    for period in periods:
        rules.update_or_create(code=period.code, defaults={k: v for k, v in asdict(period).items() if k != "code"})
    rules.exclude(code__in=[period.code for period in periods]).delete()
