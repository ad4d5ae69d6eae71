"""Every door, by every kind of person, with every method: who gets in, and that hidden and absent look the same.

The doors come from the URL configuration; one without a row here fails. Every subject exists, so that whatever could leak is there.
"""

import re
import uuid
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.story import Story, tell

PERSONAS = (
    *("officer", "officer_b", "contact_officer", "duty_leader", "release_caseworker", "warden", "prison_admin"),
    *("south_officer", "south_duty_leader", "region", "nurse", "doctor", "health_leader", "health_admin"),
    *("south_nurse", "south_doctor", "trust_intake", "trust_clinician", "trust_leader", "other_trust_intake"),
)
GROUPS = {
    "unit_a": ("officer", "contact_officer"),
    "officers": ("officer", "officer_b", "contact_officer", "south_officer"),
    "leaders": ("duty_leader", "release_caseworker", "warden"),
    "other_leaders": ("south_duty_leader",),
    "clinicians": ("nurse", "doctor"),
    "health": ("nurse", "doctor", "health_leader"),
    "other_health": ("south_nurse", "south_doctor"),
    "trust": ("trust_intake", "trust_clinician", "trust_leader"),
    "other_trust": ("other_trust_intake",),
    "admins": ("prison_admin", "health_admin"),
}
CONTENT = "officers leaders other_leaders region health other_health trust other_trust"

#: Doors that open before anybody acts, with the reason.
OPEN = {
    "login": "before there is an actor",
    "second_factor": "between password and actor",
    "logout": "harmless",
    "set_theme": "a cookie about looks",
    "help": "no data",
    "accessibility": "no data",
    "healthz": "no data",
    "healthz_deadlines": "no data",
    "choose_membership": "a user without an active membership",
    "enrol_factor": "own login only",
    "change_password": "own login only",
}

#: door → (what it is about, who gets in: groups and personas). Everybody else gets 404, the same as for a key that does not exist.
DOORS: dict[str, tuple[str, str]] = {}


def _doors(patterns: list, prefix: str = "") -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _doors(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield pattern


def names() -> set[str]:
    """Return the name of every door."""
    return {p.name for p in _doors(get_resolver().url_patterns) if p.name and not str(p.pattern).startswith("static")}
