"""`manage.py create_administrator`: a fresh installation gets its first administrator, who logs in and can begin."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from coordination.models import Agency, Membership
from tests.cast import PASSWORD
from tests.doors.steps import NEW_PASSWORD


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("create_administrator", *arguments, stdout=out)
    return out.getvalue()


def password_in(text: str) -> str:
    return re.search(r"shown only now: (\S+)", text).group(1)


def test_first_administrator_of_a_new_prison(cast) -> None:
    arguments = [
        *("--agency", "Nytt fengsel", "--create", "--kind", "prison", "--region", "Region prøve"),
        *("--health-service", "Fengselshelsetjenesten north", "--specialist-service", "Prøve sykehus HF"),
        *("--username", "Forste.Admin", "--full-name", "Første Admin"),
    ]
    password = password_in(run(*arguments))
    prison = Agency.objects.using("owner").get(name="Nytt fengsel")
    assert (prison.world, prison.region.name, prison.health_service.name) == (
        "custody",
        "Region prøve",
        "Fengselshelsetjenesten north",
    )
    client = Client()
    assert client.post(reverse("login"), {"username": "forste.admin", "password": password}).url == reverse(
        "change_password"
    )
    mine = NEW_PASSWORD
    statement = client.post(reverse("change_password"), {"new": mine, "again": mine}).url
    assert statement == reverse("confidentiality")
    assert client.post(statement, {"version": "1", "accept": "on"}).url == reverse("administration")
    assert "Første Admin" in client.get(reverse("administration")).content.decode()
    assert client.post(reverse("add_unit"), {"kind": "department", "name": "Avdeling A"}).status_code == 303
    with pytest.raises(CommandError, match="already"):
        run(*arguments)


def test_existing_login_keeps_its_password(cast) -> None:
    out = run("--agency", "Prøve sykehus HF", "--username", "doctor")
    assert "keeps its password" in out
    assert PASSWORD not in out
    assert (
        Membership.objects.using("owner").filter(user__username="doctor", role="administrator", reach="admin").count()
        == 1
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--agency", "Finnes ikke", "--username", "x"), "No such agency"),
        (("--agency", "Prøve sykehus HF", "--username", "helt_ny"), "needs --full-name"),
        (
            ("--agency", "Ny", "--create", "--kind", "prison", "--region", "Tull", "--username", "x"),
            "No agency of kind region",
        ),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_made(cast, arguments, words: str) -> None:
    before = Agency.objects.using("owner").count(), Membership.objects.using("owner").count()
    with pytest.raises(CommandError, match=words):
        run(*arguments)
    assert (Agency.objects.using("owner").count(), Membership.objects.using("owner").count()) == before
