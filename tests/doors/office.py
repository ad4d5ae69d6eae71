"""What the tests of administration share: a filled form, the one-time password on a page, the audit log. Holds no test."""

import re

from django.urls import reverse

NEW = {
    "has_login": "no",
    "full_name": "Nora Prøve",
    "username": "Nora.Prove",
    "email": "nora@example.test",
    "others": [],
}


def new(cast, **changes):
    return {**NEW, "role": "officer", "home": str(cast.units["north_a"].pk), **changes}


def one_time(page: str) -> str:
    found = re.search(r'class="one-time">([^<]+)<', page)
    return found.group(1) if found else ""


def verb(member, name: str) -> str:
    return reverse("member_verb", args=[member.pk, name])


def audited(admin, agency, actions: list[str]) -> list[tuple]:
    return admin.execute(
        "SELECT action, subject_table FROM audit.entry WHERE agency_id = %s AND action = ANY(%s) ORDER BY seq",
        [agency.pk, actions],
    ).fetchall()
